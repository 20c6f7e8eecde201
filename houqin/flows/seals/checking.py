"""Checking a chain: its links, its checkpoints, and whether what lies in the database is what was sealed."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from houqin.flows.seals import contents, keys, stored
from houqin.flows.seals.models import Chain, Checkpoint, Erasure, Seal, SigningKey
from houqin.flows.seals.rules import Header, Mark, digest_of
from houqin.flows.seals.walking import MOST, Fault, Walk

BATCH = 1000
ERASABLE = frozenset({"personal_gone", "photo_gone"})
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
Report = Callable[[int, int], None]


@dataclass
class Result:
    """What a check found. ``faults`` is empty when nothing was changed, removed, added or back-dated."""

    chain: UUID
    count: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    held_number: int = 0
    held_at: datetime | None = None
    contents: int = 0
    erased: int = 0
    unread: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


@dataclass(frozen=True)
class Held:
    """A checkpoint as it is kept, here or at a higher office: what was signed, and the signature."""

    payload: bytes
    signature: bytes


def check(
    chain: Chain, *, headers_only: bool = False, kept: Iterable[Held] = (), report: Report | None = None
) -> Result:
    """Check one chain from its first link to its last; ``kept`` are checkpoints that were kept elsewhere."""
    result = Result(chain.public_id)
    here = [Held(bytes(row.payload), bytes(row.signature)) for row in Checkpoint.objects.filter(org_id=chain.org_id)]
    marks, unsigned = _marks(chain, [*here, *kept])
    walk = Walk(chain.public_id, (mark.number for mark in marks))
    walk.feed(stored.links(chain.org_id))
    result.count = walk.count
    result.first_at, result.last_at = _moment(walk.first_time), _moment(walk.time)
    result.faults = [*walk.finish(chain.length, bytes(chain.head)), *unsigned, *_against(marks, walk)]
    if marks:
        newest = max(marks, key=lambda mark: (mark.number, mark.at))
        result.held_number, result.held_at = newest.number, newest.at
    if not headers_only:
        Contents(chain, result, report).check()
    result.faults = sorted(result.faults, key=lambda fault: (fault.number, fault.kind))[:MOST]
    return result


def _moment(raw: bytes) -> datetime | None:
    micros = int.from_bytes(raw, "big")
    return EPOCH + timedelta(microseconds=micros) if 0 < micros < 2**57 else None


def _marks(chain: Chain, held: Iterable[Held]) -> tuple[list[Mark], list[Fault]]:
    """The checkpoints of this chain whose signature is good, and a fault for each other one."""
    known = {row.key_id: bytes(row.public) for row in SigningKey.objects.all()}
    own = keys.trusted()
    marks, faults = [], []
    for one in held:
        try:
            mark = Mark.unpack(one.payload)
        except ValueError:
            faults.append(Fault("checkpoint"))
            continue
        public = known.get(mark.key_id)
        if public is None or (own and public not in own):
            faults.append(Fault("key", mark.number, detail=mark.key_id))
        elif mark.chain != chain.public_id or not keys.fits(public, one.signature, one.payload):
            faults.append(Fault("signature", mark.number, detail=f"{mark.at:%Y-%m-%d}"))
        else:
            marks.append(mark)
    return marks, faults


def _against(marks: Iterable[Mark], walk: Walk) -> Iterator[Fault]:
    """Where the chain is no longer what was signed: the earliest checkpoint tells from where on."""
    cut = max((mark for mark in marks if mark.number > walk.number), key=lambda mark: mark.number, default=None)
    if cut:
        yield Fault("cut_held", walk.number + 1, cut.number, detail=f"{cut.at:%Y-%m-%d}")
    other = [mark for mark in marks if mark.number <= walk.number and walk.seen.get(mark.number) != mark.seal]
    if other:
        first = min(other, key=lambda mark: mark.number)
        good = [mark.number for mark in marks if mark.number < first.number]
        yield Fault("rewritten", max(good, default=0) + 1, first.number, detail=f"{first.at:%Y-%m-%d}")


class Contents:
    """The second pass: what is stored of every sealed item, digested again."""

    def __init__(self, chain: Chain, result: Result, report: Report | None) -> None:
        self.chain, self.org, self.result, self.report = chain, chain.org, result, report
        self.gone: dict[str, set[UUID]] = {"personal": set(), "content": set()}
        self.odd: list[tuple[int, UUID, bytes, bytes]] = []  # number, item, digest sealed, digest found

    def check(self) -> None:
        """Compare batch by batch, then look for what nobody sealed."""
        self._learn_erasures()
        rows = Seal.objects.filter(org=self.org).order_by("number").values_list("number", "item_id", "header", "digest")
        found = rows.iterator(chunk_size=BATCH)
        while batch := list(islice(found, BATCH)):
            self._compare(batch)
            if self.report:
                self.report(batch[-1][0], self.chain.length)
        self._tell_odd()
        for kind in contents.KINDS.values():
            for item in islice(kind.unsealed(self.org), MOST):
                self._found("unsealed", 0, item, kind.code)

    def _learn_erasures(self) -> None:
        """What was erased with a sealed record, as far as that record is itself what was sealed."""
        sealed = dict(
            Seal.objects.filter(item_id__in=Erasure.objects.filter(org=self.org).values("public_id")).values_list(
                "item_id", "digest"
            )
        )
        for row in Erasure.objects.filter(org=self.org):
            if bytes(sealed.get(row.public_id, b"")) != digest_of(row.body):
                continue
            body = json.loads(row.body)
            self.gone.setdefault(body["part"], set()).update(UUID(item) for item in body["items"])

    def _compare(self, batch: list[tuple[int, UUID, bytes, bytes]]) -> None:
        by_kind: dict[str, dict[UUID, tuple[int, Header, bytes]]] = {}
        for number, item, raw, digest in batch:
            try:
                header = Header.unpack(bytes(raw))
            except (ValueError, OverflowError):
                continue  # the walk along the headers has named it
            by_kind.setdefault(header.kind, {})[item] = (number, header, bytes(digest))
        for code, wanted in by_kind.items():
            kind = contents.KINDS.get(code)
            if kind is None:
                self.result.unread += len(wanted)
                continue
            self._compare_kind(kind, wanted)

    def _compare_kind(self, kind: contents.Kind, wanted: dict[UUID, tuple[int, Header, bytes]]) -> None:
        for content in kind.read(self.org, [header for _number, header, _digest in wanted.values()]):
            known = wanted.pop(content.item, None)
            if known is None:
                self._found("unsealed", 0, content.item, kind.code)
                continue
            number, _header, digest = known
            self.result.contents += 1
            now = digest_of(content.text)
            if now != digest:
                self.odd.append((number, content.item, digest, now))
                continue  # what follows from another text would only be noise
            for problem in content.problems:
                if problem.kind not in ERASABLE or content.item not in self.gone["personal"]:
                    self._found(problem.kind, number, content.item, problem.what)
        for item, (number, _header, _digest) in wanted.items():
            if item in self.gone["content"]:
                self.result.erased += 1
            else:
                self._found("content_gone", number, item)

    def _tell_odd(self) -> None:
        """Contents that are not what was sealed: two that changed places are told as that."""
        owner = {digest: number for number, _item, digest, _now in self.odd}
        holds = {number: owner.get(now, 0) for number, _item, _digest, now in self.odd}
        for number, item, _digest, _now in sorted(self.odd):
            other = holds[number]
            if not other or holds.get(other) != number:
                self._found("content", number, item)
            elif number < other:
                self.result.faults.append(Fault("content_swapped", number, other, item.hex))

    def _found(self, kind: str, number: int, item: UUID, detail: str = "") -> None:
        if len(self.result.faults) < MOST:
            self.result.faults.append(Fault(kind, number, 0, item.hex, detail))


def told(result: Result) -> dict[str, Any]:
    """The result as plain values, for programs and for keeping."""
    return {
        "count": result.count, "contents": result.contents, "erased": result.erased, "unread": result.unread,
        "first_at": result.first_at, "last_at": result.last_at, "held_number": result.held_number,
        "held_at": result.held_at, "faults": [fault._asdict() for fault in result.faults],
    }  # fmt: skip
