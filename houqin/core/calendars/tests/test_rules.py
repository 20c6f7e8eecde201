"""What a day is: by the national calendar, by a unit's mark, by the terms."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from houqin.core.calendars.rules import Decided, What, decide, national, school_year, school_years

DAYS = st.dates(date(2004, 1, 1), date(2026, 12, 31))
LATER = st.dates(date(2027, 1, 1), date(2040, 12, 31))
MARKS = st.sampled_from(["holiday", "make_up", "closure", "boarding_weekend"])


@pytest.mark.parametrize(
    ("day", "what", "label"),
    [
        (date(2024, 3, 4), What.SCHOOL_DAY, ""),
        (date(2024, 3, 2), What.WEEKEND, ""),
        (date(2024, 2, 12), What.HOLIDAY, "Spring Festival"),
        (date(2024, 2, 18), What.MAKE_UP, "Spring Festival"),
        (date(2024, 4, 4), What.HOLIDAY, "Tomb-sweeping Day"),
        (date(2024, 4, 7), What.MAKE_UP, "Tomb-sweeping Day"),
        (date(2024, 10, 1), What.HOLIDAY, "National Day"),
        (date(2024, 10, 12), What.MAKE_UP, "National Day"),
        (date(2026, 10, 10), What.MAKE_UP, "National Day"),
    ],
)
def test_the_national_calendar_knows_holidays_and_the_workdays_that_pay_for_them(
    day: date, what: What, label: str
) -> None:
    assert national(day) == Decided(what, label)


@given(DAYS)
def test_known_years_are_never_provisional(day: date) -> None:
    assert not national(day).provisional


@given(LATER)
def test_of_a_year_not_known_yet_monday_to_friday_are_provisional_school_days(day: date) -> None:
    assert national(day) == Decided(What.SCHOOL_DAY if day.weekday() < 5 else What.WEEKEND, provisional=True)


@given(st.one_of(DAYS, LATER), MARKS, st.sampled_from([None, True]))
def test_a_mark_comes_before_the_national_calendar_and_is_final(day: date, kind: str, in_term: bool | None) -> None:
    found = decide(day, mark=(kind, "校庆"), in_term=in_term)
    assert found == Decided(What(kind), "校庆", provisional=False)


@given(st.one_of(DAYS, LATER), st.one_of(st.none(), MARKS))
def test_outside_the_terms_no_day_is_a_school_day_and_no_boarder_stays(day: date, kind: str | None) -> None:
    found = decide(day, mark=(kind, "") if kind else None, in_term=False)
    assert found.what == What.VACATION
    assert not found.provisional
    assert not found.what.is_school_day
    assert not found.what.boarders_stay


def test_boarders_stay_on_school_days_and_on_boarding_weekends_only() -> None:
    assert {what for what in What if what.boarders_stay} == {What.SCHOOL_DAY, What.MAKE_UP, What.BOARDING_WEEKEND}
    assert {what for what in What if what.is_school_day} == {What.SCHOOL_DAY, What.MAKE_UP}


@given(st.dates(date(2004, 1, 1), date(2040, 12, 31)))
def test_a_school_year_turns_in_august_which_belongs_to_both(day: date) -> None:
    assert school_year(day) in school_years(day)
    assert (len(school_years(day)) == 2) == (day.month == 8)
    assert school_year(day + timedelta(days=366)) >= school_year(day) + 1


def test_school_years_are_named_by_the_year_in_which_they_begin() -> None:
    assert school_year(date(2024, 2, 26)) == 2023
    assert school_year(date(2024, 9, 2)) == 2024
    assert school_years(date(2024, 8, 20)) == (2023, 2024)
