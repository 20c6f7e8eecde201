"""Who eats, as numbers."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from houqin.modules.canteen.rules.heads import BREAKFAST, DINNER, LUNCH, WEEKEND, expected, misses, shared_out

COUNTS = st.integers(0, 200)
DAY = date(2024, 3, 8)


@given(on_roll=COUNTS, eaters=COUNTS, sick=COUNTS, leave=COUNTS)
def test_reasons_never_explain_more_than_are_missing(on_roll: int, eaters: int, sick: int, leave: int) -> None:
    away = shared_out(on_roll, eaters, sick=sick, leave=leave)
    assert away.total == max(0, on_roll - eaters)
    assert 0 <= away.sick <= sick
    assert 0 <= away.leave <= leave
    assert away.away >= 0


@given(on_roll=COUNTS, away=COUNTS, slept=st.none() | COUNTS)
def test_nobody_is_expected_who_is_not_there(on_roll: int, away: int, slept: int | None) -> None:
    found = expected(on_roll, away, slept)
    assert 0 <= found <= on_roll
    assert slept is None or found <= slept


@given(length=st.integers(0, 9), day=st.integers(-3, 12), meal=st.sampled_from([BREAKFAST, LUNCH, DINNER]))
def test_an_absence_is_of_whole_days_and_weekend_leave_of_no_more(length: int, day: int, meal: str) -> None:
    last, on = DAY + timedelta(days=length), DAY + timedelta(days=day)
    away = misses("sick", DAY, last, day=on, meal=meal)
    assert away == (0 <= day <= length)
    assert away or not misses(WEEKEND, DAY, last, day=on, meal=meal)


def test_weekend_leave_of_one_day_is_its_dinner() -> None:
    gone = [meal for meal in (BREAKFAST, LUNCH, DINNER) if misses(WEEKEND, DAY, DAY, day=DAY, meal=meal)]
    assert gone == [DINNER]
