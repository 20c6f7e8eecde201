"""What the meal's page knows stands in the ledgers too, and nobody writes it twice."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.scope.refusals import Refused
from houqin.flows.duties.actions.suspending import lift_suspension, suspend_duties
from houqin.flows.duties.models import Duty
from houqin.flows.ledgers.models import Breach, LedgerEntry
from houqin.flows.seals.models import Seal
from houqin.modules.canteen.actions.heads import record_night_roll
from houqin.modules.canteen.actions.meals import Measured, SampleRow, dispose_samples, measure_dishes, retain_samples
from houqin.modules.canteen.models import Meal, Menu, MenuDish
from tests.world import NOON, TODAY, World


@pytest.fixture
def meal(world: World) -> Meal:
    load_catalogues(by=world.system, root=settings.ROOT / "catalogues")
    menu = Menu.objects.create(org=world.school_a, day=TODAY, kind="lunch")
    for number, name in enumerate(("红烧鸡腿", "清炒白菜")):
        MenuDish.objects.create(org=world.school_a, menu=menu, name=name, position=number)
    return Meal.objects.create(org=world.school_a, day=TODAY, kind="lunch", menu=menu)


def duty(meal: Meal, ledger: str) -> Duty:
    window = {"opens_at": NOON - timedelta(hours=1), "due_at": NOON + timedelta(hours=1)}
    return Duty.objects.create(
        org=meal.org, day=TODAY, rule=f"ledger:{ledger}", slot="lunch", post="cook", **window
    )  # fmt: skip


def written(ledger: str) -> list[dict[str, Any]]:
    return [json.loads(entry.body) for entry in LedgerEntry.objects.filter(ledger=ledger).order_by("pk")]


class TestSamples:
    def test_each_goes_into_the_sealed_ledger_and_the_last_dish_does_the_duty(self, world: World, meal: Meal) -> None:
        asked = duty(meal, "food-samples")
        retain_samples(meal.org, by=world.viewer("shi"), meal=meal, rows=[SampleRow("红烧鸡腿", 130, box="1")])
        asked.refresh_from_db()
        assert asked.state == "open"
        retain_samples(meal.org, by=world.viewer("shi"), meal=meal, rows=[SampleRow("清炒白菜", 128)])
        asked.refresh_from_db()
        assert asked.state == "done"
        first, second = written("food-samples")
        assert [line["grams"] for line in (*first["lines"], *second["lines"])] == [130, 128]
        assert asked.evidence_id == LedgerEntry.objects.order_by("-pk")[0].public_id
        assert Seal.objects.filter(org=meal.org).count() == 2

    def test_too_little_is_kept_and_out_of_its_limit(self, world: World, meal: Meal) -> None:
        retain_samples(meal.org, by=world.viewer("shi"), meal=meal, rows=[SampleRow("红烧鸡腿", 90)])
        assert [(row.value, row.state) for row in Breach.objects.all()] == [("90 g", "pending")]

    def test_their_disposal_is_written_down(self, world: World, meal: Meal) -> None:
        samples = retain_samples(meal.org, by=world.viewer("shi"), meal=meal, rows=[SampleRow("红烧鸡腿", 130)])
        dispose_samples(samples, by=world.viewer("shi", NOON + timedelta(hours=49)), note="倒入餐厨垃圾")
        [entry] = written("sample-disposal")
        assert entry["values"]["how"] == "倒入餐厨垃圾"
        assert [line["line"]["name"] for line in entry["lines"]] == ["红烧鸡腿"]

    def test_nothing_is_disposed_of_while_an_incident_is_looked_into(self, world: World, meal: Meal) -> None:
        samples = retain_samples(meal.org, by=world.viewer("shi"), meal=meal, rows=[SampleRow("红烧鸡腿", 130)])
        rest = suspend_duties(meal.org, by=world.viewer("gao"), why="三名学生呕吐，正在调查")
        later = NOON + timedelta(hours=49)
        with pytest.raises(Refused):
            dispose_samples(samples, by=world.viewer("shi", later))
        samples[0].refresh_from_db()
        assert samples[0].disposed_at is None
        lift_suspension(rest, by=world.viewer("bo", later), why="疾控中心已书面解除")
        assert dispose_samples(samples, by=world.viewer("shi", later))


class TestCoreTemperatures:
    def test_too_low_leaves_the_duty_open_until_it_is_cooked_through(self, world: World, meal: Meal) -> None:
        asked = duty(meal, "core-temperature")
        by = world.viewer("shi")
        measure_dishes(meal.org, by=by, meal=meal, dishes=[Measured("红烧鸡腿", 655), Measured("清炒白菜", 800)])
        asked.refresh_from_db()
        assert asked.state == "open"
        measure_dishes(meal.org, by=by, meal=meal, dishes=[Measured("红烧鸡腿", 760)])
        asked.refresh_from_db()
        assert asked.state == "done"
        assert [line["core"] for entry in written("core-temperature") for line in entry["lines"]] == [655, 800, 760]


class TestTheNight:
    def test_the_ledger_is_written_when_every_class_was_called(self, world: World, meal: Meal) -> None:
        world.child.is_boarder = True
        world.child.save()
        record_night_roll(world.group, by=world.viewer("lin"), night=TODAY, present=1)
        [entry] = written("night-roll")
        assert entry["lines"] == [{"line": {"id": "", "name": "三年级一班"}, "on_roll": 1, "present": 1}]


def test_where_no_catalogue_is_loaded_the_kitchen_works_all_the_same(world: World) -> None:
    menu = Menu.objects.create(org=world.school_a, day=TODAY, kind="lunch")
    MenuDish.objects.create(org=world.school_a, menu=menu, name="清炒白菜")
    meal = Meal.objects.create(org=world.school_a, day=TODAY, kind="lunch", menu=menu)
    assert retain_samples(meal.org, by=world.viewer("shi"), meal=meal, rows=[SampleRow("清炒白菜", 130)])
    assert not LedgerEntry.objects.exists()
