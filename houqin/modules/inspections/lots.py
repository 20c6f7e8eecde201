"""Why a school has so many lots, and on which days visits fall. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST = 60
"""More months than this without a visit bring no more lots; so many count for a school that was never visited."""


@dataclass(frozen=True)
class Facts:
    """What is known of a school: months since an office was there (None: never), what others found within a year, what is overdue, duties
    missed lately, complaints within a year that reached others."""

    months: int | None = None
    findings: int = 0
    overdue: int = 0
    missed: int = 0
    complaints: int = 0


@dataclass(frozen=True)
class Lots:
    """How many lots each thing brings. ``floor``: what every school has. ``most``: more than that none has.

    After ``within`` months without a visit a school is drawn before all that were visited since.
    """

    floor: int = 100
    month: int = 10
    finding: int = 15
    overdue: int = 30
    missed: int = 2
    complaint: int = 20
    most: int = 1000
    within: int = 24


Why = dict[str, tuple[int, int]]


def lots_of(facts: Facts, lots: Lots) -> tuple[int, Why]:
    """A school's lots, and for each reason its count and the lots it brings; they add up."""
    months = LONGEST if facts.months is None else min(facts.months, LONGEST)
    floor = max(lots.floor, 1)
    counted = {
        "months": (months, months * lots.month),
        "findings": (facts.findings, facts.findings * lots.finding),
        "overdue": (facts.overdue, facts.overdue * lots.overdue),
        "missed": (facts.missed, facts.missed * lots.missed),
        "complaints": (facts.complaints, facts.complaints * lots.complaint),
    }
    why: Why = {"floor": (1, floor)} | {code: one for code, one in counted.items() if one[1]}
    total = sum(brought for _count, brought in why.values())
    most = max(lots.most, floor)
    if total > most:
        why["most"] = (1, most - total)
    return min(total, most), why


def is_first(facts: Facts, lots: Lots) -> bool:
    """Whether it has waited so long that it is drawn before the others."""
    return facts.months is None or facts.months >= lots.within


def months_between(before: date, day: date) -> int:
    """Whole months from one day to a later one."""
    return (day.year - before.year) * 12 + day.month - before.month - (day.day < before.day)


def spread(first: date, last: date, count: int, is_working: Callable[[date], bool]) -> list[date]:
    """``count`` days spread evenly over the working days from first to last; over all days where none is worked on."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    open_days = [day for day in days if is_working(day)] or days
    return [open_days[number * len(open_days) // count] for number in range(count)]


def by_months(months: Sequence[int | None], bounds: Sequence[int]) -> Mapping[int | None, int]:
    """How many lie below each bound and not below the one before; under None those that were never visited."""
    found: dict[int | None, int] = dict.fromkeys([*bounds, None], 0)
    for one in months:
        found[None if one is None else next((bound for bound in bounds if one < bound), bounds[-1])] += 1
    return found
