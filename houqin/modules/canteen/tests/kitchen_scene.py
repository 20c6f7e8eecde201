"""Lunch in school A for a hundred: rice of two days, chicken, and too few potatoes."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from houqin.core.parties.models import Party
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.meals import ForMeal, IssueLine
from houqin.modules.canteen.models import Headcount, Lot, Meal, MealDish, Menu, MenuDish, MenuIngredient, Product
from houqin.modules.canteen.queries.plans import Plan, plan_for
from houqin.modules.canteen.tests.recall_scene import party, put_lot
from tests.world import NOON, TODAY, World

LUNCH = ForMeal(TODAY, "lunch")
RICE, CHICKEN, POTATO = "大米", "鸡腿", "土豆"
DISHES = {"米饭": {RICE: 90}, "土豆烧鸡腿": {POTATO: 60, CHICKEN: 70}}
HEADS = 100


@dataclass
class Kitchen:
    """What lies in store, and who acts."""

    world: World
    supplier: Party
    goods: dict[str, Product]
    menu: Menu
    today: date = TODAY
    lots: dict[str, Lot] = field(default_factory=dict)

    @property
    def an(self) -> Viewer:
        """The keeper, at noon."""
        return self.world.viewer("an")

    @property
    def shi(self) -> Viewer:
        """The cook, at noon."""
        return self.world.viewer("shi")

    def at(self, name: str, **later: float) -> Viewer:
        """One of the cast, so much later than noon."""
        return self.world.viewer(name, now=NOON + timedelta(**later))

    def lot(self, product: str, kg: float, batch: str, produced: int, **more: Any) -> Lot:
        """Goods in store, produced so many days before today."""
        day = self.today - timedelta(days=produced)
        received = more.pop("received_on", day)
        self.lots[batch] = put_lot(
            more.pop("school", self.world.school_a), self.goods[product], self.supplier, grams=round(kg * 1000),
            produced_on=day, batch=batch, received_on=received,
        )  # fmt: skip
        return self.lots[batch]

    def plan(self, day: date | None = None) -> Plan:
        """The plan as it is now."""
        return plan_for(self.world.school_a, day or self.today, "lunch")

    def wanted(self, **kg: float) -> list[IssueLine]:
        """Lines of an issue, kilograms by product."""
        return [IssueLine(self.goods[name], round(weight * 1000)) for name, weight in kg.items()]

    def breakfast(self, *dishes: str) -> ForMeal:
        """Today's breakfast with dishes that nobody weighed."""
        meal = Meal.objects.create(org=self.world.school_a, day=self.today, kind="breakfast")
        MealDish.objects.bulk_create(MealDish(org=meal.org, meal=meal, name=name) for name in dishes)
        return ForMeal(self.today, "breakfast")

    def count(self, heads: int) -> None:
        """The kitchen counted so many."""
        meal, _made = Meal.objects.get_or_create(org=self.world.school_a, day=self.today, kind="lunch")
        Headcount.objects.update_or_create(
            org=self.world.school_a, meal=meal, class_group=None, defaults={"eaters": heads}
        )


def make_menu(world: World, goods: dict[str, Product], dishes: dict[str, dict[str, int]], day: date = TODAY) -> Menu:
    """The town's weighed menu of a lunch."""
    menu = Menu.objects.create(org=world.town, day=day, kind="lunch")
    for place, (name, inside) in enumerate(dishes.items()):
        dish = MenuDish.objects.create(org=world.town, menu=menu, name=name, position=place)
        for product, grams in inside.items():
            MenuIngredient.objects.create(org=world.town, dish=dish, product=goods[product], grams_per_head=grams)
    return menu


def make_kitchen(world: World, today: date = TODAY) -> Kitchen:
    """Rice A 5 kg before B 20 kg, chicken 10 kg, potatoes 3 kg where 6 are needed."""
    goods = {name: Product.objects.create(org=world.town, name=name) for name in (RICE, CHICKEN, POTATO)}
    kitchen = Kitchen(world, party(world.town, "鸿运生鲜"), goods, make_menu(world, goods, DISHES, today), today)
    kitchen.lot(RICE, 5, "A", 9)
    kitchen.lot(RICE, 20, "B", 5)
    kitchen.lot(CHICKEN, 10, "C", 1)
    kitchen.lot(POTATO, 3, "D", 2)
    kitchen.count(HEADS)
    return kitchen
