"""A meal from the pot to the table: menu changes, core temperatures, tasting, serving."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from houqin.core.audit.models import AuditEntry
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.modules.canteen.actions.meals import (
    ForMeal,
    Measured,
    begin_serving,
    change_menu,
    end_serving,
    measure_dishes,
    retain_samples,
    taste_meal,
)
from houqin.modules.canteen.actions.meals.sampling import SampleRow
from houqin.modules.canteen.models import CheckKind, Meal, MealCheck, MealDish, MenuChange, Product
from houqin.modules.canteen.policies import CORE_TEMPERATURE
from houqin.modules.canteen.queries.dishes import cooked_dishes
from houqin.modules.canteen.rules.serving import (
    SHORTEST,
    Progress,
    Step,
    eaten_late,
    is_cooked_through,
    is_temperature,
    keep_until,
    sample_warnings,
)
from houqin.modules.canteen.tests.kitchen_scene import CHICKEN, LUNCH, POTATO, RICE, Kitchen
from houqin.modules.canteen.tests.ledger import counted
from tests.world import NOON, TODAY, World

STEW, BOILED = "土豆烧鸡腿", "米饭"
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2025, 1, 1), timezones=st.just(UTC))


class TestRules:
    @given(st.integers(-300, 1200))
    def test_seventy_degrees_in_the_core_and_not_a_tenth_less(self, tenths: int) -> None:
        assert is_cooked_through(tenths, 700) == (tenths >= 700)
        assert is_temperature(tenths)

    @pytest.mark.parametrize("tenths", [-301, 1201, 7_250])
    def test_what_no_food_can_be(self, tenths: int) -> None:
        assert not is_temperature(tenths)

    @given(MOMENTS, st.integers(0, 24 * 14))
    def test_a_sample_is_kept_for_48_hours_and_longer_where_that_is_set(self, taken: datetime, hours: int) -> None:
        until = keep_until(taken, hours)
        assert until - taken >= SHORTEST
        assert until - taken == max(SHORTEST, timedelta(hours=hours))

    @given(st.integers(1, 500), st.integers(125, 250), st.none() | st.integers(-50, 200))
    def test_every_shortfall_of_a_sample_is_told_and_nothing_else(
        self, grams: int, least: int, tenths: int | None
    ) -> None:
        codes = {note.code for note in sample_warnings(grams, least, tenths)}
        assert ("sample-too-small" in codes) == (grams < least)
        assert ("sample-too-warm" in codes) == (tenths is not None and not 0 <= tenths <= 80)

    @pytest.mark.parametrize(("grams", "warned"), [(120, True), (125, False)])
    def test_t12_120_grams_warn_and_125_are_fine(self, grams: int, warned: bool) -> None:
        assert bool(list(sample_warnings(grams, 125))) == warned

    @given(st.dictionaries(st.text(max_size=5), MOMENTS, max_size=5), MOMENTS, st.integers(1, 240))
    def test_only_dishes_that_stood_longer_are_late(
        self, hot: dict[str, datetime], until: datetime, within: int
    ) -> None:
        late = eaten_late(hot, until, within)
        assert set(late) == {dish for dish, at in hot.items() if until - at > timedelta(minutes=within)}


class TestMenuChange:
    def change(self, kitchen: Kitchen, **more: Any) -> MenuChange:
        given: dict[str, Any] = {"by": kitchen.shi, "meal": LUNCH, "why": "gas"}
        return change_menu(more.pop("org", kitchen.world.school_a), **given | more)

    def test_another_dish_weighed_like_one_of_a_menu_and_the_plan_follows(self, kitchen: Kitchen) -> None:
        like = kitchen.menu.dishes.get(name=BOILED)
        self.change(kitchen, dropped=STEW, added="蛋炒饭", like=like, note="停气到下午")
        plan = kitchen.plan()
        assert [dish.name for dish in plan.dishes] == [BOILED, "蛋炒饭"]
        assert {one.product.name: one.grams for one in plan.lines} == {RICE: 18_000}
        assert set(MealDish.objects.get().products.all()) == {kitchen.goods[RICE]}
        told = AuditEntry.objects.get(event="canteen.menu_changed")
        assert told.detail == {"dropped": STEW, "added": "蛋炒饭", "why": "gas", "note": "停气到下午"}

    def test_dropped_put_back_and_dropped_again(self, kitchen: Kitchen) -> None:
        self.change(kitchen, dropped=STEW)
        self.change(kitchen, added=STEW, like=kitchen.menu.dishes.get(name=STEW))
        meal = Meal.objects.select_related("org").get()
        assert cooked_dishes([meal])[meal.pk] == [BOILED, STEW]
        self.change(kitchen, dropped=STEW)
        assert cooked_dishes([meal])[meal.pk] == [BOILED]

    def test_a_meal_to_come_can_be_changed(self, kitchen: Kitchen) -> None:
        later = ForMeal(TODAY + timedelta(days=1), "dinner")
        self.change(kitchen, meal=later, added="面条", products=[kitchen.goods[POTATO]], why="power")
        assert Meal.objects.get(day=later.day).kind == "dinner"

    @pytest.mark.parametrize(
        ("more", "told"),
        [
            ({}, "dropped"),
            ({"dropped": "没有的菜"}, "dropped"),
            ({"dropped": STEW, "why": "tired"}, "why"),
            ({"added": BOILED}, "added"),
            ({"added": "炖菜"}, "like"),
            ({"added": "长" * 61, "products": []}, "added"),
            ({"dropped": STEW, "meal": ForMeal(TODAY - timedelta(days=1), "lunch")}, "day"),
            ({"dropped": STEW, "meal": ForMeal(TODAY, "tea")}, "kind"),
        ],
    )
    def test_refusals_change_nothing(self, kitchen: Kitchen, more: dict[str, Any], told: str) -> None:
        before = counted(), MenuChange.objects.count(), MealDish.objects.count()
        with pytest.raises(Refused) as refusal:
            self.change(kitchen, **more)
        assert refusal.value.field == told
        assert (counted(), MenuChange.objects.count(), MealDish.objects.count()) == before

    def test_a_dish_that_was_sampled_was_cooked(self, kitchen: Kitchen) -> None:
        retain_samples(kitchen.world.school_a, by=kitchen.shi, meal=LUNCH, rows=[SampleRow(STEW, 125)])
        with pytest.raises(Refused, match=STEW):
            self.change(kitchen, dropped=STEW)

    def test_whom_it_does_not_concern(self, kitchen: Kitchen, world: World) -> None:
        for name, error in (("lin", PermissionDenied), ("bo", PermissionDenied), ("hu", NotVisible)):
            with pytest.raises(error):
                self.change(kitchen, by=world.viewer(name), dropped=STEW)
        foreign = Product.objects.create(org=world.school_b, name="外校土豆")
        with pytest.raises(NotVisible):
            self.change(kitchen, added="炖菜", products=[foreign])
        assert not MenuChange.objects.exists()
        assert not MealDish.objects.exists()


class TestChecks:
    def measure(self, kitchen: Kitchen, **tenths: int) -> list[MealCheck]:
        dishes = [Measured(dish, one) for dish, one in tenths.items()]
        return measure_dishes(kitchen.world.school_a, by=kitchen.shi, meal=LUNCH, dishes=dishes)

    def test_each_dish_passes_or_is_cooked_on_and_measured_again(self, kitchen: Kitchen) -> None:
        assert [one.passed for one in self.measure(kitchen, **{STEW: 640, BOILED: 961})] == [False, True]
        assert self.measure(kitchen, **{STEW: 700})[0].passed
        rows = MealCheck.objects.filter(kind=CheckKind.CORE).values_list("dish", "tenths", "passed", "at")
        assert list(rows) == [(STEW, 640, False, NOON), (BOILED, 961, True, NOON), (STEW, 700, True, NOON)]

    def test_a_school_may_want_it_hotter(self, kitchen: Kitchen, world: World) -> None:
        set_policy(world.school_a, by=world.viewer("gao"), code=CORE_TEMPERATURE, value=750, reason="区里要求")
        assert [one.passed for one in self.measure(kitchen, **{STEW: 745, BOILED: 750})] == [False, True]

    def test_tasted_by_whom_and_whether_it_was_fine(self, kitchen: Kitchen) -> None:
        school = kitchen.world.school_a
        taste_meal(school, by=kitchen.shi, meal=LUNCH)
        taste_meal(school, by=kitchen.an, meal=LUNCH, fine=False, dish=STEW, note="太咸，已重做")
        rows = MealCheck.objects.filter(kind=CheckKind.TASTED).values_list(
            "account__username", "dish", "passed", "note"
        )
        assert list(rows) == [("shi", "", True, ""), ("an", STEW, False, "太咸，已重做")]

    def test_serving_begins_and_ends_once(self, kitchen: Kitchen) -> None:
        school = kitchen.world.school_a
        with pytest.raises(Refused):
            end_serving(school, by=kitchen.shi, meal=LUNCH)
        begin_serving(school, by=kitchen.shi, meal=LUNCH)
        end_serving(school, by=kitchen.at("an", minutes=40), meal=LUNCH)
        for again in (begin_serving, end_serving):
            with pytest.raises(Refused, match="师傅"):
                again(school, by=kitchen.an, meal=LUNCH)
        rows = MealCheck.objects.values_list("kind", "at")
        assert list(rows) == [("serving", NOON), ("served", NOON + timedelta(minutes=40))]

    def test_a_check_kept_on_a_phone_is_of_the_moment_it_was_made(self, kitchen: Kitchen) -> None:
        by = replace(kitchen.at("shi", days=1), captured_at=NOON)
        taste_meal(kitchen.world.school_a, by=by, meal=LUNCH)
        assert MealCheck.objects.get().at == NOON


class TestCheckRefusals:
    @pytest.fixture(autouse=True)
    def _nothing_changes(self, kitchen: Kitchen) -> Iterator[None]:
        before = counted(), MealCheck.objects.count(), AuditEntry.objects.count()
        yield
        assert (counted(), MealCheck.objects.count(), AuditEntry.objects.count()) == before

    @pytest.mark.parametrize("dishes", [[], [Measured(STEW, 7_250)], [Measured(STEW, 750), Measured("没有的菜", 750)]])
    def test_impossible_measures(self, kitchen: Kitchen, dishes: list[Measured]) -> None:
        with pytest.raises(Refused):
            measure_dishes(kitchen.world.school_a, by=kitchen.shi, meal=LUNCH, dishes=dishes)

    @pytest.mark.parametrize("days", [-1, 1])
    def test_neither_before_nor_from_memory(self, kitchen: Kitchen, days: int) -> None:
        meal = ForMeal(TODAY + timedelta(days=days), "lunch")
        for deed in (begin_serving, end_serving, taste_meal):
            with pytest.raises(Refused):
                deed(kitchen.world.school_a, by=kitchen.shi, meal=meal)

    def test_what_was_wrong_is_said(self, kitchen: Kitchen) -> None:
        with pytest.raises(Refused):
            taste_meal(kitchen.world.school_a, by=kitchen.shi, meal=LUNCH, fine=False)

    def test_whom_it_does_not_concern(self, kitchen: Kitchen, world: World) -> None:
        for name, error in (("lin", PermissionDenied), ("bai", PermissionDenied), ("hu", NotVisible)):
            for deed in (begin_serving, end_serving, taste_meal):
                with pytest.raises(error):
                    deed(world.school_a, by=world.viewer(name), meal=LUNCH)
            with pytest.raises(error):
                measure_dishes(world.school_a, by=world.viewer(name), meal=LUNCH, dishes=[Measured(CHICKEN, 800)])


def test_what_goes_to_the_table_as_bought_asks_for_no_core_temperature() -> None:
    progress = Progress(("馒头", "纯牛奶"), cores={"馒头": True}, is_tasted=True, uncooked=["纯牛奶"])
    assert progress.unmeasured == []
    assert progress.is_done(Step.CHECK)
    assert progress.missing_samples == ["馒头", "纯牛奶"], "a sample is kept of it all the same"
