"""What a meal costs a head, and what of it a head gets."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from houqin.modules.canteen.models import Headcount, Meal, Product
from houqin.modules.canteen.queries import ledgers
from houqin.modules.canteen.queries.costs import costs_of, share, taken_moves, worth_of
from houqin.modules.canteen.tests.recall_scene import party, put_lot, serve
from tests.world import TODAY, World


@pytest.fixture
def meal(world: World) -> Meal:
    """20 kg of rice at 5 yuan a kilogram and 7 kg of chicken at 18.01 yuan, for a hundred; the chicken of two lots."""
    supplier = party(world.town, "惠民粮油")
    rice = Product.objects.create(org=world.town, name="大米", category="grain")
    chicken = Product.objects.create(org=world.town, name="鸡腿", category="poultry")
    for product, grams, fen, taken, batch in (
        (rice, 50_000, 25_000, 20_000, "R"), (chicken, 10_000, 18_010, 4_000, "A"), (chicken, 10_000, 18_010, 3_000, "B"),
    ):  # fmt: skip
        lot = put_lot(
            world.school_a, product, supplier, grams=grams, produced_on=date(2024, 3, 1), batch=batch, received_on=TODAY
        )
        lot.lines.update(amount_fen=fen)
        meal = serve(lot, taken, day=TODAY)
    Headcount.objects.create(org=world.school_a, meal=meal, eaters=100)
    return meal


def test_goods_are_worth_what_was_recorded_when_they_came(meal: Meal) -> None:
    cost = costs_of([meal])[meal.pk]
    assert cost.fen == 10_000 + 7_204 + 5_403
    assert cost.fen_a_head == 226
    assert [(grams, a_head) for _label, grams, a_head in cost.foods] == [(20_000, 200), (7_000, 70)]
    assert cost.unpriced_grams == 0


def test_the_whole_count_takes_the_place_of_the_classes_for_cost(meal: Meal, world: World) -> None:
    Headcount.objects.create(org=meal.org, meal=meal, class_group=world.group, eaters=40)
    Headcount.objects.create(org=meal.org, meal=meal, kind="staff", eaters=10)
    assert costs_of([meal])[meal.pk].fen_a_head == 206
    assert ledgers.meals(world.viewer("an")).get().eaters == 110
    Headcount.objects.filter(class_group__isnull=True, kind="pupils").delete()
    assert ledgers.meals(world.viewer("an")).get().eaters == 50


def test_goods_without_a_price_are_told_and_left_out(meal: Meal, world: World) -> None:
    meal.moves.earliest("pk").lot.lines.update(amount_fen=0)
    cost = costs_of([meal])[meal.pk]
    assert (cost.fen, cost.unpriced_grams) == (7_204 + 5_403, 20_000)


def test_the_list_says_the_same_as_the_page(meal: Meal) -> None:
    moves: Any = taken_moves().filter(meal=meal)
    assert share(worth_of(list(moves)), 100) == costs_of([meal])[meal.pk].fen_a_head == 226
    assert share(0, 100) is share(500, 0) is share(500, None) is None


def test_many_meals_cost_as_many_queries_as_one(meal: Meal, world: World) -> None:
    others = [Meal.objects.create(org=world.school_b, day=date(2024, 3, n), kind="lunch") for n in range(1, 20)]
    costs = []
    for meals in ([meal], [meal, *others]):
        with CaptureQueriesContext(connection) as queries:
            costs_of(meals)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 6
