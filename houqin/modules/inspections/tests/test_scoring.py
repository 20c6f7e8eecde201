"""What holds of every score, whatever was seen."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from houqin.flows.ledgers.columns import Limit
from houqin.modules.inspections.items import Grade, Item
from houqin.modules.inspections.rules import FULL, Result, Seen, outcome_of, result_of, share

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""What holds of a score holds on a slow machine, too."""
GRADES = [Grade(least=90, zh="优", en="A"), Grade(least=60, zh="中", en="B"), Grade(least=0, zh="差", en="C")]


@dataclass
class List:
    """A checklist as the score needs it."""

    code: str
    grades: list[Grade]
    items: list[Item]


def item(number: int, weight: int, levels: int = 0, red: bool = False) -> Item:
    kind = "graded" if levels else "yes_no"
    return Item(
        code=f"i{number}", zh="项", en="item", kind=kind, weight=weight, levels=levels or 4, red_line=red, source="GB 1",
        confidence="A",
    )  # fmt: skip


@st.composite
def visits(draw: st.DrawFn) -> tuple[list[List], dict[tuple[str, str], Seen]]:
    """One or two checklists, partly answered."""
    lists, answers = [], {}
    for code in draw(st.sampled_from([["a"], ["a", "b"]])):
        items = [
            item(number, draw(st.integers(0, 10)), draw(st.sampled_from([0, 0, 3, 4])), draw(st.booleans()))
            for number in range(draw(st.integers(1, 8)))
        ]
        for one in items:
            outcome = draw(st.sampled_from(["ok", "failed", "na", None]))
            if outcome and one.kind == "graded" and outcome != "na":
                level = draw(st.integers(0, one.levels - 1))
                answers[code, one.code] = Seen(outcome_of(one, level=level), level)
            elif outcome:
                answers[code, one.code] = Seen(outcome)
        lists.append(List(code, GRADES, items))
    return lists, answers


@calm
@given(visits())
def test_a_score_is_its_lines_and_lies_between_nothing_and_all(
    visit: tuple[list[List], dict[tuple[str, str], Seen]],
) -> None:
    result = result_of(*visit)
    whole = sum(line.weight for line in result.lines)
    if result.score is None:
        assert (whole, result.grade) == (0, None)
        return
    assert 0 <= result.score <= FULL
    assert result.score == sum(line.got for line in result.lines) * FULL // whole
    assert result.grade is not None


@calm
@given(visits())
def test_every_item_is_a_line_or_missing_or_does_not_apply(
    visit: tuple[list[List], dict[tuple[str, str], Seen]],
) -> None:
    lists, answers = visit
    result = result_of(lists, answers)
    na = sum(seen.outcome == "na" for seen in answers.values())
    assert len(result.lines) + len(result.missing) + na == sum(len(one.items) for one in lists)
    assert len(result.missing) == sum(len(one.items) for one in lists) - len(answers)


def changed(visit: tuple[list[List], dict[tuple[str, str], Seen]], key: tuple[str, str], seen: Seen) -> Result:
    lists, answers = visit
    return result_of(lists, answers | {key: seen})


@calm
@given(visits(), st.data())
def test_better_is_never_less(visit: tuple[list[List], dict[tuple[str, str], Seen]], data: st.DataObject) -> None:
    lists, _answers = visit
    one = data.draw(st.sampled_from(lists))
    chosen = data.draw(st.sampled_from(one.items))
    key = (one.code, chosen.code)
    if chosen.kind == "graded":
        steps = [Seen(outcome_of(chosen, level=level), level) for level in range(chosen.levels)]
    else:
        steps = [Seen("failed"), Seen("ok")]
    results = [changed(visit, key, seen) for seen in steps]
    scores = [result.score or 0 for result in results]
    assert scores == sorted(scores)
    grades = [result.grade for result in results if result.grade is not None]
    assert grades == sorted(grades, reverse=True)


@calm
@given(visits())
def test_a_failed_red_line_gives_the_last_grade(visit: tuple[list[List], dict[tuple[str, str], Seen]]) -> None:
    result = result_of(*visit)
    red = {
        (one.code, item.code)
        for one in visit[0]
        for item in one.items
        if item.red_line and visit[1].get((one.code, item.code), Seen("ok")).outcome == "failed"
    }
    assert len(result.red) == len(red)
    if red and result.score is not None:
        assert result.grade == len(GRADES) - 1


@calm
@given(visits())
def test_what_does_not_apply_counts_as_if_it_were_not_asked(
    visit: tuple[list[List], dict[tuple[str, str], Seen]],
) -> None:
    lists, answers = visit
    left = {key: seen for key, seen in answers.items() if seen.outcome != "na"}
    assert result_of(lists, left).score == result_of(lists, answers).score


@given(st.integers(2, 6))
def test_the_lowest_level_earns_nothing_and_the_highest_all(levels: int) -> None:
    one = item(0, 1, levels)
    assert share(one, Seen("failed", 0)) == 0
    assert share(one, Seen("ok", levels - 1)) == 1
    assert outcome_of(one, level=0) == "failed"
    assert {outcome_of(one, level=level) for level in range(1, levels)} == {"ok"}


@given(st.integers(-100_000, 100_000))
def test_a_figure_is_in_order_within_its_limits_bounds_and_all(thousandths: int) -> None:
    limit = Limit(min=Decimal("-18.5"), max=Decimal("8.0"), source="GB 31654", confidence="A")
    other = Limit(max=Decimal(0), when={"method": "steam"}, source="GB 31654", confidence="A")
    one = Item(
        code="t", zh="温度", en="Temperature", kind="measured", unit="°C", limits=[limit, other], source="GB 31654",
        confidence="A",
    )  # fmt: skip
    expected = "ok" if -18_500 <= thousandths <= 8_000 else "failed"
    assert outcome_of(one, value=Fraction(thousandths, 1000)) == expected


def test_a_figure_without_a_value_is_not_judged() -> None:
    limit = Limit(max=Decimal(8), source="GB 31654", confidence="A")
    one = Item(
        code="t", zh="温度", en="T", kind="measured", unit="°C", limits=[limit], source="GB 31654", confidence="A"
    )
    with pytest.raises(ValueError, match="value"):
        outcome_of(one)
