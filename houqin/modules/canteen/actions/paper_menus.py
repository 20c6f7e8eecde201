"""Writing weighed menus. A menu is a plan, not evidence: a corrected one replaces the former."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.moving import BATCH
from houqin.modules.canteen.models import Menu, MenuDish, MenuIngredient
from houqin.modules.canteen.queries.paper import Plan
from houqin.modules.canteen.rules.paper import PaperMenu, Row

Content = dict[str, dict[int, int]]  # dish → product → grams a head, in the order written


def write_menus(plan: Plan, by: Viewer) -> dict[Row, UUID]:
    """Write the menus; those that say the same already stay as they are."""
    Menu.objects.filter(pk__in=[menu.pk for menu in plan.menus.values()]).delete()
    rows = plan.book.menus
    if not rows:
        return {}
    known = {
        (menu.org_id, menu.day, menu.kind): menu
        for menu in Menu.objects.filter(org_id__in={row.org_id for row in rows}, day__in={row.day for row in rows})
    }
    said = _contents(known.values())
    menus = {row.row: known.setdefault((row.org_id, row.day, row.kind), _new(row)) for row in rows}
    Menu.objects.bulk_create((menu for menu in known.values() if menu.pk is None), batch_size=BATCH)
    wanted = {menus[row.row].pk: (menus[row.row], _content(plan, row)) for row in rows}
    changed = {pk: pair for pk, pair in wanted.items() if list(said[pk].items()) != list(pair[1].items())}
    MenuDish.objects.filter(menu__in=[menu for menu, _dishes in changed.values()]).delete()
    _write_dishes(changed.values())
    return {row: menu.public_id for row, menu in menus.items()}


def _new(row: PaperMenu) -> Menu:
    return Menu(org_id=row.org_id, day=row.day, kind=row.kind)


def _content(plan: Plan, row: PaperMenu) -> Content:
    """Dishes of one name are one dish; an ingredient named twice is added up."""
    dishes: Content = {}
    for dish in row.dishes:
        ingredients = dishes.setdefault(dish.name[:60], {})
        for name, grams in dish.ingredients:
            product = plan.products.rows[name].pk
            ingredients[product] = ingredients.get(product, 0) + grams
    return dishes


def _contents(menus: Iterable[Menu]) -> dict[int, Content]:
    """What recorded menus say."""
    said: dict[int, Content] = defaultdict(dict)
    dishes = MenuDish.objects.filter(menu__in=list(menus)).order_by("menu", "position").prefetch_related("ingredients")
    for dish in dishes:
        inside = sorted(dish.ingredients.all(), key=lambda item: item.pk)
        said[dish.menu_id][dish.name] = {item.product_id: item.grams_per_head for item in inside}
    return said


def _write_dishes(changed: Iterable[tuple[Menu, Content]]) -> None:
    dishes = [
        (MenuDish(org_id=menu.org_id, menu=menu, name=name, position=place), inside)
        for menu, content in changed
        for place, (name, inside) in enumerate(content.items())
    ]
    MenuDish.objects.bulk_create((dish for dish, _inside in dishes), batch_size=BATCH)
    MenuIngredient.objects.bulk_create(
        (
            MenuIngredient(org_id=dish.org_id, dish=dish, product_id=product, grams_per_head=grams)
            for dish, inside in dishes
            for product, grams in inside.items()
        ),
        batch_size=BATCH,
    )
