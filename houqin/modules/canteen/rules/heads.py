"""Who eats which meal, as numbers: no database."""

from dataclasses import dataclass
from datetime import date

BREAKFAST, LUNCH, DINNER = "breakfast", "lunch", "dinner"
WEEKEND = "weekend"
MOST_OF_CLASS = 200  # no class has more; a larger number is a slip of the finger


@dataclass(frozen=True)
class Away:
    """How many of a class do not eat, by reason. Whoever is missing without a word is away."""

    sick: int = 0
    leave: int = 0
    away: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.sick + self.leave + self.away


def misses(kind: str, first: date, last: date, *, day: date, meal: str) -> bool:
    """Whether a pupil with this absence misses this meal.

    An absence is of whole days. Weekend leave begins after the lunch of its first day and ends before the dinner of its last:
    boarders go home on Friday afternoon and are back on Sunday evening.
    """
    if not first <= day <= last:
        return False
    if kind != WEEKEND:
        return True
    gone = day > first or meal == DINNER
    back = day == last and last > first and meal == DINNER
    return gone and not back


def shared_out(on_roll: int, eaters: int, *, sick: int = 0, leave: int = 0) -> Away:
    """The reasons of those who are missing from a roll: as many sick and on leave as told, never more than are missing."""
    missing = max(0, on_roll - eaters)
    ill = min(sick, missing)
    excused = min(leave, missing - ill)
    return Away(ill, excused, missing - ill - excused)


def expected(on_roll: int, away: int, slept_here: int | None = None) -> int:
    """How many of a class will eat: its roll less who is away, at breakfast no more than slept at school."""
    there = max(0, on_roll - away)
    return there if slept_here is None else min(there, slept_here)
