"""How much an inspector sees beside others at schools of the same kind. Pure; it compares, a person judges."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

FEWEST_VISITS, FEWEST_OTHERS = 5, 100
FACTOR, DEVIATIONS = 2, 3


@dataclass(frozen=True)
class Seen:
    """Items that were looked at, and how many of them were not in order."""

    items: int = 0
    failed: int = 0

    def __add__(self, other: "Seen") -> "Seen":
        return Seen(self.items + other.items, self.failed + other.failed)

    def __sub__(self, other: "Seen") -> "Seen":
        return Seen(self.items - other.items, self.failed - other.failed)


@dataclass(frozen=True)
class Compared:
    """What an inspector saw, and what was to be expected from what the others saw at schools of the same kinds."""

    items: int
    failed: int
    expected: float
    spread: float

    @property
    def stands_out(self) -> bool:
        """Half as much or twice as much as expected, and more than chance explains."""
        far = self.failed * FACTOR <= self.expected or self.failed >= self.expected * FACTOR
        return far and abs(self.failed - self.expected) > DEVIATIONS * self.spread


def compared(own: Mapping[str, Seen], everybody: Mapping[str, Seen]) -> Compared | None:
    """An inspector beside the others, kind of school by kind of school; kinds at which others saw little are left out.

    ``everybody`` holds what the inspector saw as well. None: nothing to compare with.
    """
    items = failed = 0
    expected = variance = 0.0
    for kind, mine in own.items():
        others = everybody[kind] - mine
        if others.items >= FEWEST_OTHERS:
            rate = others.failed / others.items
            items, failed = items + mine.items, failed + mine.failed
            expected += mine.items * rate
            variance += mine.items * rate * (1 - rate) * (1 + mine.items / others.items)
    return Compared(items, failed, expected, sqrt(variance)) if items else None
