"""What the whole province shares: products, suppliers by district, weighed menus, terms."""

from collections.abc import Iterable
from datetime import date

from benchmarks.province.copying import Rows
from benchmarks.province.dice import Dice, Ids
from benchmarks.province.tree import SINCE, Office, Tree
from houqin.config.demo.kitchen import DAIRY, FRESH, GOODS, STAPLES, TOFU, VEGETABLES, dishes_of
from houqin.core.calendars.models import DayKind, DayMark, Term
from houqin.core.orgs.models import Kind
from houqin.core.parties.models import Party
from houqin.core.subjects.models import Subject
from houqin.modules.canteen.models import Menu, MenuDish, MenuIngredient, Product

SUPPLIERS = (VEGETABLES, FRESH, STAPLES, TOFU, DAIRY)
CATEGORIES = {
    "大米": "grain", "面粉": "grain", "菜籽油": "oil", "食盐": "seasoning", "生抽酱油": "seasoning", "纯牛奶": "milk", "鲜猪肉": "meat",
    "鸡腿": "poultry", "草鱼": "fish", "鸡蛋": "egg", "豆腐": "soy",
}  # fmt: skip
TERMS = (("第一学期", (0, 9, 1), (1, 1, 20)), ("第二学期", (1, 2, 21), (1, 7, 5)))
PRODUCTS = {name: number for number, name in enumerate(GOODS, 1)}
_DISTRICTS = {name: number for number, name in enumerate(SUPPLIERS)}


def supplier(district: Office, name: str) -> int:
    """The id of the firm of this kind in a district."""
    return district.pk * len(SUPPLIERS) + _DISTRICTS[name]


def write_terms(rows: Rows, ids: Ids, tree: Tree, seed: int, first: date, last: date) -> None:
    """The terms of the school years that the days touch."""
    dice = Dice(seed, "terms")
    for year in range(first.year - 1, last.year + 1):
        for name, (begins, *start), (ends, *end) in TERMS:
            rows.add(
                Term, id=ids.next(Term), public_id=dice.uuid7(SINCE), org_id=tree.top.pk, school_year=year, name=name,
                starts_on=date(year + begins, *start), ends_on=date(year + ends, *end),
            )  # fmt: skip


def mark_school_day(rows: Rows, ids: Ids, tree: Tree, day: date) -> None:
    """Lessons are held on this day, so that there is something to see on it."""
    rows.add(DayMark, id=ids.next(DayMark), org_id=tree.top.pk, day=day, kind=DayKind.MAKE_UP.value, label="调休上课")


def write_goods(rows: Rows, ids: Ids, tree: Tree, seed: int) -> None:
    """Products of the province, firms of each district that has schools."""
    dice = Dice(seed, "goods")
    for name, number in PRODUCTS.items():
        subject = ids.next(Subject)
        rows.add(Subject, id=subject, public_id=dice.uuid7(SINCE), kind="product", org_id=tree.top.pk, label=name)
        rows.add(
            Product, id=number, public_id=dice.uuid7(SINCE), subject_id=subject, org_id=tree.top.pk, name=name,
            category=CATEGORIES.get(name, "vegetable"), shelf_life_days=GOODS[name].days,
        )  # fmt: skip
    districts = {one.town.parent.pk: one.town.parent for one in tree.schools if one.town.parent}
    for district in districts.values():
        for kind in SUPPLIERS:
            name, subject = f"{district.name}{kind.removeprefix('云梦')}", ids.next(Subject)
            rows.add(Subject, id=subject, public_id=dice.uuid7(SINCE), kind="party", org_id=district.pk, label=name)
            rows.add(
                Party, id=supplier(district, kind), public_id=dice.uuid7(SINCE), subject_id=subject, org_id=district.pk,
                name=name, phone=f"1380{dice.randint(10**6, 10**7 - 1)}",
            )  # fmt: skip


def write_menus(rows: Rows, ids: Ids, tree: Tree, seed: int, days: Iterable[date]) -> None:
    """The province's weighed menu of each school day."""
    assert tree.top.kind == Kind.PROVINCE
    dice = Dice(seed, "menus")
    for day in days:
        for kind, dishes in dishes_of(day).items():
            menu = ids.next(Menu)
            rows.add(Menu, id=menu, public_id=dice.uuid7(SINCE), org_id=tree.top.pk, day=day, kind=kind)
            for position, dish in enumerate(dishes):
                one = ids.next(MenuDish)
                rows.add(MenuDish, id=one, org_id=tree.top.pk, menu_id=menu, name=dish.name, position=position)
                for product, grams in dish.ingredients:
                    rows.add(
                        MenuIngredient, id=ids.next(MenuIngredient), org_id=tree.top.pk, dish_id=one,
                        product_id=PRODUCTS[product], grams_per_head=grams,
                    )  # fmt: skip


def menu_ids(days: Iterable[date]) -> dict[tuple[date, str], int]:
    """The id of each menu, as ``write_menus`` gives them."""
    found: dict[tuple[date, str], int] = {}
    for day in days:
        for kind in dishes_of(day):
            found[day, kind] = len(found) + 1
    return found
