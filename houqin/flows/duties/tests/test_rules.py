"""Windows: one for each period, never on a vacation, own times within those asked for."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from houqin.flows.duties.rules import (
    DayFact,
    Window,
    after_record,
    at_meals,
    facts_needed,
    narrowed,
    windows,
)
from houqin.flows.duties.schedule import Every, Schedule

FOLLOWING_SCHOOL = [
    Every.SCHOOL_DAY, Every.BOARDING_DAY, Every.WEEK, Every.HALF_MONTH, Every.MONTH, Every.QUARTER, Every.HALF_YEAR,
    Every.TERM, Every.YEAR, Every.BEFORE_HOLIDAY,
]  # fmt: skip
PERIODS = FOLLOWING_SCHOOL[2:9]
FIRST = date(2023, 1, 1)
TERMS = [
    (date(2023, 2, 6), date(2023, 6, 30)),
    (date(2023, 9, 1), date(2024, 1, 19)),
    (date(2024, 2, 26), date(2024, 7, 5)),
]


def years(off: set[int] = frozenset(), terms: list[tuple[date, date]] = TERMS) -> list[DayFact]:
    """Two years of a school: weekdays in terms, less the days that are off."""
    found = []
    for number in range(730):
        day = FIRST + timedelta(days=number)
        term = next(((a, b) for a, b in terms if a <= day <= b), None) if terms else None
        weekday, away = day.weekday() < 5, number in off or bool(terms and term is None)
        lessons = weekday and not away
        found.append(DayFact(day, lessons, lessons, weekday, free=away and (weekday or term is None), term=term))
    return found


def test_every_month_is_due_on_its_last_school_day_and_opens_on_the_first() -> None:
    found = windows(Schedule(Every.MONTH, opens=time(8), due=time(17)), years(), date(2024, 3, 1), date(2024, 3, 31))
    assert [(one.opens, one.due) for one in found] == [(datetime(2024, 3, 1, 8), datetime(2024, 3, 29, 17))]


def test_a_named_day_is_kept_or_the_school_day_before_it() -> None:
    week = Schedule(Every.WEEK, weekday=4)
    friday_off = (date(2024, 3, 8) - FIRST).days
    assert windows(week, years(), date(2024, 3, 4), date(2024, 3, 10))[0].day == date(2024, 3, 8)
    assert windows(week, years({friday_off}), date(2024, 3, 4), date(2024, 3, 10))[0].day == date(2024, 3, 7)
    tenth = Schedule(Every.MONTH, day_of_month=10)
    assert windows(tenth, years(), date(2024, 3, 4), date(2024, 3, 4))[0].day == date(2024, 3, 8)


def test_a_period_without_a_school_day_gives_no_duty() -> None:
    august = windows(Schedule(Every.MONTH), years(), date(2023, 8, 1), date(2023, 8, 31))
    assert august == []
    assert windows(Schedule(Every.WEEK), years(), date(2023, 7, 10), date(2023, 7, 16)) == []


def test_before_a_term_it_is_due_in_the_vacation_and_before_a_holiday_on_a_school_day() -> None:
    before = windows(Schedule(Every.BEFORE_TERM, days_before=3), years(), date(2023, 8, 20), date(2023, 8, 31))
    assert [one.day for one in before] == [date(2023, 8, 29)]
    holiday = {(date(2023, 10, 2) - FIRST).days + number for number in range(5)}
    found = windows(Schedule(Every.BEFORE_HOLIDAY, days_before=1), years(holiday), date(2023, 9, 25), date(2023, 9, 30))
    assert [one.day for one in found] == [date(2023, 9, 29)]
    assert windows(Schedule(Every.BEFORE_HOLIDAY, days_before=1), years(), date(2023, 9, 25), date(2023, 9, 30)) == []


def test_around_each_meal_that_is_served() -> None:
    meals = [("lunch", datetime(2024, 3, 4, 11, 40)), ("dinner", datetime(2024, 3, 4, 17, 40))]
    asked = Schedule(Every.MEAL, opens_minutes=-30, due_minutes=90, meals=("lunch",))
    assert at_meals(asked, date(2024, 3, 4), meals) == [
        Window(date(2024, 3, 4), "lunch", datetime(2024, 3, 4, 11, 10), datetime(2024, 3, 4, 13, 10))
    ]


def test_samples_are_disposed_of_from_48_hours_on_and_a_warning_ends_the_window() -> None:
    kept = after_record(Schedule(Every.AFTER, hours=48, within_hours=24), datetime(2024, 3, 4, 12, 5), "lunch")
    assert (kept.opens, kept.due, kept.slot) == (datetime(2024, 3, 6, 12, 5), datetime(2024, 3, 7, 12, 5), "lunch")
    warned = after_record(Schedule(Every.EVENT), datetime(2024, 3, 4, 12), until=datetime(2024, 3, 4, 20))
    assert warned.due == datetime(2024, 3, 4, 20)


def test_a_night_watch_runs_past_midnight_and_belongs_to_its_evening() -> None:
    watch = Schedule(Every.DAY, opens=time(22), due=time(6))
    (found,) = windows(watch, years(), date(2023, 8, 1), date(2023, 8, 1))
    assert (found.day, found.due) == (date(2023, 8, 1), datetime(2023, 8, 2, 6))


off_days = st.sets(st.integers(0, 729), max_size=200)
ranges = st.tuples(st.integers(40, 600), st.integers(0, 45))


@pytest.mark.parametrize("every", PERIODS)
@settings(max_examples=30, deadline=None)
@given(off=off_days, terms=st.sampled_from([TERMS, []]))
def test_each_period_with_a_school_day_has_exactly_one_duty(every: Every, off: set[int], terms: list) -> None:
    days = years(off, terms)
    found = windows(Schedule(every), days, days[0].day, days[-1].day)
    lessons = [one.day for one in days if one.is_school_day]
    for one in found:
        assert one.period
        assert one.period[0] <= one.opens.date() <= one.day <= one.period[1]
    held = [sum(1 for one in found if one.period and one.period[0] <= day <= one.period[1]) for day in lessons]
    assert set(held) <= {1}
    assert len({one.period for one in found}) == len(found)


@pytest.mark.parametrize("every", FOLLOWING_SCHOOL)
@settings(max_examples=30, deadline=None)
@given(off=off_days, weekday=st.none() | st.integers(0, 6), day_of_month=st.none() | st.integers(1, 28))
def test_no_duty_opens_or_ends_on_a_day_without_school(
    every: Every, off: set[int], weekday: int | None, day_of_month: int | None
) -> None:
    days = years(off)
    lessons = {one.day for one in days if one.is_school_day}
    asked = Schedule(every, weekday=weekday, day_of_month=day_of_month)
    for one in windows(asked, days, days[0].day, days[-1].day):
        assert one.day in lessons
        assert one.opens.date() in lessons
        assert one.opens < one.due


@pytest.mark.parametrize("every", list(Every))
@settings(max_examples=30, deadline=None)
@given(off=off_days, where=ranges)
def test_a_stretch_of_days_gives_what_the_whole_gives(every: Every, off: set[int], where: tuple[int, int]) -> None:
    """So laying out day by day, week by week or all at once makes the same duties."""
    days, asked = years(off), Schedule(every)
    first, last = FIRST + timedelta(days=where[0]), FIRST + timedelta(days=min(where[0] + where[1], 700))
    begins, ends = facts_needed(asked, first, last)
    near = [one for one in days if begins <= one.day <= ends]
    whole = windows(asked, days, days[0].day, days[-1].day)
    assert windows(asked, near, first, last) == [one for one in whole if one.opens.date() <= last and one.day >= first]


clock = st.none() | st.times()


@given(opens=clock, due=clock)
def test_own_times_stay_within_those_asked_for(opens: time | None, due: time | None) -> None:
    asked = Window(date(2024, 3, 4), "", datetime(2024, 3, 4, 6), datetime(2024, 3, 4, 9))
    own = narrowed(asked, opens, due)
    assert asked.opens <= own.opens < own.due <= asked.due
