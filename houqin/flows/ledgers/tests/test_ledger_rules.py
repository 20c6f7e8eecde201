"""The arithmetic of limits, doubts, times and wishes, over all values."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from houqin.flows.ledgers.columns import Choice, Column, Limit
from houqin.flows.ledgers.rules.asking import (
    Bounds,
    Change,
    adds_nothing,
    contradicts,
    cost_of,
    loosened,
    merged,
    regional,
    tightest,
)
from houqin.flows.ledgers.rules.judging import applies, doubts, findings, keeps, missing
from houqin.flows.ledgers.rules.slips import MOST, likely
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
def test_what_is_plausible_is_never_asked_and_what_is_meant_always_is_plausible(value: int) -> None:
    found = doubts([COLD], {"t": value})
    assert bool(found) == (not -400 <= value <= 400)
    assert not doubts([COLD], {"t": value}, confirmed=["t"])
    meant = likely(COLD, value)
    assert all(-400 <= one <= 400 for one in meant)
    assert len(set(meant)) == len(meant) <= MOST
    assert value not in meant
    assert not found or found[0].likely == tuple(meant)


FRIDGE = Column(code="t", zh="冷藏", en="Fridge", kind="temperature", plausible=(Decimal(1), Decimal(9)))
FREEZER = Column(code="t", zh="冷冻", en="Freezer", kind="temperature", plausible=(Decimal(-30), Decimal(-3)))
OIL = Column(code="t", zh="油温", en="Oil", kind="temperature", plausible=(Decimal(20), Decimal(80)))
SACK = Column(code="w", zh="重量", en="Weight", kind="weight", unit="kg", plausible=(Decimal("0.3"), Decimal(30)))
CHLORINE = Column(
    code="n", zh="余氯", en="Chlorine", kind="number", unit="mg/L", decimals=2, plausible=(Decimal(2), Decimal(8))
)


@given(st.integers(10, 90), st.sampled_from([10, 100]))
def test_a_point_left_out_is_put_back(meant: int, factor: int) -> None:
    assert likely(FRIDGE, meant * factor)[0] == meant


@given(st.integers(200, 800), st.sampled_from([10, 100]))
def test_a_figure_ten_or_a_hundred_times_too_small_is_raised(meant: int, factor: int) -> None:
    written, rest = divmod(meant, factor)
    if rest == 0:
        assert likely(CHLORINE, written)[0] == meant


@given(st.integers(-300, -30))
def test_a_minus_left_out_is_put_before_it(meant: int) -> None:
    assert likely(FREEZER, -meant)[0] == meant
    if meant < -30:
        assert likely(FREEZER, -meant * 10)[0] == meant


@given(st.integers(200, 800))
def test_degrees_fahrenheit_are_told_as_celsius(meant: int) -> None:
    written = round(meant * 9 / 5 + 320)
    if written > 800:
        found = likely(OIL, written)
        assert any(abs(one - meant) <= 1 for one in found)


@given(st.integers(300, 30_000))
def test_grams_typed_as_kilograms_are_told(meant: int) -> None:
    assert meant in likely(SACK, meant * 1000)


@given(st.sampled_from([COLD, FRIDGE, FREEZER, SACK, CHLORINE]), st.integers(-20_000, 20_000))
def test_only_what_can_be_written_is_offered(column: Column, value: int) -> None:
    """Every value offered is plausible, and typed as it is shown it is stored as it is."""
    for one in likely(column, value):
        assert not doubts([column], {column.code: one})
        assert typed(column, in_words(column, one, "zh")) == one


@given(st.integers(-9999, 9999), st.sampled_from([COLD, SHARE]))
def test_a_figure_is_read_however_it_is_written(stored: int, column: Column) -> None:
    plain = f"{figure(column, stored):f}"
    wide = plain.translate({ord(one): chr(ord(one) + 0xFEE0) for one in "0123456789.-"})
    for written in (plain, wide, plain.replace("-", "−"), plain.replace(".", "。")):
        assert typed(column, written) == stored
    if "." in plain:
        assert typed(column, plain.replace(".", ",")) == typed(column, plain.replace(".", "，")) == stored


@pytest.mark.parametrize(
    ("column", "text", "value"), [(KILOS, "1,200", 1_200_000), (KILOS, "1,200.5", 1_200_500), (COLD, "七点八", 78)]
)
def test_thousands_and_chinese_figures_are_read(column: Column, text: str, value: int) -> None:
    assert typed(column, text) == value


@pytest.mark.parametrize("text", ["约8", "7,8,9", "1,2345", "8到9", "7..8"])
def test_what_is_only_roughly_a_figure_is_refused(text: str) -> None:
    with pytest.raises(Untypable):
        typed(COLD, text)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("78", ["7.8"]),
        ("46", ["4.6", "7.8"]),
        ("780", ["7.8"]),
        ("-300", ["-30"]),
        ("900", ["9"]),
        ("85.5", []),
        ("200", ["20"]),
    ],
)
def test_what_was_meant_by_the_temperature_of_a_refrigerator(written: str, meant: list[str]) -> None:
    fridge = COLD.model_copy(update={"plausible": (Decimal(-35), Decimal(20))})
    found = [figure(fridge, one) for one in likely(fridge, int(Decimal(written) * 10))]
    assert found == [Decimal(one) for one in meant]


@given(bounds, bounds, tenths)
def test_a_limit_that_loosens_nothing_lets_no_new_value_pass(held: Decimal, asked: Decimal, value: int) -> None:
    above, new = limit(None, held), limit(None, asked)
    if loosened([above], new) is None:
        assert keeps(above, COLD, value) or not (keeps(above, COLD, value) and keeps(new, COLD, value))
        assert asked <= held
    else:
        assert asked > held
    assert adds_nothing([above], new) == (held <= asked)


@given(bounds, bounds, tenths)
def test_a_limit_contradicts_only_where_no_value_keeps_both(held: Decimal, asked: Decimal, value: int) -> None:
    """Under the same answers or always: a floor above a ceiling. Under other answers they never meet."""
    steam = COLD.model_copy(update={"plausible": None, "limits": [limit(None, held, when={"how": "steam"})]})
    floor, always = limit(asked, when={"how": "steam"}), limit(asked)
    for one in (floor, always):
        assert contradicts(steam, one) == (asked > held)
        assert not (contradicts(steam, one) and keeps(one, COLD, value) and keeps(steam.limits[0], COLD, value))
    assert not contradicts(steam, limit(asked, when={"how": "bleach"}))


@given(st.lists(st.tuples(bounds, bounds), min_size=1, max_size=4), tenths)
def test_what_limits_come_to_is_kept_by_what_keeps_each_of_them(
    pairs: list[tuple[Decimal, Decimal]], value: int
) -> None:
    held = [limit(*sorted(pair)) for pair in pairs]
    together = tightest(held)
    assert together is not None
    assert keeps(together, COLD, value) == all(keeps(one, COLD, value) for one in held)
    assert tightest([]) is None


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
