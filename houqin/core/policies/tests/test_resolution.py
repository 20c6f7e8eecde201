"""Which value holds: the nearest where a rule is free, the strictest where it may only be tightened."""

from hypothesis import given
from hypothesis import strategies as st

from houqin.core.policies.rules import RANGES, Kind, fits, holding, loosens

CHAIN = st.lists(st.one_of(st.none(), st.integers(1, 9)), max_size=6)
WAYS = st.sampled_from(["less", "more", "earlier", "later", "on"])


@given(CHAIN)
def test_a_free_rule_is_as_the_nearest_unit_set_it(values: list[int | None]) -> None:
    found = holding("", values)
    assert (found is None) == all(value is None for value in values)
    if found is not None:
        assert all(value is None for value in values[found + 1 :])


@given(WAYS, CHAIN)
def test_of_a_tighten_only_rule_nobody_gets_a_looser_value_than_any_unit_above_set(
    way: str, values: list[int | None]
) -> None:
    found = holding(way, values)
    if found is not None:
        assert values[found] is not None
        assert not any(loosens(way, value, values[found]) for value in values if value is not None)


@given(WAYS, CHAIN, st.one_of(st.none(), st.integers(1, 9)))
def test_what_a_lower_unit_sets_never_loosens_what_held_before(
    way: str, values: list[int | None], new: int | None
) -> None:
    before, after = holding(way, values), holding(way, [*values, new])
    if before is not None:
        assert after is not None
        assert not loosens(way, values[before], [*values, new][after])


@given(WAYS, CHAIN)
def test_of_equal_values_the_topmost_unit_is_named(way: str, values: list[int | None]) -> None:
    found = holding(way, values)
    if found is not None:
        assert values.index(values[found]) == found


@given(st.sampled_from(["less", "earlier"]), st.integers(1, 9), st.integers(1, 9))
def test_less_and_earlier_are_stricter_downwards(way: str, upper: int, value: int) -> None:
    assert loosens(way, upper, value) == (value > upper)


@given(st.sampled_from(["more", "later"]), st.integers(1, 9), st.integers(1, 9))
def test_more_and_later_are_stricter_upwards(way: str, upper: int, value: int) -> None:
    assert loosens(way, upper, value) == (value < upper)


def test_on_is_stricter_than_off_and_a_free_rule_is_never_loosened() -> None:
    assert loosens("on", True, False)
    assert not loosens("on", False, True)
    assert not loosens("", 1, 9)


def test_times_of_day_are_told_apart_by_the_clock() -> None:
    assert loosens("earlier", "08:00", "08:30")
    assert not loosens("earlier", "08:00", "07:30")
    assert loosens("later", "20:00", "19:59")


@given(st.sampled_from(sorted(RANGES)), st.integers())
def test_a_number_fits_within_what_makes_sense(kind: Kind, value: int) -> None:
    least, most = RANGES[kind]
    assert fits(kind, value) == (least <= value <= most)


def test_a_value_of_another_kind_does_not_fit() -> None:
    assert not fits(Kind.MINUTES, True)
    assert not fits(Kind.MINUTES, "30")
    assert not fits(Kind.SWITCH, 1)
    assert not fits(Kind.CLOCK, 800)
    assert fits(Kind.SWITCH, False)


def test_a_time_of_day_is_hours_and_minutes() -> None:
    assert [
        text for text in ("07:30", "23:59", "24:00", "7:30", "07:60", "07:30:00", "") if fits(Kind.CLOCK, text)
    ] == [
        "07:30",
        "23:59",
    ]
