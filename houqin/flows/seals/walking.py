"""Going along a chain link by link: bytes in, faults out, no database. The stand-alone verifier repeats exactly this."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from houqin.flows.seals.rules import FIRST, VERSION

Row = tuple[int, bytes, bytes, bytes, bytes]
"""Number, item, header, digest, seal, as stored."""

HEADER, DIGEST, SEAL = 65, 32, 32
MOST = 1000


class Fault(NamedTuple):
    """One thing that is not as it was sealed: what kind, where in the chain (``last`` ends a range), which item."""

    kind: str
    number: int = 0
    last: int = 0
    item: str = ""
    detail: str = ""


class Walk:
    """One chain, fed with its rows in the order of their numbers; ``finish`` names what is wrong with it.

    ``marks`` are the numbers whose seals the caller wants to know (checkpoints); they come back in ``seen``. With ``after``
    and ``seal`` it goes on from a link that is known to be right.
    """

    def __init__(self, chain: UUID, marks: Iterable[int] = (), *, after: int = 0, seal: bytes = FIRST) -> None:
        self.lead = bytes([VERSION]) + chain.bytes
        self.count, self.number, self.seal, self.time = 0, after, seal, bytes(8)
        self.first_time = bytes(8)
        self.marks, self.seen = frozenset(marks), dict[int, bytes]()
        self.faults: list[Fault] = []
        self._known = True  # whether the seal before is one to reckon from
        self._broken: tuple[int, str, bytes] | None = None  # the row before: number, item, the seal it should have
        self._moved: list[tuple[int, int]] = []  # where a row stands, where it belongs

    def feed(self, rows: Iterable[Row]) -> None:
        """Go on along these rows. What is in order takes only the one comparison, on local names for speed."""
        lead, marks, hashed = self.lead, self.marks, sha256
        count, before, seal_before, time_before = self.count, self.number, self.seal, self.time
        plain = self._broken is None and self._known
        for row in rows:
            number, item, header, digest, seal = row
            count += 1
            time = header[49:57]
            if (
                plain
                and number == before + 1
                and hashed(seal_before + header + digest).digest() == seal
                and header[:41] == lead + number.to_bytes(8, "big") + item
                and time >= time_before
                and len(header) == HEADER
                and len(digest) == DIGEST
            ):
                before, seal_before, time_before = number, seal, time
            else:
                self.number, self.seal, self.time = before, seal_before, time_before
                self._examine(row)
                before, seal_before, time_before = self.number, self.seal, self.time
                plain = self._broken is None and self._known
            if number in marks:
                self.seen[number] = seal
            if count == 1:
                self.first_time = time
        self.count, self.number, self.seal, self.time = count, before, seal_before, time_before

    def finish(self, length: int | None = None, head: bytes = b"") -> list[Fault]:
        """What is wrong, in the order of the numbers; ``length`` and ``head`` are what the chain says of its own end."""
        if self._broken:
            number, item, _seal = self._broken
            sure = bool(head) and length == number and head != self.seal
            self._found("seal" if sure else "altered", number, item=item)
            self._broken = None
        self._tell_moved()
        if length is not None:
            self._end(length, head)
        return sorted(self.faults, key=lambda fault: (fault.number, fault.kind))

    def _examine(self, row: Row) -> None:
        """A row with something wrong about it or about the one before it."""
        number, item, header, digest, seal = row
        name = UUID(bytes=item).hex if len(item) == 16 else item.hex()
        if number == self.number:
            self._found("fork", number, item=name)
            return
        if number > self.number + 1:
            self._settle(None)
            self._found("missing", self.number + 1, number - 1)
            self._known = False
        stands = self._place(number, name, header, item, digest)
        expected = sha256(self.seal + header + digest).digest()
        if self._known and stands:
            self._link(number, name, expected, row)
        else:
            self._settle(None)
        self._known = stands
        self.number, self.seal = number, seal

    def _place(self, number: int, name: str, header: bytes, item: bytes, digest: bytes) -> bool:
        """Whether the row is one of this chain and stands where it belongs."""
        if len(header) != HEADER or header[:1] != self.lead[:1] or len(digest) != DIGEST:
            self._found("malformed", number, item=name)
            return False
        if header[:17] != self.lead:
            self._found("other_chain", number, item=name)
            return False
        belongs = int.from_bytes(header[17:25], "big")
        if belongs != number:
            self._moved.append((number, belongs))
            return False
        if header[25:41] != item:
            self._found("item", number, item=name)
        if header[49:57] < self.time:
            self._found("time", number, item=name)
        self.time = header[49:57]
        return True

    def _link(self, number: int, name: str, expected: bytes, row: Row) -> None:
        """Which of two neighbours was changed: a seal is reckoned from the one before it, changed or not."""
        _number, _item, header, digest, seal = row
        if self._broken:
            would = sha256(self._broken[2] + header + digest).digest()
            if would == seal:
                self._found("seal", self._broken[0], item=self._broken[1])
                self._broken = None
                return
        self._settle(number)
        if expected != seal:
            self._broken = (number, name, expected)

    def _settle(self, _next: int | None) -> None:
        if self._broken:
            self._found("altered", self._broken[0], item=self._broken[1])
            self._broken = None

    def _tell_moved(self) -> None:
        """Rows in other places than their own: two that changed places, or all from one on moved along."""
        places: Mapping[int, int] = dict(self._moved)
        done: set[int] = set()
        for stands, belongs in self._moved:
            if stands in done:
                continue
            if places.get(belongs) == stands:
                self._found("swapped", stands, belongs)
                done |= {stands, belongs}
                continue
            last, offset = stands, belongs - stands
            while places.get(last + 1, 0) - (last + 1) == offset and last + 1 not in done:
                last += 1
            done |= set(range(stands, last + 1))
            self._found("removed" if offset > 0 else "inserted", stands, last, detail=str(abs(offset)))

    def _end(self, length: int, head: bytes) -> None:
        if self.number < length:
            self._found("cut", self.number + 1, length)
        elif self.number > length:
            self._found("beyond", length + 1, self.number)
        elif head != self.seal and not any(fault.number == self.number for fault in self.faults):
            self._found("end", self.number)

    def _found(self, kind: str, number: int, last: int = 0, *, item: str = "", detail: str = "") -> None:
        if len(self.faults) < MOST:
            self.faults.append(Fault(kind, number, last, item, detail))
