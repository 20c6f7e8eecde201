"""Which units' rounds hold where: a unit below may ask for more often, never for less. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from houqin.core.scope.viewer import covers
from houqin.modules.inspections.catalogue import ROUND_RHYTHMS

ORDER = {every.value: place for place, every in enumerate(ROUND_RHYTHMS)}


@dataclass(frozen=True)
class Wish:
    """What one unit asks of places of one use: ``every`` is the rhythm's code."""

    key: int
    path: str
    use: str
    every: str


@dataclass(frozen=True)
class Holds:
    """A wish, and the units at or below which another one holds instead."""

    wish: Wish
    except_paths: tuple[str, ...]


def is_oftener(one: str, other: str) -> bool:
    """Whether the one rhythm asks more often than the other."""
    return ORDER[one] < ORDER[other]


def above(path: str, use: str, wishes: Iterable[Wish]) -> list[Wish]:
    """What units above ask of such places, the topmost first."""
    found = [one for one in wishes if one.use == use and one.path != path and covers(one.path, path)]
    return sorted(found, key=lambda one: one.path)


def holding(wishes: Sequence[Wish]) -> list[Holds]:
    """What holds: of a chain of units the one that asks most often, at each place exactly one.

    A wish that asks no oftener than one above it holds nowhere.
    """
    kept = [
        one for one in wishes if all(is_oftener(one.every, upper.every) for upper in above(one.path, one.use, wishes))
    ]
    return [
        Holds(one, tuple(sorted({below.path for below in kept if below.use == one.use and one in above(below.path, one.use, kept)})))
        for one in kept
    ]  # fmt: skip
