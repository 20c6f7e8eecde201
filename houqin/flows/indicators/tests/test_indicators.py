"""Indicators by day, unit and kind of school: computed whole days at a time, twice the same, offices as sums of their schools."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from houqin.flows.indicators import registry
from houqin.flows.indicators.jobs import AT_FIRST, LATELY, first_to_fill
from houqin.flows.indicators.models import DailyFact
from houqin.flows.indicators.reading import ALIKE, MONTH, Amount, figures, last_day
from houqin.flows.indicators.registry import PERCENT, Better, indicator, indicators
from houqin.flows.indicators.storing import fill, fill_day
from tests.world import TODAY, World, make_school, make_unit

FLOW, STATE = "test.flow", "test.state"
A_DAY = timedelta(days=1)
given: dict[int, tuple[int, int]] = {}


@pytest.fixture(autouse=True)
def _two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only two indicators, which say what the test gives."""
    monkeypatch.setattr(registry, "_declared", {})
    given.clear()
    for code, stands in ((FLOW, False), (STATE, True)):
        declare = indicator(
            code, title=code, unit=PERCENT, better=Better.MORE, source="test", rows=lambda span: "/", stands=stands
        )
        declare(lambda day, units: [(pk, *given[pk]) for pk in units.values_list("pk", flat=True) if pk in given])


def test_an_office_is_the_sum_of_its_schools(world: World) -> None:
    given.update({world.school_a.pk: (3, 4), world.school_b.pk: (1, 6), world.school_c.pk: (1, 1)})
    fill_day(TODAY)
    found = figures([world.school_a.pk, world.town.pk, world.province.pk], TODAY, TODAY)
    assert found[world.school_a.pk, None][FLOW] == Amount(3, 4)
    assert found[world.town.pk, None][FLOW] == Amount(4, 10)
    assert found[world.province.pk, None][FLOW] == Amount(5, 11)
    assert found[world.town.pk, None][FLOW].value(100) == 40


def test_what_a_campus_has_counts_for_its_school(world: World) -> None:
    campus = make_unit(world.school_a, "campus", "东校区")
    given.update({world.school_a.pk: (1, 1), campus.pk: (1, 2)})
    fill_day(TODAY)
    assert figures([world.school_a.pk], TODAY, TODAY)[world.school_a.pk, None][FLOW] == Amount(2, 3)
    assert not DailyFact.objects.filter(org=campus).exists()


def test_a_day_computed_again_stands_as_it_is_now(world: World) -> None:
    given[world.school_a.pk] = (1, 2)
    fill_day(TODAY)
    rows = DailyFact.objects.count()
    fill_day(TODAY)
    assert DailyFact.objects.count() == rows
    del given[world.school_a.pk]
    given[world.school_b.pk] = (2, 2)
    fill_day(TODAY)
    found = figures([world.school_a.pk, world.school_b.pk], TODAY, TODAY)
    assert set(found) == {(world.school_b.pk, None)}


def test_days_add_up_and_what_stands_is_taken_from_the_last(world: World) -> None:
    for number, amount in enumerate((1, 2, 4)):
        given[world.school_a.pk] = (amount, 5)
        fill_day(TODAY - A_DAY * (2 - number))
    found = figures([world.school_a.pk], TODAY - A_DAY * 2, TODAY)[world.school_a.pk, None]
    assert found == {FLOW: Amount(7, 15), STATE: Amount(4, 5)}
    later = figures([world.school_a.pk], TODAY - A_DAY * 2, TODAY + A_DAY * 5)[world.school_a.pk, None]
    assert later == found
    assert figures([world.school_a.pk], TODAY + A_DAY, TODAY + A_DAY * 5) == {}


def test_months_stand_by_their_last_day(world: World) -> None:
    given[world.school_a.pk] = (1, 2)
    fill(date(2024, 2, 28), date(2024, 3, 4))
    given[world.school_a.pk] = (2, 2)
    fill(date(2024, 3, 4), date(2024, 3, 4))
    found = figures([world.school_a.pk], date(2024, 2, 1), date(2024, 3, 31), by=MONTH)
    assert found[world.school_a.pk, date(2024, 2, 1)] == {FLOW: Amount(2, 4), STATE: Amount(1, 2)}
    assert found[world.school_a.pk, date(2024, 3, 1)] == {FLOW: Amount(5, 8), STATE: Amount(2, 2)}


def test_schools_are_told_apart_by_type_and_boarding(world: World) -> None:
    day_school = make_school(world.town, "走读小学", 9, boarders=0)
    given.update({world.school_a.pk: (1, 1), world.school_b.pk: (1, 1), day_school.pk: (0, 1)})
    fill_day(TODAY)
    found = figures([world.town.pk], TODAY, TODAY, by=ALIKE)
    assert found[world.town.pk, "小学+"][FLOW] == Amount(2, 2)
    assert found[world.town.pk, "小学"][FLOW] == Amount(0, 1)


def test_a_closed_school_counts_no_more_and_stays_where_it_was(world: World) -> None:
    given[world.school_a.pk] = (1, 1)
    fill_day(TODAY)
    type(world.school_a).objects.filter(pk=world.school_a.pk).update(closed_on=TODAY + A_DAY)
    fill_day(TODAY + A_DAY)
    assert figures([world.town.pk], TODAY, TODAY + A_DAY)[world.town.pk, None][FLOW] == Amount(1, 1)


def test_days_that_are_missing_are_computed(world: World) -> None:
    assert first_to_fill(TODAY) == TODAY - AT_FIRST
    given[world.school_a.pk] = (1, 1)
    fill_day(TODAY - A_DAY * 50)
    assert first_to_fill(TODAY) == TODAY - A_DAY * 49
    fill_day(TODAY)
    assert first_to_fill(TODAY) == TODAY - LATELY + A_DAY
    assert first_to_fill(TODAY) == TODAY - A_DAY * 34
    assert last_day(TODAY - A_DAY) == TODAY - A_DAY * 50


def test_a_code_is_declared_once() -> None:
    assert set(indicators()) == {FLOW, STATE}
    with pytest.raises(ValueError, match="declared twice"):
        indicator(FLOW, title="", unit="", better=Better.LESS, source="", rows=lambda span: "")(lambda day, units: [])


def test_forty_schools_cost_the_queries_of_two(world: World) -> None:
    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as filling:
            fill_day(TODAY)
        with CaptureQueriesContext(connection) as reading:
            figures([world.town.pk], TODAY, TODAY)
        return len(filling), len(reading)

    given.update({world.school_a.pk: (1, 1), world.school_b.pk: (1, 1)})
    few = queries()
    for number in range(10, 48):
        given[make_school(world.town, f"学校{number}", number).pk] = (1, 1)
    assert queries() == few
