"""What was cooked: the menu in force for a meal, without the dishes dropped on the day, with those cooked instead."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from houqin.core.orgs.models import OrgUnit
from houqin.modules.canteen.models import Category, Meal, MealDish, Menu, MenuChange, MenuDish, MenuIngredient, Product

AS_BOUGHT = frozenset({Category.MILK, Category.FRUIT})


@dataclass(frozen=True)
class CookedDish:
    """A dish in the pot. ``weighed_by`` is the menu dish whose grams a head hold for it, ``extra`` the dish of the day."""

    name: str
    weighed_by: int | None = None
    extra: int | None = None


def menus_of(meals: Iterable[Meal]) -> dict[int, int]:
    """Each meal → the menu it was cooked by: the one it names, else the nearest of school, town, district. One query.

    The meals come with their schools.
    """
    meals = list(meals)
    paths = {path for meal in meals for path in (*meal.org.ancestor_paths, meal.org.path)}
    rows = Menu.objects.filter(day__in={meal.day for meal in meals}, org__path__in=paths)
    known = {(path, day, kind): pk for pk, path, day, kind in rows.values_list("pk", "org__path", "day", "kind")}
    found: dict[int, int] = {}
    for meal in meals:
        near = (known.get((path, meal.day, meal.kind)) for path in _nearest_first(meal.org))
        menu = meal.menu_id or next((pk for pk in near if pk), None)
        if menu:
            found[meal.pk] = menu
    return found


def _nearest_first(org: OrgUnit) -> list[str]:
    return [org.path, *reversed(org.ancestor_paths)]


def stored(meals: Iterable[Meal]) -> list[int]:
    """The keys of those that have a row; one still to come stands under a key below zero, and nothing points at it."""
    return [meal.pk for meal in meals if meal.pk > 0]


def dishes_cooked(meals: Collection[Meal]) -> dict[int, list[CookedDish]]:
    """Each meal → its dishes, those of the menu in their order, then those of the day. Four queries at most.

    The meals come with their schools.
    """
    menus = menus_of(meals)
    planned = _planned(set(menus.values()))
    keys = stored(meals)
    extra: dict[int, list[MealDish]] = defaultdict(list)
    for dish in MealDish.objects.filter(meal__in=keys).order_by("pk"):
        extra[dish.meal_id].append(dish)
    changes: dict[int, list[MenuChange]] = defaultdict(list)
    for change in MenuChange.objects.filter(meal__in=keys).order_by("pk"):
        changes[change.meal_id].append(change)
    return {meal.pk: _after(planned.get(menus.get(meal.pk, 0), []), extra[meal.pk], changes[meal.pk]) for meal in meals}


def _planned(menu_ids: Collection[int]) -> dict[int, list[CookedDish]]:
    found: dict[int, list[CookedDish]] = defaultdict(list)
    rows = MenuDish.objects.filter(menu__in=menu_ids).order_by("menu", "position")
    for pk, menu, name in rows.values_list("pk", "menu_id", "name"):
        found[menu].append(CookedDish(name, weighed_by=pk))
    return found


def _after(planned: Iterable[CookedDish], extra: Iterable[MealDish], changes: Iterable[MenuChange]) -> list[CookedDish]:
    """The menu with its changes made one after the other: a dish that was dropped may come back."""
    added = {dish.pk: CookedDish(dish.name, weighed_by=dish.like_id, extra=dish.pk) for dish in extra}
    later = {change.added_id for change in changes}
    found = {dish.name: dish for dish in planned}
    for pk, dish in added.items():
        if pk not in later:
            found.setdefault(dish.name, dish)
    for change in changes:
        found.pop(change.dropped, None)
        if change.added_id:
            found[added[change.added_id].name] = added[change.added_id]
    return list(found.values())


def cooked_dishes(meals: Collection[Meal]) -> dict[int, list[str]]:
    """Each meal → the names of its dishes. Four queries."""
    return {pk: [dish.name for dish in dishes] for pk, dishes in dishes_cooked(meals).items()}


def parts_of(dishes: Iterable[CookedDish]) -> dict[CookedDish, list[tuple[Product, int | None]]]:
    """Each dish → what goes into it and how many grams a head; None where nobody weighed it. Three queries."""
    dishes = list(dishes)
    weighed: dict[int, list[tuple[Product, int | None]]] = defaultdict(list)
    rows = MenuIngredient.objects.filter(dish__in=[dish.weighed_by for dish in dishes if dish.weighed_by])
    for row in rows.select_related("product").order_by("pk"):
        weighed[row.dish_id].append((row.product, row.grams_per_head))
    of_the_day = MealDish.objects.filter(pk__in=[dish.extra for dish in dishes if dish.extra])
    named = {dish.pk: dish.products.all() for dish in of_the_day.prefetch_related("products")}
    return {
        dish: weighed.get(dish.weighed_by or 0) or [(product, None) for product in named.get(dish.extra or 0, ())]
        for dish in dishes
    }


def uncooked(dishes: Iterable[CookedDish]) -> set[CookedDish]:
    """Dishes that go to the table as they were bought: of milk or fruit alone. Nobody measures their core. Three queries."""
    parts = parts_of(dishes)
    return {
        dish for dish, inside in parts.items() if inside and all(one.category in AS_BOUGHT for one, _grams in inside)
    }


def ingredients_of(dishes: Iterable[CookedDish]) -> dict[str, list[tuple[Product, int | None]]]:
    """The dishes of one meal by name → what goes into each. Three queries."""
    return {dish.name: parts for dish, parts in parts_of(dishes).items()}


def dishes_with(meals: Collection[Meal], product_ids: Collection[int]) -> dict[int, list[str]]:
    """Each meal → the names of its dishes that hold one of the products. Six queries."""
    cooked = dishes_cooked(meals)
    weighed = {dish.weighed_by for dishes in cooked.values() for dish in dishes if dish.weighed_by}
    named = {dish.extra for dishes in cooked.values() for dish in dishes if dish.extra}
    rows = MenuIngredient.objects.filter(dish__in=weighed, product_id__in=product_ids)
    holding = set(rows.values_list("dish_id", flat=True))
    extra = set(MealDish.objects.filter(pk__in=named, products__in=product_ids).values_list("pk", flat=True))
    return {
        pk: [dish.name for dish in dishes if dish.weighed_by in holding or dish.extra in extra]
        for pk, dishes in cooked.items()
    }
