"""Whoever changes sealed records behind the program's back is found out, and the check says where and how."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.base import ContentFile

from houqin.core.files.keeping import name_of, storage
from houqin.core.files.models import Blob
from houqin.core.orgs.models import OrgUnit
from houqin.flows.ledgers.models import EntryPhoto, LedgerEntry
from houqin.flows.ledgers.tests.sealed import entries, found, keep_ledgers, kinds, loosen, sql
from houqin.flows.seals import keys
from houqin.flows.seals.actions import make_checkpoints
from houqin.flows.seals.checking import Held
from houqin.flows.seals.erasing import seal_erasure
from houqin.flows.seals.models import Chain, Checkpoint, Seal
from houqin.flows.seals.rules import FIRST, Header, digest_of, seal_of
from houqin.flows.seals.words import fault_words, sentence
from tests.world import NOON, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR = tmp_path


@pytest.fixture
def school(world: World) -> OrgUnit:
    return keep_ledgers(world)


def seal(org: OrgUnit, number: int) -> Seal:
    return Seal.objects.get(org=org, number=number)


def flip(data: bytes, at: int = -1) -> bytes:
    changed = bytearray(bytes(data))
    changed[at] ^= 1
    return bytes(changed)


def set_seal(org: OrgUnit, number: int, column: str, value) -> None:
    assert sql(f"UPDATE seals_seal SET {column} = %s WHERE org_id = %s AND number = %s", value, org.pk, number) == 1


def set_entry(entry: LedgerEntry, column: str, value) -> None:
    assert sql(f"UPDATE ledgers_ledgerentry SET {column} = %s WHERE public_id = %s", value, entry.public_id) == 1


def test_an_untouched_chain_is_clean_and_said_to_be_so(school):
    result = found(school)
    assert (result.faults, result.count, result.contents, result.unread) == ([], 8, 8, 0)
    assert "No change was found" in sentence(school, vars(result)) or "未发现" in sentence(school, vars(result))


@pytest.mark.parametrize("column", ["header", "digest"])
def test_a_byte_changed_in_a_header_or_digest_is_named(school, column):
    set_seal(school, 3, column, flip(getattr(seal(school, 3), column)))
    assert kinds(school, headers_only=True) == [("altered", 3, 0)]


@pytest.mark.parametrize("number", [3, 8])
def test_a_byte_changed_in_a_seal_is_named(school, number):
    set_seal(school, number, "seal", flip(seal(school, number).seal))
    assert kinds(school) == [("seal", number, 0)]


def test_a_byte_changed_in_the_content_is_named(school):
    entry = entries(school)[2]
    set_entry(entry, "body", entry.body.replace('"temperature":32', '"temperature":33'))
    fault = found(school).faults
    assert [(one.kind, one.number, one.item) for one in fault] == [("content", 3, entry.public_id.hex)]
    assert "3" in fault_words(fault[0])


def test_a_deleted_seal_is_named(school):
    sql("DELETE FROM seals_seal WHERE org_id = %s AND number = 4", school.pk)
    assert kinds(school) == [("unsealed", 0, 0), ("missing", 4, 4)]


def test_a_deleted_seal_with_the_rest_renumbered_is_named(school):
    loosen()
    sql("DELETE FROM seals_seal WHERE org_id = %s AND number = 4", school.pk)
    sql("UPDATE seals_seal SET number = number - 1 WHERE org_id = %s AND number > 4", school.pk)
    sql("UPDATE seals_chain SET length = 7 WHERE org_id = %s", school.pk)
    assert ("removed", 4, 7) in kinds(school, headers_only=True)


def test_a_deleted_content_is_named(school):
    sql("DELETE FROM ledgers_ledgerentry WHERE public_id = %s", entries(school)[5].public_id)
    assert kinds(school) == [("content_gone", 6, 0)]


def test_two_swapped_seals_are_named(school):
    for old, new in ((3, 99), (6, 3), (99, 6)):
        sql("UPDATE seals_seal SET number = %s WHERE org_id = %s AND number = %s", new, school.pk, old)
    assert kinds(school) == [("swapped", 3, 6)]


def test_two_swapped_contents_are_named(school):
    first, second = entries(school)[1], entries(school)[2]
    set_entry(first, "body", second.body)
    set_entry(second, "body", first.body)
    assert kinds(school) == [("content_swapped", 2, 3)]


@pytest.mark.parametrize(
    ("column", "back"), [("day", timedelta(days=1)), ("at", timedelta(hours=3)), ("recorded_at", -timedelta(days=1))]
)
def test_a_back_dated_column_is_named(school, column, back):
    entry = entries(school)[1]
    LedgerEntry.objects.filter(public_id=entry.public_id).update(**{column: getattr(entry, column) - back})
    faults = found(school).faults
    assert {(one.kind, one.number) for one in faults} == {("column", 2)}
    assert column in {one.detail for one in faults}


def test_a_header_dated_back_is_named_also_when_its_seal_is_reckoned_anew(school):
    row = seal(school, 8)
    old = Header.unpack(bytes(row.header))
    header = Header(old.chain, 8, old.item, old.kind, NOON - timedelta(days=2), old.captured_at).pack()
    new = seal_of(bytes(seal(school, 7).seal), header, bytes(row.digest))
    set_seal(school, 8, "header", header)
    assert ("altered", 8, 0) in kinds(school, headers_only=True)
    set_seal(school, 8, "seal", new)
    sql("UPDATE seals_chain SET head = %s WHERE org_id = %s", new, school.pk)
    assert kinds(school, headers_only=True) == [("time", 8, 0)]


@pytest.mark.parametrize("column", ["ledger", "slot", "late_because"])
def test_a_changed_column_is_named(school, column):
    set_entry(entries(school)[1], column, "x")
    assert [(one.kind, one.detail) for one in found(school).faults] == [("column", column)]


def test_an_entry_moved_to_another_school_is_named(school, world):
    set_entry(entries(school)[1], "org_id", world.school_b.pk)
    assert ("column", 2, 0) in kinds(school)


def test_a_cut_tail_is_found_against_the_checkpoint(school, world):
    make_checkpoints(by=world.system)
    for table in ("seals_seal", "ledgers_ledgerentry"):
        picked = tuple(one.public_id for one in entries(school)[6:])
        column = "item_id" if table == "seals_seal" else "public_id"
        for item in picked:
            sql(f"DELETE FROM {table} WHERE {column} = %s", item)
    assert kinds(school)[0] == ("cut", 7, 8)
    sql("UPDATE seals_chain SET length = 6, head = %s WHERE org_id = %s", bytes(seal(school, 6).seal), school.pk)
    assert kinds(school) == [("cut_held", 7, 8)]
    sql("DELETE FROM seals_checkpoint")
    assert kinds(school) == []


def test_a_checkpoint_kept_elsewhere_finds_what_the_database_no_longer_can(school, world):
    make_checkpoints(by=world.system)
    row = Checkpoint.objects.get(org=school)
    kept = Held(bytes(row.payload), bytes(row.signature))
    sql("DELETE FROM seals_checkpoint")
    sql("DELETE FROM seals_seal WHERE org_id = %s AND number = 8", school.pk)
    sql("DELETE FROM ledgers_ledgerentry WHERE public_id = %s", entries(school)[7].public_id)
    sql("UPDATE seals_chain SET length = 7, head = %s WHERE org_id = %s", bytes(seal(school, 7).seal), school.pk)
    assert kinds(school) == []
    assert kinds(school, kept=[kept]) == [("cut_held", 8, 8)]


def test_a_fork_is_named(school):
    loosen()
    row = seal(school, 5)
    other = Header.unpack(bytes(row.header))
    item = seal(school, 6).item_id
    header = Header(other.chain, 5, item, other.kind, other.sealed_at, other.captured_at).pack()
    sealed = seal_of(bytes(seal(school, 4).seal), header, bytes(row.digest))
    sql(
        "INSERT INTO seals_seal (id, org_id, number, item_id, header, digest, seal) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        10**9, school.pk, 5, item, header, bytes(row.digest), sealed,
    )  # fmt: skip
    assert ("fork", 5, 0) in kinds(school, headers_only=True)


def test_an_inserted_seal_with_the_rest_renumbered_is_named(school):
    loosen()
    row = seal(school, 4)
    sql("UPDATE seals_seal SET number = number + 1 WHERE org_id = %s AND number > 4", school.pk)
    sql(
        "INSERT INTO seals_seal (id, org_id, number, item_id, header, digest, seal) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        10**9, school.pk, 5, row.item_id, bytes(row.header), bytes(row.digest), bytes(row.seal),
    )  # fmt: skip
    assert ("inserted", 5, 9) in kinds(school, headers_only=True)


def test_an_inserted_content_is_named(school):
    entry = entries(school)[0]
    columns = [f.column for f in LedgerEntry._meta.concrete_fields if f.column not in {"id", "public_id", "content_id"}]
    fresh, keyed = UUID("0190b7a0-0000-7000-8000-000000000001"), ", ".join(columns)
    assert sql(
        f"INSERT INTO ledgers_ledgerentry (id, public_id, content_id, {keyed}) "
        f"SELECT 1000000, %s, %s, {keyed} FROM ledgers_ledgerentry WHERE public_id = %s",
        fresh, fresh, entry.public_id,
    ) == 1  # fmt: skip
    assert [(one.kind, one.item) for one in found(school).faults] == [("unsealed", fresh.hex)]


def test_a_chain_rewritten_whole_is_found_against_the_checkpoint(school, world):
    make_checkpoints(by=world.system)
    before = FIRST
    for number, entry in enumerate(entries(school), start=1):
        row = seal(school, number)
        body = entry.body.replace('"temperature":31', '"temperature":21')
        set_entry(entry, "body", body)
        before = seal_of(before, bytes(row.header), digest_of(body))
        set_seal(school, number, "digest", digest_of(body))
        set_seal(school, number, "seal", before)
    sql("UPDATE seals_chain SET head = %s WHERE org_id = %s", before, school.pk)
    assert kinds(school) == [("rewritten", 1, 8)]


def test_a_forged_checkpoint_is_named(school, world):
    make_checkpoints(by=world.system)
    sql("UPDATE seals_checkpoint SET signature = %s", flip(Checkpoint.objects.get(org=school).signature))
    assert kinds(school) == [("signature", 8, 0)]


def test_a_key_slipped_into_the_database_signs_nothing(school, world):
    make_checkpoints(by=world.system)
    for path in keys.folder().glob("*.pub"):
        path.write_text("00" * 32)
    assert kinds(school) == [("key", 8, 0)]


def test_a_changed_personal_value_is_named_and_an_erased_one_leaves_the_chain_whole(school, world):
    entry = entries(school)[5]
    set_entry(entry, "personal", entry.personal.replace("张三", "张四"))
    assert [(one.kind, one.detail) for one in found(school).faults] == [("personal", "lines/0/name")]
    set_entry(entry, "personal", "")
    assert {one.kind for one in found(school).faults} == {"personal_gone"}
    seal_erasure(school, by=world.viewer("gao"), part="personal", items=[entry.public_id], why="本人要求")
    result = found(school)
    assert (result.faults, result.count) == ([], 9)


def test_content_erased_by_its_time_is_told_apart_from_content_deleted(school, world):
    entry = entries(school)[5]
    LedgerEntry.objects.filter(public_id=entry.public_id).delete()
    assert kinds(school) == [("content_gone", 6, 0)]
    made = seal_erasure(school, by=world.viewer("gao"), part="content", items=[entry.public_id], why="保存期满")
    result = found(school)
    assert (result.faults, result.erased) == ([], 1)
    sql("UPDATE seals_erasure SET why = %s WHERE public_id = %s", "别的", made.public_id)
    assert [(one.kind, one.detail) for one in found(school).faults] == [("column", "why")]
    sql("UPDATE seals_erasure SET body = %s WHERE public_id = %s", "{}", made.public_id)
    assert {"content", "content_gone"} <= {one.kind for one in found(school).faults}


def test_a_photo_exchanged_or_gone_is_named(school):
    blob = EntryPhoto.objects.get().file.blob
    name = name_of(blob.digest)
    content = storage().open(name).read()
    storage().delete(name)
    assert kinds(school) == [("photo_gone", 1, 0)]
    storage().save(name, ContentFile(flip(content)))
    assert kinds(school) == [("photo", 1, 0)]
    storage().delete(name)  # the storage outlives this test
    storage().save(name, ContentFile(content))
    sql("DELETE FROM ledgers_entryphoto")
    assert kinds(school) == [("photo_gone", 1, 0)]
    assert Blob.objects.filter(pk=blob.pk).exists()


def test_the_daily_signature_is_refused_to_a_chain_that_was_changed(school, world):
    assert make_checkpoints(by=world.system) == {"signed": 1, "faulty": 0}
    assert make_checkpoints(by=world.system) == {"signed": 0, "faulty": 0}
    assert Checkpoint.objects.get(org=school).held_by == world.town
    seal_erasure(school, by=world.viewer("gao"), part="personal", items=[], why="空")
    seal_erasure(school, by=world.viewer("gao"), part="personal", items=[], why="空")
    set_seal(school, 9, "digest", flip(seal(school, 9).digest))
    assert make_checkpoints(by=world.system) == {"signed": 0, "faulty": 1}
    assert Chain.objects.get(org=school).held_number == 8
