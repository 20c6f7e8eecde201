"""What a meal needs: menu × heads, first produced first, what may not be used left out and named."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from houqin.modules.canteen.actions.meals import issue_meal
from houqin.modules.canteen.models import Delivery, Lot, Meal, MealDish, MenuChange, Product
from houqin.modules.canteen.queries.dishes import cooked_dishes, dishes_with
from houqin.modules.canteen.queries.plans import PlanLine
from houqin.modules.canteen.rules.issuing import Bar, bar_of, first_produced, split
from houqin.modules.canteen.tests.kitchen_scene import CHICKEN, LUNCH, POTATO, RICE, Kitchen, make_menu
from houqin.modules.canteen.tests.test_corrections import freeze
from tests.world import NOON, TODAY


@dataclass(frozen=True)
class Goods:
    pk: int
    grams: int
    received_on: date = TODAY
    produced_on: date | None = None
    expires_on: date | None = None
    is_frozen: bool = False


DAYS = st.dates(date(2024, 2, 1), date(2024, 3, 10))
SHELF = st.lists(
    st.builds(
        Goods, pk=st.integers(1, 10**6), grams=st.integers(0, 50_000), received_on=DAYS,
        produced_on=st.none() | DAYS, expires_on=st.none() | DAYS, is_frozen=st.booleans(),
    ),
    unique_by=lambda one: one.pk, max_size=8,
)  # fmt: skip


@given(SHELF, st.integers(0, 200_000))
def test_a_split_never_takes_more_than_is_there_nor_than_is_wanted(shelf: list[Goods], wanted: int) -> None:
    left = {one.pk: one.grams for one in shelf}
    parts = split(first_produced(shelf), wanted, left)
    assert sum(grams for _lot, grams in parts) == min(wanted, sum(left.values()))
    assert all(0 < grams <= left[lot.pk] for lot, grams in parts)


@given(SHELF, st.integers(1, 200_000))
def test_nothing_younger_is_touched_before_the_older_is_gone(shelf: list[Goods], wanted: int) -> None:
    left = {one.pk: one.grams for one in shelf}
    parts = split(first_produced(shelf), wanted, left)
    taken = {lot.pk: grams for lot, grams in parts}
    if parts:
        youngest = parts[-1][0]
        older = [one for one in first_produced(shelf) if one.grams][: len(parts) - 1]
        assert all(taken[one.pk] == one.grams for one in older if one.pk != youngest.pk)


@given(SHELF, DAYS, st.sets(st.integers(1, 10**6)))
def test_what_is_frozen_past_its_date_or_unsigned_is_barred(shelf: list[Goods], day: date, unsigned: set[int]) -> None:
    for one in shelf:
        bad = one.is_frozen or (one.expires_on is not None and one.expires_on < day) or one.pk in unsigned
        assert (bar_of(one, day, unsigned) is not None) == bad


def line(kitchen: Kitchen, name: str) -> PlanLine:
    return next(one for one in kitchen.plan().lines if one.product.name == name)


class TestPlan:
    def test_grams_a_head_times_heads_from_the_oldest_produced(self, kitchen: Kitchen) -> None:
        plan = kitchen.plan()
        assert [dish.name for dish in plan.dishes] == ["米饭", "土豆烧鸡腿"]
        assert {one.product.name: (one.grams, one.short_grams) for one in plan.lines} == {
            RICE: (9_000, 0), CHICKEN: (7_000, 0), POTATO: (6_000, 3_000),
        }  # fmt: skip
        assert [(lot.batch, grams) for lot, grams in line(kitchen, RICE).lots] == [("A", 5_000), ("B", 4_000)]
        assert line(kitchen, RICE).on_hand_grams == 25_000
        assert [one.product.name for one in plan.short] == [POTATO]

    def test_all_names_of_a_product_are_one_need_and_one_stock(self, kitchen: Kitchen) -> None:
        kitchen.goods["稻米"] = Product.objects.create(
            org=kitchen.world.town, name="稻米", merged_into=kitchen.goods[RICE], root=kitchen.goods[RICE]
        )
        kitchen.lot("稻米", 1, "Z", 30)
        kitchen.menu.dishes.get(name="土豆烧鸡腿").ingredients.create(
            org=kitchen.world.town, product=kitchen.goods["稻米"], grams_per_head=10
        )
        found = line(kitchen, RICE)
        assert found.grams == 10_000
        assert [(lot.batch, grams) for lot, grams in found.lots] == [("Z", 1_000), ("A", 5_000), ("B", 4_000)]
        assert found.dishes == ("米饭", "土豆烧鸡腿")

    def test_frozen_unsigned_and_expired_lots_are_left_out_and_named(self, kitchen: Kitchen) -> None:
        freeze(kitchen.world, kitchen.lots["A"])
        Lot.objects.filter(batch="B").update(expires_on=TODAY - timedelta(days=1))
        Delivery.objects.filter(lines__lot__batch="C").update(signed_at=None)
        assert {bar: [lot.batch for lot in lots] for bar, lots in line(kitchen, RICE).left_out.items()} == {
            Bar.FROZEN: ["A"], Bar.EXPIRED: ["B"],
        }  # fmt: skip
        chicken = line(kitchen, CHICKEN)
        assert (chicken.left_out[Bar.UNSIGNED][0].batch, chicken.short_grams, chicken.awaits_signature) == (
            "C",
            7_000,
            True,
        )

    def test_goods_of_today_and_of_the_date_itself_are_used_and_those_of_tomorrow_are_not(
        self, kitchen: Kitchen
    ) -> None:
        Lot.objects.filter(batch="A").update(expires_on=TODAY)
        Lot.objects.filter(batch="B").update(received_on=TODAY + timedelta(days=1))
        assert [lot.batch for lot in line(kitchen, RICE).usable] == ["A"]

    def test_what_was_issued_is_no_longer_needed(self, kitchen: Kitchen) -> None:
        issue_meal(kitchen.world.school_a, by=kitchen.an, meal=LUNCH, lines=kitchen.wanted(大米=9, 鸡腿=2))
        plan = kitchen.plan()
        assert {one.product.name: one.grams for one in plan.open_lines} == {CHICKEN: 5_000, POTATO: 6_000}
        assert [issue.quantity_grams for issue in plan.issued] == [9_000, 2_000]

    def test_another_schools_store_gives_nothing(self, kitchen: Kitchen) -> None:
        kitchen.lot(POTATO, 50, "elsewhere", 3, school=kitchen.world.school_b)
        assert line(kitchen, POTATO).short_grams == 3_000

    def test_without_a_menu_there_is_nothing_to_plan(self, kitchen: Kitchen) -> None:
        plan = kitchen.plan(TODAY + timedelta(days=1))
        assert (plan.dishes, plan.lines, plan.issued) == ((), (), ())

    def test_it_costs_the_same_for_two_dishes_and_for_twenty(self, kitchen: Kitchen) -> None:
        def cost(day: date) -> int:
            with CaptureQueriesContext(connection) as queries:
                kitchen.plan(day)
            return len(queries)

        few, tomorrow = cost(TODAY), TODAY + timedelta(days=1)
        goods = {f"菜{n}": Product.objects.create(org=kitchen.world.town, name=f"菜{n}") for n in range(20)}
        kitchen.goods |= goods
        for name in goods:
            kitchen.lot(name, 3, name, 1)
        make_menu(kitchen.world, goods, {f"炒{name}": {name: 50} for name in goods}, tomorrow)
        Meal.objects.create(org=kitchen.world.school_a, day=tomorrow, kind="lunch")
        assert cost(tomorrow) == few <= 18


class TestCooked:
    """The menu, without what was dropped, with what was cooked instead."""

    @pytest.fixture
    def meal(self, kitchen: Kitchen) -> Meal:
        return Meal.objects.select_related("org").get()

    def change(self, meal: Meal, dropped: str, added: MealDish | None = None) -> None:
        MenuChange.objects.create(org=meal.org, meal=meal, dropped=dropped, added=added, why="gas", at=NOON)

    def test_dropped_added_and_put_back(self, kitchen: Kitchen, meal: Meal) -> None:
        soup = MealDish.objects.create(org=meal.org, meal=meal, name="鸡腿汤")
        soup.products.add(kitchen.goods[CHICKEN])
        self.change(meal, "土豆烧鸡腿", soup)
        assert cooked_dishes([meal]) == {meal.pk: ["米饭", "鸡腿汤"]}
        assert dishes_with([meal], [kitchen.goods[CHICKEN].pk]) == {meal.pk: ["鸡腿汤"]}
        assert dishes_with([meal], [kitchen.goods[POTATO].pk]) == {meal.pk: []}
        again = MealDish.objects.create(
            org=meal.org, meal=meal, name="土豆烧鸡腿", like=kitchen.menu.dishes.get(name="土豆烧鸡腿")
        )
        self.change(meal, "鸡腿汤", again)
        assert cooked_dishes([meal]) == {meal.pk: ["米饭", "土豆烧鸡腿"]}
        assert dishes_with([meal], [kitchen.goods[POTATO].pk]) == {meal.pk: ["土豆烧鸡腿"]}

    def test_a_dish_that_nobody_weighed_is_named_in_the_plan(self, kitchen: Kitchen, meal: Meal) -> None:
        soup = MealDish.objects.create(org=meal.org, meal=meal, name="鸡腿汤")
        soup.products.add(kitchen.goods[CHICKEN])
        self.change(meal, "土豆烧鸡腿", soup)
        found = line(kitchen, CHICKEN)
        assert (found.unweighed, found.grams, found.is_open) == (True, 0, True)
