"""A unit may ask for more, never for less than stands above it; region before nation; each wish has its price in minutes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from houqin.core.audit.models import AuditEntry
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.duties.registry import Demand, rules_on
from houqin.flows.ledgers.actions.adopting import adopt_ledger, end_adoption
from houqin.flows.ledgers.actions.entering import record_entry
from houqin.flows.ledgers.columns import Column
from houqin.flows.ledgers.costs import cost_at
from houqin.flows.ledgers.definitions import every, prefix_of, resolved
from houqin.flows.ledgers.models import Adoption, Breach
from houqin.flows.ledgers.reading import read
from houqin.flows.ledgers.rules.asking import Bounds
from houqin.flows.ledgers.tests import kept
from tests.world import NOON, TODAY, World

DOOR = Column(code="door", zh="门封", en="Door seal", kind="yes_no")
FIVE = {"temperature": [Bounds(max=Decimal(5))]}
Adopt = Callable[..., Adoption]


@pytest.fixture
def adopt(world: World) -> Adopt:
    """The town asks for the cold store."""
    kept.declare(kept.COLD)
    kept.declare(kept.FARM)

    def ask(who: str = "bo", org: Any = None, **more: Any) -> Adoption:
        given = {"ledger": "cold-store", "why": "夏季加严"} | more
        return adopt_ledger(org or world.town, by=world.viewer(who), **given)

    return ask


def limits(world: World, org: Any = None) -> list[Any]:
    return [limit.max for limit in resolved("cold-store", org or world.school_a, TODAY).columns[0].limits]


def test_what_the_town_asks_holds_at_its_schools_and_nowhere_else(world: World, adopt: Adopt) -> None:
    made = adopt(columns=[DOOR], limits=FIVE)
    code = prefix_of(world.town) + "door"
    here, there = resolved("cold-store", world.school_a, TODAY), resolved("cold-store", world.school_c, TODAY)
    assert [column.code for column in here.columns] == ["temperature", "clean", "looked_at", code]
    assert limits(world) == [8, 5]
    assert (here.asked_by, here.added[code].why, here.demand) == (world.town, "夏季加严", Demand.LAW)
    assert (here.minutes, there.minutes) == (Decimal("0.7"), Decimal("0.5"))
    assert (len(there.columns), limits(world, world.school_c)) == (3, [8])
    assert AuditEntry.objects.filter(event="ledgers.adopted", subject_id=str(made.public_id)).count() == 1
    entry = record_entry(
        world.school_a, by=world.viewer("an"), ledger="cold-store", slot="am", values={"temperature": 60, code: True}
    )
    assert (Breach.objects.get().limit, Breach.objects.get().source) == ("≤ 5 °C", "柳河镇：夏季加严")
    end_adoption(made, by=world.viewer("bo"), why="秋天了")
    assert limits(world) == [8]
    assert [cell.label for cell in read([entry], world.viewer("gao"))[0].cells][-1] == "门封"


@pytest.mark.parametrize(
    "wish",
    [
        {"limits": {"temperature": [Bounds(max=Decimal(9))]}},
        {"limits": {"temperature": [Bounds(max=Decimal(8))]}},
        {"limits": {"temperature": [Bounds(min=Decimal(50))]}},
        {"limits": {"temperature": [Bounds(min=Decimal(7), max=Decimal(6))]}},
        {"limits": {"clean": [Bounds(max=Decimal(1))]}},
        {"limits": {"temperature": [Bounds()]}},
        {"limits": {"temperature": [Bounds(min=Decimal(6)), Bounds(max=Decimal(5), when={"clean": "true"})]}},
        {"columns": [DOOR.model_copy(update={"zh": "温度"})]},
        {"columns": [DOOR.model_copy(update={"code": f"d{n}", "zh": f"门{n}", "en": f"D{n}"}) for n in range(9)]},
        {"of_lines": [DOOR]},
        {"why": "  ", "columns": [DOOR]},
        {"from_on": TODAY - timedelta(days=1), "columns": [DOOR]},
        {},
    ],
)
def test_what_is_looser_asked_twice_or_impossible_is_refused(world: World, adopt: Adopt, wish: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        adopt(**wish)
    assert not Adoption.objects.exists()
    assert limits(world) == [8]


def test_a_school_may_be_stricter_than_its_town_and_cannot_undo_it(world: World, adopt: Adopt) -> None:
    of_town = adopt(limits=FIVE)
    with pytest.raises(Refused, match="5 °C"):
        adopt("gao", world.school_a, limits={"temperature": [Bounds(max=Decimal(6))]})
    adopt("gao", world.school_a, limits={"temperature": [Bounds(max=Decimal(4))]})
    assert limits(world) == [8, 5, 4]
    assert limits(world, world.school_b) == [8, 5]
    for who, error in (("gao", NotVisible), ("an", NotVisible), ("eve", PermissionDenied), ("chen", NotVisible)):
        with pytest.raises(error):
            end_adoption(of_town, by=world.viewer(who), why="太麻烦")
    with pytest.raises(PermissionDenied):
        adopt("an", world.school_a, columns=[DOOR])
    with pytest.raises(NotVisible):
        adopt("hu", world.school_a, columns=[DOOR])
    of_town.refresh_from_db()
    assert of_town.ended_at is None


def test_a_change_takes_the_place_of_what_was_asked_and_the_same_again_changes_nothing(
    world: World, adopt: Adopt
) -> None:
    first = adopt(limits=FIVE)
    assert adopt(limits=FIVE).pk == first.pk
    second = adopt(limits={"temperature": [Bounds(max=Decimal(7))]}, columns=[DOOR])
    first.refresh_from_db()
    assert first.ended_at is not None
    assert (second.tenth_minutes, limits(world)) == (2, [8, 7])
    with pytest.raises(Refused):
        adopt(limits=FIVE, from_on=TODAY + timedelta(days=9))
    end_adoption(second, by=world.viewer("bo"), why="不再需要")
    with pytest.raises(Refused):
        end_adoption(second, by=world.viewer("bo"), why="不再需要")


def test_from_a_later_day_it_holds_from_that_day(world: World, adopt: Adopt) -> None:
    adopt(limits=FIVE, from_on=TODAY + timedelta(days=3))
    assert limits(world) == [8]
    assert [limit.max for limit in resolved("cold-store", world.school_a, date(2024, 3, 7)).columns[0].limits] == [8, 5]


def test_a_ledger_of_choice_is_kept_where_it_was_taken_up(world: World, adopt: Adopt) -> None:
    assert not resolved("farm", world.school_a, TODAY).is_kept
    assert "ledger:farm" not in rules_on(TODAY)
    adopt("gao", world.school_a, ledger="farm")
    here = resolved("farm", world.school_a, TODAY)
    assert (here.is_kept, here.demand, here.asked_by) == (True, Demand.OWN, world.school_a)
    assert rules_on(TODAY)["ledger:farm"].paths == (world.school_a.path,)
    adopt(ledger="farm", why="劳动教育")
    rule = rules_on(TODAY)["ledger:farm"]
    assert (rule.paths, rule.demand, rule.asked_by) == ((world.town.path,), Demand.OFFICE, world.town)
    assert resolved("farm", world.school_b, TODAY).is_kept
    assert not resolved("farm", world.school_c, TODAY).is_kept


def test_a_rule_tells_what_units_added(world: World, adopt: Adopt) -> None:
    adopt(columns=[DOOR])
    rule = rules_on(TODAY)["ledger:cold-store"]
    assert (rule.paths, rule.tenth_minutes, rule.demand, rule.asked_by) == ((), 5, Demand.LAW, None)
    assert [(one.path, one.tenth_minutes) for one in rule.additions] == [(world.town.path, 2)]


def test_limits_of_a_region_take_the_place_of_the_nations_there_only(world: World) -> None:
    content = kept.COLD | {
        "columns": [kept.COLD["columns"][0] | {"limits": [kept.NATIONAL, kept.REGIONAL | {"region": "东城市"}]}]
    }
    kept.declare(content)
    assert (limits(world), limits(world, world.school_c)) == ([6], [8])
    for org, who in ((world.school_a, "an"), (world.school_c, "op")):
        entry = record_entry(
            org, by=replace(world.system, now=NOON), ledger="cold-store", slot="am", values={"temperature": 70}
        )
        assert bool(entry.breaches) is (org == world.school_a), who
    breach = Breach.objects.get()
    assert (breach.org, breach.limit, breach.by_law) == (world.school_a, "≤ 6 °C", True)


def test_what_it_costs_is_told_before_it_is_asked(world: World, adopt: Adopt) -> None:
    cost = cost_at(world.town, "cold-store", [DOOR], [], TODAY)
    assert (cost.minutes, cost.schools, cost.total_minutes, cost.is_new) == (Decimal("0.2"), 2, Decimal("0.4"), False)
    assert "0.2" in cost.in_words()
    assert "2" in cost.in_words()
    farm = cost_at(world.town, "farm", [], [], TODAY)
    assert (farm.minutes, farm.is_new) == (Decimal("0.1"), True)
    adopt("gao", world.school_a, ledger="farm")
    assert cost_at(world.town, "farm", [], [], TODAY).schools == 1


def test_what_another_process_asks_is_seen_at_once_and_reading_again_costs_one_query(
    world: World, adopt: Adopt
) -> None:
    every(world.school_a, TODAY)
    adopt(limits=FIVE)
    assert limits(world) == [8, 5]
    with CaptureQueriesContext(connection) as queries:
        resolved("cold-store", world.school_a, TODAY)
    assert len(queries) == 1
    Adoption.objects.update(ended_at=NOON)  # as a second process leaves it
    assert limits(world) == [8]
    kept.declare(kept.COLD, version=2, title_zh="冷库温度")
    assert resolved("cold-store", world.school_a, TODAY).ledger.title_zh == "冷库温度"
