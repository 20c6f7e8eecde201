"""Chance that falls the same way each time, and ids made from it."""

import random
from datetime import datetime
from uuid import UUID

ROOM = 1_000_000
"""So many ids of each table belong to one school, so that any school can be written by itself."""


class Dice(random.Random):
    """A stream of its own for each name: what one school does changes nothing at another."""

    def __init__(self, *names: object) -> None:
        super().__init__("/".join(map(str, names)))

    def uuid7(self, at: datetime) -> UUID:
        """A UUIDv7 (RFC 9562) of that moment."""
        chance = self.getrandbits(74)
        milliseconds = int(at.timestamp() * 1000)
        return UUID(int=milliseconds << 80 | 7 << 76 | (chance >> 62) << 64 | 2 << 62 | chance & (1 << 62) - 1)

    def label(self) -> str:
        """A label's code as ``lib.codes.label_code`` gives it."""
        value = self.getrandbits(80)
        return "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[value >> shift & 31] for shift in range(75, -1, -5))


class Ids:
    """The next id of each table for one owner: 0 are the offices, from 1 on the schools."""

    def __init__(self, owner: int) -> None:
        self._base = owner * ROOM
        self._last: dict[type, int] = {}

    def next(self, model: type) -> int:
        """One more."""
        found = self._last[model] = self._last.get(model, 0) + 1
        return self._base + found
