"""From bad goods to schools, meals, dishes and eaters, and from a meal back; never beyond the viewer's reach."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from houqin.core.merging.actions import merge
from houqin.core.orgs.models import SchoolFacts
from houqin.core.parties.models import Party
from houqin.core.people.models import ClassGroup, Pupil
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import system_viewer
from houqin.modules.canteen.models import Headcount, Lot, Meal, MealDish, Product, Tier
from houqin.modules.canteen.queries.meal_trace import trace_meal
from houqin.modules.canteen.queries.previews import preview_recall
from houqin.modules.canteen.queries.trace import Trace, trace_goods, trace_lot
from houqin.modules.canteen.tests.ledger import LATER, came, day, menu, went, write
from tests.world import World

LEGS = {"product": "鸡腿", "supplier": "宏发"}


@pytest.fixture
def bo(world: World) -> Any:
    return world.viewer("bo", now=LATER)


@pytest.fixture
def bad(world: World, bo: Any) -> World:
    """Chicken legs of 2 March in two schools of the town and in one elsewhere; school A had older ones too."""
    a, b, c = world.school_a, world.school_b, world.school_c
    write(
        world.town,
        bo,
        came(a, 0, 5, produced=0, batch="OLD", **LEGS),
        came(a, 1, 30, produced=1, batch="0302A", **LEGS),
        came(b, 1, 40, produced=1, batch="0302B", **LEGS),
        came(b, 5, 10, produced=5, batch="NEW", **LEGS),
        went(a, 1, 20, product="鸡腿"),
        went(a, 2, 4, product="鸡腿", kind="dinner", batch="0302A"),
        went(b, 1, 35, product="鸡腿"),
        menu(world.town, 1, {"土豆烧鸡腿": ["土豆", "鸡腿"], "米饭": ["大米"], "鸡腿汤": ["鸡腿"]}),
        menu(world.school_b, 1, {"卤鸡腿": ["鸡腿"], "面条": ["面粉"]}),
    )
    write(world.other_town, system_viewer(now=LATER), came(c, 1, 20, produced=1, batch="0302A", **LEGS))
    return world


def trace(world: World, by: Any, **asked: Any) -> Trace:
    return trace_goods(
        by,
        supplier=Party.objects.filter(name="宏发").first(),
        product=Product.objects.filter(name="鸡腿").first(),
        **asked,
    )


class TestForward:
    def test_schools_deliveries_and_what_is_left(self, bad: World, bo: Any) -> None:
        found = trace(bad, bo, produced_on=day(1))
        assert [school.name for school in found.schools] == sorted([bad.school_a.name, bad.school_b.name])
        assert {
            (row.school.name, row.line.delivered_on, row.lot.batch, row.line.quantity_grams) for row in found.deliveries
        } == {
            (bad.school_a.name, day(1), "0302A", 30_000),
            (bad.school_b.name, day(1), "0302B", 40_000),
        }
        assert (found.received_grams, found.left_grams) == (70_000, 30_000 - 15_000 - 4_000 + 5_000)

    def test_meals_with_the_dishes_that_hold_it_by_the_nearest_menu(self, bad: World, bo: Any) -> None:
        meals = {
            (row.school.name, row.meal.day, row.meal.kind): row for row in trace(bad, bo, produced_on=day(1)).meals
        }
        a, b = bad.school_a.name, bad.school_b.name
        assert set(meals) == {(a, day(1), "lunch"), (a, day(2), "dinner"), (b, day(1), "lunch")}
        assert meals[a, day(1), "lunch"].dishes == ("土豆烧鸡腿", "鸡腿汤")
        assert meals[b, day(1), "lunch"].dishes == ("卤鸡腿",)
        assert meals[a, day(2), "dinner"].dishes == ()
        assert meals[a, day(1), "lunch"].grams == 15_000

    def test_named_and_only_possible_lots_are_certain_the_others_possible(self, bad: World, bo: Any) -> None:
        tiers = {(row.school.name, row.meal.kind): row.tier for row in trace(bad, bo, produced_on=day(1)).meals}
        a, b = bad.school_a.name, bad.school_b.name
        assert tiers == {(a, "lunch"): Tier.POSSIBLE, (a, "dinner"): Tier.CERTAIN, (b, "lunch"): Tier.CERTAIN}

    def test_a_dish_cooked_besides_the_menu(self, bad: World, bo: Any) -> None:
        meal = Meal.objects.get(org=bad.school_a, kind="dinner")
        extra = MealDish.objects.create(org=bad.school_a, meal=meal, name="炸鸡腿")
        extra.products.add(Product.objects.get(name="鸡腿", org=bad.town))
        other = MealDish.objects.create(org=bad.school_a, meal=meal, name="炒饭")
        other.products.add(Product.objects.get(name="大米"))
        assert [row.dishes for row in trace(bad, bo, produced_on=day(1)).meals if row.meal == meal] == [("炸鸡腿",)]

    def test_by_batch_and_by_both(self, bad: World, bo: Any) -> None:
        assert {row.lot.batch: row.tier for row in trace(bad, bo, batch="0302A").lots} == {"0302A": Tier.CERTAIN}
        both = trace(bad, bo, batch="0302A", produced_on=day(1))
        assert {row.lot.batch: row.tier for row in both.lots} == {"0302A": Tier.CERTAIN, "0302B": Tier.POSSIBLE}

    def test_every_name_of_supplier_and_product_is_followed(self, bad: World, bo: Any) -> None:
        a = bad.school_a
        write(bad.town, bo, came(a, 1, 7, produced=1, batch="X", product="鸡大腿", supplier="宏发生鲜"))
        assert trace(bad, bo, produced_on=day(1)).received_grams == 70_000
        merge(Party.objects.get(name="宏发", org=bad.town), by=bo, duplicate=Party.objects.get(name="宏发生鲜"))
        merge(Product.objects.get(name="鸡腿", org=bad.town), by=bo, duplicate=Product.objects.get(name="鸡大腿"))
        assert trace(bad, bo, produced_on=day(1)).received_grams == 77_000


class TestToRuleOut:
    def test_without_date_and_batch_within_the_shelf_life(self, bad: World, bo: Any) -> None:
        a, b = bad.school_a, bad.school_b
        write(
            bad.town, bo, came(b, 3, 6, **LEGS), came(b, 0, 6, **LEGS), came(b, 30, 6, **LEGS), came(b, 3, 6, batch="Q", **LEGS),
            came(a, 3, 6, product="鸡翅", supplier="宏发"), went(b, 3, 8, product="鸡腿"),
        )  # fmt: skip
        found = trace(bad, bo, produced_on=day(1))
        assert [(row.lot.received_on, row.tier) for row in found.to_rule_out.lots] == [(day(3), Tier.TO_RULE_OUT)]
        assert found.concerned.received_grams == 70_000
        assert all(row.tier != Tier.TO_RULE_OUT for row in found.concerned.meals)

    def test_a_batch_seen_elsewhere_with_its_date_points_at_lots_with_the_date_alone(self, bad: World, bo: Any) -> None:
        write(bad.town, bo, came(bad.school_b, 2, 6, produced=1, **LEGS))
        lots = {row.lot.batch: row.tier for row in trace(bad, bo, batch="0302A").lots}
        assert lots == {"0302A": Tier.CERTAIN, "": Tier.POSSIBLE}


class TestFromALot:
    def test_sideways_to_every_school_with_the_same_goods(self, bad: World, bo: Any) -> None:
        found = trace_lot(bo, Lot.objects.get(batch="0302B"))
        assert {row.lot.batch: row.tier for row in found.lots} == {"0302A": Tier.POSSIBLE, "0302B": Tier.CERTAIN}

    def test_produce_without_a_label_is_known_by_its_arrival(self, bad: World, bo: Any) -> None:
        a, b = bad.school_a, bad.school_b
        greens = {"product": "菠菜", "supplier": "绿源"}
        write(bad.town, bo, came(a, 3, 5, **greens), came(b, 3, 5, **greens), came(b, 20, 5, **greens))
        found = trace_lot(bo, Lot.objects.get(org=a, product__name="菠菜"))
        assert {(row.school.name, row.tier) for row in found.lots} == {(a.name, Tier.CERTAIN), (b.name, Tier.POSSIBLE)}

    def test_a_lot_out_of_reach_does_not_exist(self, bad: World) -> None:
        lot = Lot.objects.select_related("org", "supplier", "product").get(batch="0302B")
        with pytest.raises(NotVisible):
            trace_lot(bad.viewer("an", now=LATER), lot)


class TestReach:
    def test_it_stops_at_the_viewers_reach_and_says_so(self, bad: World, bo: Any) -> None:
        keeper = trace(bad, bad.viewer("an", now=LATER), produced_on=day(1))
        assert [school.name for school in keeper.schools] == [bad.school_a.name]
        assert {row.school.name for row in keeper.meals} == {bad.school_a.name}
        assert keeper.reach_ends
        assert trace(bad, bo, produced_on=day(1)).reach_ends
        assert not trace(bad, bad.viewer("eve", now=LATER), produced_on=day(1)).reach_ends

    def test_the_province_sees_the_same_goods_in_the_other_city_where_they_are_kept_under_the_same_names(
        self, bad: World
    ) -> None:
        op = bad.viewer("op", now=LATER)
        found = trace(bad, op, produced_on=day(1))
        assert {school.name for school in found.schools} == {bad.school_a.name, bad.school_b.name, bad.school_c.name}
        assert trace(bad, op, produced_on=day(1), under_path=bad.town.path).received_grams == 70_000
        assert trace(bad, bad.viewer("bo", now=LATER), produced_on=day(1)).received_grams == 70_000

    def test_a_stranger_finds_only_what_is_his_own(self, bad: World) -> None:
        assert trace(bad, bad.viewer("du", now=LATER), produced_on=day(1)).lots == ()
        strange = trace(bad, bad.viewer("chen", now=LATER), produced_on=day(1))
        assert [school.name for school in strange.schools] == [bad.school_c.name]


class TestEaters:
    def meals(self, world: World, by: Any) -> dict[tuple[str, str], Any]:
        return {(row.school.name, row.meal.kind): row.eaters for row in trace(world, by, produced_on=day(1)).meals}

    def test_estimated_by_pupils_at_lunch_and_boarders_else(self, bad: World, bo: Any) -> None:
        found = trace(bad, bo, produced_on=day(1))
        eaters = self.meals(bad, bo)
        assert {key: value.number for key, value in eaters.items()} == {
            (bad.school_a.name, "lunch"): 300, (bad.school_a.name, "dinner"): 100, (bad.school_b.name, "lunch"): 500,
        }  # fmt: skip
        assert found.estimated
        assert (found.portions, found.people) == (900, 800)

    def test_by_the_facts_of_that_day(self, bad: World, bo: Any) -> None:
        SchoolFacts.objects.create(org=bad.school_a, valid_from=day(2), enrolment=310, boarders=111)
        SchoolFacts.objects.create(org=bad.school_a, valid_from=day(9), enrolment=999, boarders=999)
        eaters = self.meals(bad, bo)
        assert eaters[bad.school_a.name, "lunch"].number == 300
        assert eaters[bad.school_a.name, "dinner"].number == 111

    def test_counted_where_somebody_counted(self, bad: World, bo: Any) -> None:
        meal = Meal.objects.get(org=bad.school_a, kind="lunch")
        groups = [
            ClassGroup.objects.create(org=bad.school_a, name=f"四年级{n}班", grade="四年级", school_year=2023)
            for n in (1, 2)
        ]
        for group, eaters in zip(groups, (41, 39), strict=True):
            Headcount.objects.create(org=bad.school_a, meal=meal, class_group=group, eaters=eaters)
        counted = self.meals(bad, bo)[bad.school_a.name, "lunch"]
        assert (counted.number, counted.estimated) == (80, False)
        assert [(row.name, row.eaters) for row in counted.classes] == [("四年级1班", 41), ("四年级2班", 39)]
        Headcount.objects.create(org=bad.school_a, meal=meal, class_group=None, eaters=95)
        assert self.meals(bad, bo)[bad.school_a.name, "lunch"].number == 95

    def test_classes_by_their_rolls_where_nobody_counted(self, bad: World, bo: Any) -> None:
        group = ClassGroup.objects.get()
        Pupil.objects.create(
            org=bad.school_a, class_group=group, name="寄", is_boarder=True, enrolled_on=date(2023, 9, 1)
        )
        Pupil.objects.create(
            org=bad.school_a, class_group=group, name="走", enrolled_on=date(2023, 9, 1), left_on=date(2023, 10, 1)
        )
        eaters = self.meals(bad, bo)
        assert [(row.name, row.eaters) for row in eaters[bad.school_a.name, "lunch"].classes] == [("三年级一班", 2)]
        assert [(row.name, row.eaters) for row in eaters[bad.school_a.name, "dinner"].classes] == [("三年级一班", 1)]

    def test_by_the_roll_where_a_school_has_no_facts(self, bad: World, bo: Any) -> None:
        SchoolFacts.objects.filter(org=bad.school_a).delete()
        assert self.meals(bad, bo)[bad.school_a.name, "lunch"].number == 1


class TestBackwards:
    def test_from_a_meal_to_its_lots_suppliers_and_deliveries(self, bad: World, bo: Any) -> None:
        meal = Meal.objects.get(org=bad.school_a, kind="lunch")
        found = trace_meal(bo, meal)
        assert [(row.lot.batch, row.lot.supplier.name, row.grams, row.tier) for row in found.sources] == [
            ("OLD", "宏发", 5_000, Tier.POSSIBLE),
            ("0302A", "宏发", 15_000, Tier.POSSIBLE),
        ]
        assert [line.delivery.number for line in found.sources[1].lines] == ["SH-20240302-0001"]
        assert [(dish.name, len(dish.sources)) for dish in found.dishes] == [
            ("土豆烧鸡腿", 2),
            ("米饭", 0),
            ("鸡腿汤", 2),
        ]
        assert found.eaters.number == 300
        assert found.without_dish == ()

    def test_a_meal_out_of_reach_does_not_exist(self, bad: World) -> None:
        with pytest.raises(NotVisible):
            trace_meal(bad.viewer("hu", now=LATER), Meal.objects.get(org=bad.school_a, kind="lunch"))

    def test_it_costs_the_same_for_a_small_and_a_large_meal(self, bad: World, bo: Any) -> None:
        small, large = Meal.objects.get(org=bad.school_b), Meal.objects.get(org=bad.school_a, kind="lunch")
        foods = [f"菜{n}" for n in range(30)]
        write(
            bad.town, bo, *(came(bad.school_a, 1, 5, product=name) for name in foods),
            *(went(bad.school_a, 1, 3, product=name) for name in foods),
            menu(bad.school_a, 1, {f"炒{name}": [name] for name in foods}),
        )  # fmt: skip
        costs = []
        for meal in (small, large):
            with CaptureQueriesContext(connection) as queries:
                trace_meal(bo, meal)
            costs.append(len(queries))
        assert costs[0] == costs[1] <= 13


class TestPreview:
    def test_by_any_name_and_in_the_order_of_the_ledgers(self, bad: World, bo: Any) -> None:
        found = preview_recall(bo, supplier="宏发", product=" 鸡腿", produced=day(1), under=bad.town)
        assert found["kg"] == 70.0
        assert [(row["school"], row["date"], row["meal"], row["eaters"]) for row in found["meals"]] == [
            ("柳河中心小学", "2024-03-02", "午餐", 300),
            ("柳河中心小学", "2024-03-03", "晚餐", 100),
            ("柳河初级中学", "2024-03-02", "午餐", 500),
        ]
        assert (found["eaters"], found["children"], found["estimated"]) == (900, 800, True)

    def test_an_unknown_name_and_a_unit_out_of_reach(self, bad: World, bo: Any) -> None:
        with pytest.raises(Refused, match="无名"):
            preview_recall(bo, supplier="无名", product="鸡腿", produced=day(1), under=bad.town)
        with pytest.raises(NotVisible):
            preview_recall(
                bad.viewer("chen", now=LATER), supplier="宏发", product="鸡腿", produced=day(1), under=bad.town
            )


def test_a_trace_costs_the_same_for_two_schools_and_for_forty(bad: World, bo: Any) -> None:
    from tests.world import make_school

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            trace_goods(bo, supplier=supplier, product=product, produced_on=day(1))
        return len(queries)

    supplier, product = Party.objects.filter(name="宏发").first(), Product.objects.filter(name="鸡腿").first()
    few = cost()
    schools = [make_school(bad.town, f"第{n}小学", 100 + n) for n in range(40)]
    write(
        bad.town, bo, *(came(school, 1, 20, produced=1, batch="0302A", **LEGS) for school in schools),
        *(went(school, on, 5, product="鸡腿") for school in schools for on in (1, 2, 3)),
    )  # fmt: skip
    assert cost() == few <= 20
