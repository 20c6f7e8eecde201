"""From a schedule and the days of a school to the windows of its duties. Pure.

Periods without a school day give no duty, and no duty of a rhythm that follows the school falls on a vacation. ``DAY`` and
``WORKING_DAY`` run through vacations, since gates and boilers do. Clock times are local and naive.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from houqin.flows.duties.schedule import Every, Schedule

BEFORE_TERM_OPEN = timedelta(days=14)
BEFORE_HOLIDAY_OPEN = timedelta(days=7)
NEAR_ENOUGH = timedelta(days=10)
LONGEST_TERM = timedelta(days=240)
_DAY = timedelta(days=1)

DAILY = frozenset({Every.SCHOOL_DAY, Every.BOARDING_DAY, Every.WORKING_DAY, Every.DAY})
PERIODS = frozenset({Every.WEEK, Every.HALF_MONTH, Every.MONTH, Every.QUARTER, Every.HALF_YEAR, Every.TERM, Every.YEAR})

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class DayFact:
    """What a day is to a school. ``free``: off by holiday or vacation, not by a weekend alone."""

    day: date
    is_school_day: bool
    boarders_stay: bool
    is_working_day: bool
    free: bool = False
    term: Days | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """When one duty is done. ``period``: the days that hold one duty only; none: its own day."""

    day: date
    slot: str
    opens: datetime
    due: datetime
    period: Days | None = None


def facts_needed(schedule: Schedule, first: date, last: date) -> Days:
    """The days that must be known to tell the windows from ``first`` to ``last``."""
    every = schedule.every
    if every == Every.TERM:
        return first - LONGEST_TERM, last + LONGEST_TERM
    if every in PERIODS:
        return _period(every, first)[0], _period(every, last)[1]
    if every == Every.BEFORE_TERM:
        return first, last + BEFORE_TERM_OPEN + timedelta(days=schedule.days_before)
    if every == Every.BEFORE_HOLIDAY:
        ahead = BEFORE_HOLIDAY_OPEN + timedelta(days=schedule.days_before) + NEAR_ENOUGH
        return first - BEFORE_HOLIDAY_OPEN - NEAR_ENOUGH, last + ahead
    return first, last


def windows(schedule: Schedule, days: Sequence[DayFact], first: date, last: date) -> list[Window]:
    """The windows that are open on some day from ``first`` to ``last``. ``days`` are in order, without a gap."""
    every = schedule.every
    if every in DAILY:
        found = [_within_day(schedule, one.day) for one in days if first <= one.day <= last and _falls_on(every, one)]
    elif every in PERIODS:
        found = list(_of_periods(schedule, days))
    elif every == Every.BEFORE_TERM:
        found = list(_before_terms(schedule, days))
    elif every == Every.BEFORE_HOLIDAY:
        found = list(_before_holidays(schedule, days))
    else:
        found = []
    return [one for one in found if one.opens.date() <= last and one.day >= first]


def at_meals(schedule: Schedule, day: date, meals: Iterable[tuple[str, datetime]]) -> list[Window]:
    """A window around each meal that is served: (kind, local moment of serving)."""
    if schedule.every != Every.MEAL:
        return []
    before, after = timedelta(minutes=schedule.opens_minutes), timedelta(minutes=schedule.due_minutes)
    return [
        Window(day, meal, served + before, served + after)
        for meal, served in meals
        if not schedule.meals or meal in schedule.meals
    ]


def after_record(schedule: Schedule, at: datetime, slot: str = "", until: datetime | None = None) -> Window:
    """The window that opens ``hours`` after something happened; a warning's ends with the warning at the latest."""
    opens = at + timedelta(hours=schedule.hours)
    due = opens + timedelta(hours=schedule.within_hours)
    if until is not None and until > opens:
        due = min(due, until)
    return Window(due.date(), slot or schedule.slot, opens, due)


def narrowed(window: Window, opens: time | None, due: time | None) -> Window:
    """A school's own times, as far as they lie within the window that is asked for."""
    start = max(window.opens, datetime.combine(window.opens.date(), opens)) if opens else window.opens
    end = min(window.due, datetime.combine(window.due.date(), due)) if due else window.due
    return replace(window, opens=start, due=end) if start < end else window


def fits_within(opens: time | None, due: time | None, asked_opens: time, asked_due: time) -> bool:
    """Whether own clock times lie within those asked for."""
    start, end = opens or asked_opens, due or asked_due
    return asked_opens <= start < end <= asked_due


