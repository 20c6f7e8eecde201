"""When a duty falls due, as a declaration. Pure: the days of a school come in, windows go out (``rules.py``)."""

from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum


class Every(StrEnum):
    """The rhythms of the founding documents (requirements, appendix G)."""

    MEAL = "meal"
    SCHOOL_DAY = "school_day"
    BOARDING_DAY = "boarding_day"
    WORKING_DAY = "working_day"
    DAY = "day"
    WEEK = "week"
    HALF_MONTH = "half_month"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    TERM = "term"
    YEAR = "year"
    BEFORE_TERM = "before_term"
    BEFORE_HOLIDAY = "before_holiday"
    AFTER = "after"
    EVENT = "event"
    BEFORE_END = "before_end"


ON_RECORD = frozenset({Every.AFTER, Every.EVENT, Every.BEFORE_END})
"""Rhythms that no calendar knows: their duties are made when something happens, or is about to end."""


@dataclass(frozen=True)
class Schedule:
    """One rhythm with its window.

    Within a day: ``opens`` and ``due`` are local clock times; at meals they are minutes counted from serving time
    (``opens_minutes``, ``due_minutes``, negative: before). ``meals`` limits to these kinds, empty: every one served.
    Week, month, quarter, term, year: open on the first school day of the period, due at ``due`` of its last school day or,
    when given, of the ``weekday`` (0 Monday) or ``day_of_month``. Before a term or a holiday: due ``days_before`` its first
    day. Before something ends (a certificate): from ``days_before`` its end on, laid out by the room that keeps it.
    After another record: ``event`` is an event's name, due ``hours`` after it and open for ``within_hours``.
    ``slots`` repeats a daily duty ("am", "pm") with windows of their own.
    """

    every: Every
    opens: time = time(6, 0)
    due: time = time(18, 0)
    opens_minutes: int = -120
    due_minutes: int = 60
    meals: tuple[str, ...] = ()
    weekday: int | None = None
    day_of_month: int | None = None
    days_before: int = 7
    event: str = ""
    hours: int = 0
    within_hours: int = 24
    slot: str = ""


@dataclass(frozen=True)
class Applies:
    """Which schools a rule is for: by what they have. ``types`` are school types, empty: all."""

    canteen: bool = False
    boarders: bool = False
    types: tuple[str, ...] = field(default=())
