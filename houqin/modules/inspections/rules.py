"""Scores and grades of a visit, explained. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from houqin.modules.inspections.items import Grade, Item

FULL = 10_000
"""A score of 100.00, in hundredths."""


class Listed(Protocol):
    """A checklist as the score needs it."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def grades(self) -> list[Grade]:
        """Its grades, the best first."""

    @property
    def items(self) -> list[Item]:
        """All items in their order."""


@dataclass(frozen=True)
class Seen:
    """What was answered at an item: ``outcome`` ok, failed or na; ``level`` of a graded item."""

    outcome: str
    level: int | None = None


@dataclass(frozen=True)
class Line:
    """What one item brought: ``got`` of ``weight`` (hundredths of a point)."""

    item: Item
    weight: int
    got: int


@dataclass(frozen=True)
class Result:
    """A score in hundredths (None: nothing applied), the index of its grade, and the red lines that failed."""

    score: int | None
    grade: int | None
    red: tuple[Item, ...]
    lines: tuple[Line, ...]
    missing: tuple[Item, ...]


def outcome_of(item: Item, *, level: int | None = None, value: Fraction | None = None) -> str:
    """What a level or a figure says: the lowest level and a figure beyond a limit are failed. Limits under conditions do not judge."""
    if item.kind == "graded":
        return "failed" if level == 0 else "ok"
    if value is None:
        raise ValueError("a figure is judged by its value")
    limits = [limit for limit in item.limits if not limit.when]
    low = any(limit.min is not None and value < Fraction(limit.min) for limit in limits)
    high = any(limit.max is not None and value > Fraction(limit.max) for limit in limits)
    return "failed" if low or high else "ok"


def share(item: Item, seen: Seen) -> Fraction:
    """How much of an item's weight was earned, 0 to 1."""
    if item.kind == "graded" and seen.level is not None:
        return Fraction(seen.level, item.levels - 1)
    return Fraction(seen.outcome == "ok")


def result_of(checklists: Sequence[Listed], answers: Mapping[tuple[str, str], Seen]) -> Result:
    """The score over all checklists: earned weight by applicable weight. A failed red line gives the last grade.

    Items without an answer are ``missing``; they count nothing.
    """
    lines: list[Line] = []
    red: list[Item] = []
    missing: list[Item] = []
    for checklist in checklists:
        for item in checklist.items:
            seen = answers.get((checklist.code, item.code))
            if seen is None:
                missing.append(item)
            elif seen.outcome != "na":
                lines.append(Line(item, item.weight * 100, int(item.weight * 100 * share(item, seen))))
                if item.red_line and seen.outcome == "failed":
                    red.append(item)
    weight = sum(line.weight for line in lines)
    score = sum(line.got for line in lines) * FULL // weight if weight else None
    grade = None
    if score is not None:
        least = [one.least * 100 for one in checklists[0].grades]
        grade = len(least) - 1 if red else next(place for place, bound in enumerate(least) if score >= bound)
    return Result(score, grade, tuple(red), tuple(lines), tuple(missing))


def kept_back(fee_fen: int, score: int, *, red: bool, steps: Sequence[Sequence[int]]) -> tuple[int, int]:
    """What is kept back of a month's pay at a score in hundredths: the percent that was agreed, and the fen, rounded down.

    ``steps``: (least score, percent), the best first, the last from 0; a failed red line gives the last.
    """
    least = [one[0] * 100 for one in steps]
    place = len(steps) - 1 if red else next(place for place, bound in enumerate(least) if score >= bound)
    percent = steps[place][1]
    return percent, fee_fen * percent // 100
