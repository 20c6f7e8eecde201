"""The arithmetic of limits, doubts, times and wishes, over all values."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from houqin.flows.ledgers.columns import Choice, Column, Limit
from houqin.flows.ledgers.rules.asking import Bounds, Change, adds_nothing, cost_of, loosened, merged, regional
from houqin.flows.ledgers.rules.judging import applies, doubts, findings, keeps, meant, missing
from houqin.flows.ledgers.rules.timing import When, clock_is_ahead, stands
from houqin.flows.ledgers.values import Untypable, checked, figure, in_words, typed

COLD = Column(code="t", zh="温度", en="T", kind="temperature", plausible=(Decimal(-40), Decimal(40)))
KILOS = Column(code="w", zh="重量", en="W", kind="weight", unit="kg")
SHARE = Column(code="n", zh="浓度", en="N", kind="number", unit="mg/L", decimals=2)
tenths = st.integers(-2000, 2000)
bounds = st.decimals(-100, 100, places=1)


def limit(low: Decimal | None = None, high: Decimal | None = None, **more: object) -> Limit:
    return Limit.model_validate({"min": low, "max": high, "source": "s", "confidence": "B", **more})


@given(st.sampled_from([COLD, KILOS, SHARE]), st.integers(0, 10**6))
def test_what_is_stored_reads_as_it_was_typed(column: Column, value: int) -> None:
    assert typed(column, str(figure(column, value))) == value
    assert typed(column, in_words(column, value, "zh").replace(",", "")) == value


@given(st.text(max_size=12))
def test_whatever_is_typed_is_taken_or_refused_in_words(text: str) -> None:
    for kind in ("temperature", "count", "clock", "day", "moment", "yes_no", "text", "person"):
        column = Column(code="c", zh="列", en="C", kind=kind)
        try:
            value = typed(column, text)
        except Untypable:
            continue
        assert value is None or checked(column, value) == value


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        (COLD, "７.8℃", 78), (COLD, "-18", -180), (COLD, "−18 °C", -180), (KILOS, "2.5公斤", 2500), (KILOS, "2.5kg", 2500),
        (SHARE, "0.05 mg/L", 5), (COLD, " ", None),
    ],
)  # fmt: skip
def test_units_and_wide_figures_are_read(column: Column, text: str, value: int | None) -> None:
    assert typed(column, text) == value


@pytest.mark.parametrize(
    ("column", "text"), [(COLD, "7.85"), (COLD, "165F"), (COLD, "seven"), (KILOS, "-1"), (COLD, "NaN"), (COLD, "1e99")]
)
def test_what_is_no_value_is_refused(column: Column, text: str) -> None:
    with pytest.raises(Untypable):
        typed(column, text)


@given(tenths, bounds, bounds)
def test_a_limit_is_kept_on_both_bounds_and_between(value: int, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert keeps(limit(low, high), COLD, value) == (low * 10 <= value <= high * 10)
    assert keeps(limit(low, high), COLD, int(low * 10))
    assert keeps(limit(low, high), COLD, int(high * 10))


@given(tenths)
def test_what_is_plausible_is_never_asked_and_a_suggestion_always_is_plausible(value: int) -> None:
    found = doubts([COLD], {"t": value})
    assert bool(found) == (not -400 <= value <= 400)
    assert not doubts([COLD], {"t": value}, confirmed=["t"])
    suggestion = meant(COLD, value)
    assert suggestion is None or -400 <= suggestion <= 400


@given(bounds, bounds, tenths)
def test_a_limit_that_loosens_nothing_lets_no_new_value_pass(held: Decimal, asked: Decimal, value: int) -> None:
    above, new = limit(None, held), limit(None, asked)
    if loosened([above], new) is None:
        assert keeps(above, COLD, value) or not (keeps(above, COLD, value) and keeps(new, COLD, value))
        assert asked <= held
    else:
        assert asked > held
    assert adds_nothing([above], new) == (held <= asked)


def test_conditions_narrow_a_limit_and_make_its_value_required() -> None:
    steam = Column(
        code="t",
        zh="温度",
        en="T",
        kind="temperature",
        required=False,
        limits=[limit(Decimal(100), when={"how": "steam"})],
    )
    assert not missing([steam], {"how": "chlorine"})
    assert [one.key for one in missing([steam], {}, "2.", around={"how": "steam"})] == ["2.t"]
    assert not findings([steam], {"t": 900, "how": "chlorine"})
    assert [one.key for one in findings([steam], {"t": 900, "how": "steam"}, "2.")] == ["2.t"]
    assert applies(limit(Decimal(1), when={"clean": "true", "of": "a"}), {"clean": True, "of": ["a", "b"]})


def test_answers_out_of_order_need_a_remark_and_readings_speak_for_themselves() -> None:
    clean = Column(code="clean", zh="整洁", en="Clean", kind="yes_no")
    door = Column(
        code="door", zh="门", en="Door", kind="choices",
        choices=[Choice(code="ok", zh="好", en="ok"), Choice(code="bad", zh="坏", en="bad", breach=True)],
    )  # fmt: skip
    cold = COLD.model_copy(update={"limits": [limit(None, Decimal(8)), limit(None, Decimal(5), confidence="A")]})
    found = findings([clean, door, cold], {"clean": False, "door": ["ok", "bad"], "t": 90})
    assert [(one.key, one.needs_remark) for one in found] == [("clean", True), ("door", True), ("t", False)]
    assert found[2].limit is not None
    assert found[2].limit.confidence == "A"
    assert not findings([clean, door, cold], {"clean": True, "door": ["ok"], "t": 50})


def test_the_nearest_region_takes_the_place_of_the_nation_under_the_same_conditions() -> None:
    column = COLD.model_copy(update={"limits": [
        limit(None, Decimal(8)), limit(None, Decimal(7), region="甲省"), limit(None, Decimal(9), region="乙市"),
        limit(None, Decimal(-18), when={"use": "freezer"}),
    ]})  # fmt: skip

    def held(*names: str) -> list[Decimal | None]:
        return [one.max for one in regional(column, names).limits]

    assert held("丙省") == [8, -18]
    assert held("甲省", "丁市") == [7, -18]
    assert held("甲省", "乙市") == [9, -18]


def test_additions_keep_to_their_prefix_and_cost_by_the_line() -> None:
    door = Column(code="t", zh="门", en="Door", kind="yes_no")
    change = Change("u1_", (door,), (door,), {"t": [limit(None, Decimal(5))]})
    found = merged([COLD], change, "")
    assert [column.code for column in found] == ["t", "u1_t"]
    assert [one.max for one in found[0].limits] == [5]
    assert [column.code for column in merged(found, change, "")] == ["t", "u1_t"]
    assert (cost_of([door], []), cost_of([], [door]), cost_of([], [door], by_exception=True)) == (2, 16, 2)
    assert Bounds().when == {}


DAY = date(2024, 3, 4)


@given(st.integers(0, 60), st.integers(0, 30), st.times())
def test_lateness_grows_with_the_days(behind: int, back: int, at: time) -> None:
    captured = datetime.combine(DAY + timedelta(days=behind), at, tzinfo=UTC)
    how = stands(DAY, captured, captured, back_days=back, night_until=time(6, 0))
    expected = (
        When.IN_TIME
        if behind == 0 or (behind == 1 and at <= time(6, 0))
        else When.LATE
        if behind <= back
        else When.TOO_LATE
    )
    assert how == expected
    assert (
        stands(
            DAY + timedelta(days=1), captured - timedelta(days=behind), captured, back_days=back, night_until=time(6)
        )
        == When.AHEAD
    )


def test_a_clock_time_lies_ahead_after_some_slack() -> None:
    noon = datetime(2024, 3, 4, 12, 0, tzinfo=UTC)
    assert [clock_is_ahead(DAY, clock, noon) for clock in ("11:59", "12:04", "12:30")] == [False, False, True]
    assert not clock_is_ahead(DAY - timedelta(days=1), "23:59", noon)
