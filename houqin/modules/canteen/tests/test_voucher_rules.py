"""Periods and prices of the papers, as pure rules."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from houqin.modules.canteen.rules.periods import Period, Span
from houqin.modules.canteen.rules.prices import priced_unit, worth

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))


@given(days, st.sampled_from(list(Span)))
def test_periods_of_one_span_follow_each_other_without_a_gap(day: date, span: Span) -> None:
    period = Period.around(span, day)
    assert period.first <= day <= period.last
    assert Period.around(span, period.after).first == period.last + timedelta(days=1)
    assert Period.around(span, period.before).last == period.first - timedelta(days=1)


def test_a_week_begins_on_monday_and_a_month_ends_on_its_last_day() -> None:
    assert Period.around(Span.WEEK, date(2024, 3, 3)) == Period(date(2024, 2, 26), date(2024, 3, 3))
    assert Period.around(Span.MONTH, date(2024, 2, 9)) == Period(date(2024, 2, 1), date(2024, 2, 29))


def test_only_whole_months_are_settled() -> None:
    month = Period.around(Span.MONTH, date(2024, 3, 9))
    assert month.months == (month,)
    assert Period(date(2024, 3, 2), date(2024, 3, 31)).months == ()
    assert [one.last for one in Period(date(2024, 1, 31), date(2024, 4, 1)).months] == [
        date(2024, 2, 29), date(2024, 3, 31),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "price", "grams", "fen", "unit"),
    [
        ("48.7kg", 154_000, 48_700, 75_000, "公斤"),
        ("12袋×25kg", 52_000, 300_000, 156_000, "公斤"),
        ("12 袋 × 25kg", 1_300_000, 300_000, 156_000, "袋"),
        ("97.4 斤", 77_000, 48_700, 74_998, "斤"),
        ("48.7 kg", 77_000, 48_700, 74_998, "斤"),
        ("3 箱", None, 7_200, 0, "箱"),
        ("", None, 7_200, 1_000, "公斤"),
        ("2 千克", 50_000, 2_000, 1_000, "公斤"),
    ],
)
def test_a_voucher_names_the_unit_that_its_price_is_for(
    written: str, price: int | None, grams: int, fen: int, unit: str
) -> None:
    assert priced_unit(written, price, grams, fen) == unit


@given(st.integers(0, 10**8), st.integers(1, 10**7))
def test_all_of_the_goods_are_worth_what_they_cost_and_none_nothing(fen: int, grams: int) -> None:
    assert worth(fen, grams, grams) == fen
    assert worth(fen, 0, grams) == 0
    assert worth(fen, 5, 0) == 0
