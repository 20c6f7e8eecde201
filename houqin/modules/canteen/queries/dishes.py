"""Which dishes of a meal hold a product: by the menu that was in force for it, and by what was cooked besides."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from houqin.core.orgs.models import OrgUnit
from houqin.modules.canteen.models import Meal, MealDish, Menu, MenuIngredient


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


def dishes_with(meals: Collection[Meal], product_ids: Collection[int]) -> dict[int, list[str]]:
    """Each meal → the names of its dishes that hold one of the products, in the order of the menu. Three queries."""
    menus = menus_of(meals)
    rows = MenuIngredient.objects.filter(dish__menu_id__in=set(menus.values()), product_id__in=product_ids)
    by_menu: dict[int, dict[str, None]] = defaultdict(dict)
    for menu, name in rows.order_by("dish__menu", "dish__position").values_list("dish__menu_id", "dish__name"):
        by_menu[menu][name] = None
    extra = MealDish.objects.filter(meal__in=[meal.pk for meal in meals], products__in=product_ids).distinct()
    by_meal: dict[int, list[str]] = {
        meal.pk: list(by_menu[menus[meal.pk]]) if meal.pk in menus else [] for meal in meals
    }
    for meal_id, name in extra.order_by("pk").values_list("meal_id", "name"):
        if name not in by_meal[meal_id]:
            by_meal[meal_id].append(name)
    return by_meal
