"""Where the day's goods came from and went: suppliers and what lay in store → goods → pots and what stays → classes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Sum
from django.db.models.functions import Coalesce

from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.people.models import ClassGroup
from houqin.modules.canteen.models import EntryKind, Meal, Product, StockMove
from houqin.modules.canteen.queries.heads import Heads, heads_of
from houqin.modules.canteen.queries.store import MEAL_ORDER

MOST_CLASSES = 16  # beyond it classes are told by grade


class Stage(StrEnum):
    """The columns of the picture, from the door to the table."""

    SUPPLIER = "supplier"
    BEFORE = "before"
    OTHER_IN = "other_in"
    PRODUCT = "product"
    MEAL = "meal"
    STAYS = "stays"
    OTHER_OUT = "other_out"
    EATERS = "eaters"


Place = tuple[Stage, Any]  # a stage, and the row or word that tells apart what stands in it


@dataclass
class DayGoods:
    """Grams from place to place. ``people`` eat at each meal, by the class or group they belong to."""

    day: date
    grams: dict[tuple[Place, Place], int] = field(default_factory=lambda: defaultdict(int))
    meals: Sequence[Meal] = ()
    people: dict[int, dict[str, int]] = field(default_factory=dict)
    heads: dict[int, Heads] = field(default_factory=dict)

    def out_of(self, stage: Stage) -> dict[Any, int]:
        """What came out of each place of a stage, the most first."""
        return self._sums(stage, 0)

    def into(self, stage: Stage) -> dict[Any, int]:
        """What went into each place of a stage: meals in their order, else the most first."""
        return self._sums(stage, 1)

    def _sums(self, stage: Stage, side: int) -> dict[Any, int]:
        found: dict[Any, int] = defaultdict(int)
        for link, grams in self.grams.items():
            if link[side][0] == stage:
                found[link[side][1]] += grams
        if stage == Stage.MEAL:
            return {meal: found[meal] for meal in self.meals if meal in found}
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))


@dataclass
class _Lot:
    """What moved of one lot today."""

    product: int
    came: dict[Place, int] = field(default_factory=dict)
    went: dict[Place, int] = field(default_factory=dict)


def day_goods(org: OrgUnit, day: date) -> DayGoods:
    """The day's movements as they stand, reversals taken off. Twelve queries, whatever the day holds."""
    moved = _moved(org, day)
    products = Product.objects.in_bulk({row["product"] for row in moved})
    firms = Party.objects.in_bulk({row["firm"] for row in moved})
    meals = _meals(org, day)
    found = DayGoods(day, meals=meals)
    for lot in _lots(moved, firms, {meal.pk: meal for meal in meals}).values():
        _add(found.grams, (Stage.PRODUCT, products[lot.product]), lot)
    found.heads, found.people = _people(meals)
    return found


def _meals(org: OrgUnit, day: date) -> list[Meal]:
    rows = Meal.objects.filter(org=org, day=day).select_related("org")
    return sorted(rows, key=lambda meal: MEAL_ORDER[meal.kind])


def _moved(org: OrgUnit, day: date) -> list[dict[str, Any]]:
    """Grams by lot, and by what moved them. One query."""
    moves = StockMove.objects.filter(org=org, day=day).order_by().annotate(
        product=Coalesce("lot__product__root_id", "lot__product_id"), firm=Coalesce("lot__supplier__root_id", "lot__supplier_id")
    )  # fmt: skip
    return list(moves.values("lot_id", "product", "firm", "meal_id", "entry__kind").annotate(total=Sum("grams")))


def _lots(moved: Sequence[dict[str, Any]], firms: Mapping[int, Party], meals: Mapping[int, Meal]) -> dict[int, _Lot]:
    lots: dict[int, _Lot] = {}
    for row in moved:
        lot = lots.setdefault(row["lot_id"], _Lot(row["product"]))
        kind, grams = row["entry__kind"], row["total"]
        if kind:
            side, place = (lot.came, Stage.OTHER_IN) if grams > 0 else (lot.went, Stage.OTHER_OUT)
            side[place, EntryKind(kind)] = abs(grams)
        elif row["meal_id"]:
            lot.went[Stage.MEAL, meals[row["meal_id"]]] = -grams
        else:
            lot.came[Stage.SUPPLIER, firms[row["firm"]]] = grams
    return lots


def _add(grams: dict[tuple[Place, Place], int], product: Place, lot: _Lot) -> None:
    """What left a lot beyond what came today lay in store before; what came and did not leave stays there."""
    for place, weight in lot.came.items():
        if weight:
            grams[place, product] += weight
    for place, weight in lot.went.items():
        if weight:
            grams[product, place] += weight
    left = sum(lot.came.values()) - sum(lot.went.values())
    if left < 0:
        grams[(Stage.BEFORE, ""), product] -= left
    elif left > 0:
        grams[product, (Stage.STAYS, "")] += left


def _people(meals: Sequence[Meal]) -> tuple[dict[int, Heads], dict[int, dict[str, int]]]:
    """Who eats each meal: classes in the school's order (grades where there are many), then staff and guests."""
    keys = {meal.pk: (meal.org_id, meal.day, meal.kind) for meal in meals}
    asked = heads_of(set(keys.values()), plan=False)
    heads = {pk: asked[key] for pk, key in keys.items()}
    groups = {group.group_id for one in heads.values() for group in one.by_class if group.group_id}
    grades = (
        dict(ClassGroup.objects.filter(pk__in=groups).values_list("pk", "grade")) if len(groups) > MOST_CLASSES else {}
    )
    people: dict[int, dict[str, int]] = {}
    for pk, one in heads.items():
        told = people[pk] = defaultdict(int)
        for group in one.by_class:
            told[grades.get(group.group_id or 0) or group.name] += group.eaters
        named = sum(told.values()) - told.pop("", 0)
        told[""] = one.pupils - named
        told["staff"], told["guests"] = one.staff, one.guests
        people[pk] = {name: count for name, count in told.items() if count > 0}
    return heads, people
