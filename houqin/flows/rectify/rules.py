"""Numbers and days of rectification. Pure."""

from collections.abc import Callable
from datetime import date, timedelta

A_YEAR = timedelta(days=365)
"""A finding of the same topic within so long is the same thing found again."""


def due_day(start: date, count: int, is_working: Callable[[date], bool]) -> date:
    """The ``count``-th working day after a day; the day itself does not count. ``count`` of at least one."""
    if count < 1:
        raise ValueError("a deadline lies at least one working day ahead")
    day = start
    while count:
        day += timedelta(days=1)
        count -= is_working(day)
    return day


def working_days_late(due: date, today: date, is_working: Callable[[date], bool]) -> int:
    """How many working days have passed since the day by which it was to be put right."""
    return sum(is_working(due + timedelta(days=number)) for number in range(1, (today - due).days + 1))


def numbered(day: date, before: int) -> str:
    """The readable number of a unit's next finding of a day: ``WT-20240304-0012``."""
    return f"WT-{day:%Y%m%d}-{before + 1:04d}"


def levels_reached(late: int, span: int, most: int) -> int:
    """How many levels are told of what is so many working days late: the first on the first day, one more every span."""
    return min(1 + (late - 1) // max(span, 1), most) if late > 0 else 0
