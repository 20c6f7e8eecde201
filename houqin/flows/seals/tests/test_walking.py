"""The program and the stand-alone verifier reckon the same bytes and name the same faults, whatever was done to a chain."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from houqin.flows.seals import rules
from houqin.flows.seals.rules import FIRST, Header, Mark, canonical, commitment, digest_of, seal_of
from houqin.flows.seals.standalone import verify
from houqin.flows.seals.walking import Walk

CHAIN = UUID("0190b7a0-0000-7000-8000-00000000c4a1")
START = datetime(2024, 3, 4, tzinfo=UTC)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def chain(length: int) -> list[tuple[int, bytes, bytes, bytes, bytes]]:
    rows, before = [], FIRST
    for number in range(1, length + 1):
        item = UUID(int=number)
        header = Header(CHAIN, number, item, "ledger", START + timedelta(minutes=number), START).pack()
        digest = digest_of(f"content {number}")
        before = seal_of(before, header, digest)
        rows.append((number, item.bytes, header, digest, before))
    return rows


def walked(rows, length: int, head: bytes):
    ours, theirs = Walk(CHAIN, range(1, 99)), verify.Walk(CHAIN.bytes)
    ours.feed(rows)
    theirs.feed(rows)
    return ours.finish(length, head), theirs.finish(length, head), ours, theirs


def test_an_untouched_chain_is_whole_in_both():
    rows = chain(9)
    ours, theirs, mine, other = walked(rows, 9, rows[-1][4])
    assert (ours, theirs, mine.count, other.count) == ([], [], 9, 9)
    assert mine.seen == other.seen
    assert (mine.first_time, mine.time) == (rows[0][2][49:57], rows[-1][2][49:57])


@st.composite
def tampered(draw):
    rows = chain(draw(st.integers(2, 8)))
    head, length = rows[-1][4], len(rows)
    for _time in range(draw(st.integers(1, 3))):
        where = draw(st.integers(0, len(rows) - 1))
        deed = draw(st.sampled_from(["flip", "drop", "swap", "copy", "short", "cut"]))
        number, item, header, digest, seal = rows[where]
        if deed == "flip":
            part, at = draw(st.integers(1, 4)), draw(st.integers(0, 15))
            changed = list(rows[where])
            raw = bytearray(changed[part])
            raw[-1 - at % len(raw)] ^= 1
            changed[part] = bytes(raw)
            rows[where] = tuple(changed)
        elif deed == "drop" and len(rows) > 1:
            del rows[where]
        elif deed == "swap":
            other = draw(st.integers(0, len(rows) - 1))
            a, b = rows[where], rows[other]
            rows[where], rows[other] = (a[0], *b[1:]), (b[0], *a[1:])
        elif deed == "copy":
            rows.insert(where, rows[where])
        elif deed == "short":
            rows[where] = (number, item, header[:-1], digest, seal)
        elif deed == "cut" and len(rows) > 1:
            rows.pop()
    return rows, length, head


@settings(max_examples=400, deadline=None)
@given(tampered())
def test_both_name_the_same_faults(case):
    rows, length, head = case
    ours, theirs, *_walks = walked(rows, length, head)
    assert [tuple(fault) for fault in ours] == [tuple(fault) for fault in theirs]
    if rows != chain(length):
        assert ours


@given(st.text(), values)
def test_both_reckon_the_same_commitment_and_digest(salt, value):
    assert commitment(salt, value) == verify.commitment(salt, value)
    text = canonical({"value": value})
    assert digest_of(text) == verify.sha(text.encode())
    assert seal_of(FIRST, text.encode(), digest_of(text)) == verify.sha(FIRST, text.encode(), digest_of(text))


@given(
    st.uuids(),
    st.integers(1, 2**40),
    st.binary(min_size=32, max_size=32),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),
)
def test_both_read_the_same_checkpoint(name, number, seal, at):
    mark = Mark(name, number, seal, at.replace(tzinfo=UTC), "0123456789abcdef")
    raw = mark.pack()
    assert Mark.unpack(raw) == mark
    magic, chain_id, read_number, read_seal, _at, key = verify.MARK.unpack(raw)
    assert (magic, chain_id, read_number, read_seal, key.hex()) == (verify.MAGIC, name.bytes, number, seal, mark.key_id)
    assert rules.key_id_of(seal) == verify.sha(seal).hex()[:16]