def _falls_on(every: Every, one: DayFact) -> bool:
    if every == Every.SCHOOL_DAY:
        return one.is_school_day
    if every == Every.BOARDING_DAY:
        return one.boarders_stay
    return one.is_working_day if every == Every.WORKING_DAY else True


def _within_day(schedule: Schedule, day: date) -> Window:
    """A window that ends before it opens runs past midnight."""
    opens, due = datetime.combine(day, schedule.opens), datetime.combine(day, schedule.due)
    return Window(day, schedule.slot, opens, due if due > opens else due + _DAY)


def _over_days(schedule: Schedule, opens_on: date, due_on: date, period: Days | None = None) -> Window:
    due = datetime.combine(due_on, schedule.due)
    opens = datetime.combine(opens_on, schedule.opens)
    if opens >= due:
        opens, due = datetime.combine(opens_on, time.min), max(due, datetime.combine(due_on, time(0, 1)))
    return Window(due_on, schedule.slot, opens, due, period)


def _of_periods(schedule: Schedule, days: Sequence[DayFact]) -> Iterator[Window]:
    """One window for each period that holds a school day."""
    lessons = [(_period(schedule.every, one.day, one.term), one.day) for one in days if one.is_school_day]
    for period, held in groupby(lessons, key=lambda pair: pair[0]):
        on = [day for _period_again, day in held]
        yield _over_days(schedule, on[0], _due_on(schedule, period, on), period)


def _due_on(schedule: Schedule, period: Days, on: list[date]) -> date:
    """The last school day up to the day named; where there is none, the first one after it."""
    named = _named_day(schedule, period)
    return max((day for day in on if day <= named), default=on[0])


def _named_day(schedule: Schedule, period: Days) -> date:
    end = period[1]
    if schedule.weekday is not None:
        return end - timedelta(days=(end.weekday() - schedule.weekday) % 7)
    if schedule.day_of_month is not None and schedule.every not in (Every.WEEK, Every.TERM):
        return end.replace(day=min(schedule.day_of_month, end.day))
    return end


def _period(every: Every, day: date, term: Days | None = None) -> Days:
    """The period of a day. Without terms a half of the school year stands for one."""
    if every == Every.WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if every == Every.HALF_MONTH:
        return (day.replace(day=1), day.replace(day=15)) if day.day <= 15 else (day.replace(day=16), _month_end(day))
    if every == Every.TERM:
        return term or _half_of_school_year(day)
    months = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6}.get(every, 12)
    begins = date(day.year, (day.month - 1) // months * months + 1, 1)
    return begins, _month_end(begins.replace(month=begins.month + months - 1))


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _half_of_school_year(day: date) -> Days:
    if 2 <= day.month <= 8:
        return date(day.year, 2, 1), date(day.year, 8, 31)
    begins = day.year if day.month >= 9 else day.year - 1
    return date(begins, 9, 1), date(begins + 1, 1, 31)


def _before_terms(schedule: Schedule, days: Sequence[DayFact]) -> Iterator[Window]:
    """Before the first day of each term that is set; by its nature in the vacation."""
    for one in days:
        if one.term and one.term[0] == one.day:
            due_on = one.day - timedelta(days=schedule.days_before)
            yield _over_days(schedule, due_on - BEFORE_TERM_OPEN, due_on)


def _before_holidays(schedule: Schedule, days: Sequence[DayFact]) -> Iterator[Window]:
    """On a school day before each holiday or vacation; a bare weekend is none."""
    lessons = [one.day for one in days if one.is_school_day]
    for begins in _free_runs(days):
        before = [day for day in lessons if day < begins]
        if not before:
            continue
        named = begins - timedelta(days=max(schedule.days_before, 1))
        near = [day for day in before if named - NEAR_ENOUGH < day <= named]
        due_on = near[-1] if near else before[-1]
        opens_on = next(day for day in before if day >= due_on - BEFORE_HOLIDAY_OPEN)
        yield _over_days(schedule, opens_on, due_on)


def _free_runs(days: Sequence[DayFact]) -> Iterator[date]:
    """First days of runs without lessons that hold more than a weekend, after a day with lessons."""
    begins, seen_lesson, free = None, False, False
    for one in days:
        if one.is_school_day:
            begins, seen_lesson, free = None, True, False
            continue
        begins = begins or one.day
        if one.free and not free and seen_lesson:
            yield begins
        free = free or one.free
