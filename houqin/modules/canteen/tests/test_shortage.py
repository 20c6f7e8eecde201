"""What runs short: earlier meals take first, and nothing past its date is counted on."""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from houqin.modules.canteen.rules.shortage import Need, run_short

MONDAY = date(2024, 3, 4)
RICE, EGGS = 1, 2


@dataclass(frozen=True)
class InStore:
    pk: int
    received_on: date = MONDAY
    produced_on: date | None = None
    expires_on: date | None = None
    is_frozen: bool = False


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def short(needs: list[Need], lots: dict[int, list[InStore]], left: dict[int, int], **coming: int) -> dict[date, int]:
    found = run_short(needs, lots, left, {RICE: coming.get("rice", 0)})
    return {one.need.day: one.grams for one in found}


def test_what_an_earlier_meal_takes_is_gone_for_the_later_ones() -> None:
    needs = [Need(day(n), "lunch", RICE, 40) for n in range(3)]
    assert short(needs, {RICE: [InStore(1)]}, {1: 100}) == {day(2): 20}
    assert short(needs, {RICE: [InStore(1)]}, {1: 100}, rice=15) == {day(2): 5}


def test_goods_that_are_frozen_or_past_their_date_on_the_day_are_not_counted_on() -> None:
    lots = {RICE: [InStore(1, expires_on=day(0)), InStore(2, is_frozen=True)]}
    needs = [Need(day(0), "lunch", RICE, 10), Need(day(1), "lunch", RICE, 10)]
    assert short(needs, lots, {1: 50, 2: 50}) == {day(1): 10}


def test_a_product_that_nobody_has_is_short_whole() -> None:
    assert short([Need(day(0), "lunch", EGGS, 7)], {}, {}) == {day(0): 7}


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 50)), max_size=8),
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 4)), max_size=4),
    st.integers(0, 40),
)
def test_nothing_is_counted_on_twice(wanted: list[tuple[int, int]], stock: list[tuple[int, int]], coming: int) -> None:
    lots = [InStore(pk, expires_on=day(keeps)) for pk, (_grams, keeps) in enumerate(stock)]
    left = {pk: grams for pk, (grams, _keeps) in enumerate(stock)}
    needs = [Need(day(n), "lunch", RICE, grams) for n, grams in sorted(wanted)]
    found = run_short(needs, {RICE: lots}, left, {RICE: coming})
    met = sum(need.grams for need in needs) - sum(one.grams for one in found)
    assert 0 <= met <= sum(left.values()) + coming
    assert all(0 < one.grams <= one.need.grams for one in found)
    assert left == {pk: grams for pk, (grams, _keeps) in enumerate(stock)}
