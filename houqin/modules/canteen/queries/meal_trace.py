"""From a meal back: its dishes, the lots that went into them, who supplied these and when."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Sum

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import DeliveryLine, Lot, Meal, StockMove, Tier
from houqin.modules.canteen.queries.dishes import dishes_cooked, ingredients_of
from houqin.modules.canteen.queries.eaters import Eaters, eaters_of


@dataclass(frozen=True)
class MealSource:
    """A lot that went into a meal, how much of it and how sure that is, and the deliveries that brought it."""

    lot: Lot
    tier: Tier
    grams: int
    lines: tuple[DeliveryLine, ...]


@dataclass(frozen=True)
class MealDishSources:
    """A dish and the lots of what it is made of."""

    name: str
    sources: tuple[MealSource, ...]


@dataclass(frozen=True)
class MealTrace:
    """A meal with all that is known about where it came from."""

    meal: Meal
    dishes: tuple[MealDishSources, ...]
    sources: tuple[MealSource, ...]
    eaters: Eaters

    @property
    def without_dish(self) -> tuple[MealSource, ...]:
        """Lots that were issued to the meal though no dish names their product."""
        placed = {source.lot.pk for dish in self.dishes for source in dish.sources}
        return tuple(source for source in self.sources if source.lot.pk not in placed)


def trace_meal(viewer: Viewer, meal: Meal) -> MealTrace:
    """Trace a meal backwards. Thirteen queries, whatever its size."""
    found: Meal = Meal.objects.select_related("org").get_visible(viewer, "canteen.trace", pk=meal.pk)
    sources = _sources(found)
    by_product: dict[int, list[MealSource]] = defaultdict(list)
    for source in sources:
        by_product[source.lot.product.canonical_id].append(source)
    dishes = tuple(
        MealDishSources(name, tuple(source for product in products for source in by_product[product]))
        for name, products in _dishes(found).items()
    )
    return MealTrace(found, dishes, tuple(sources), eaters_of([found])[found.pk])


def _sources(meal: Meal) -> list[MealSource]:
    moves = StockMove.objects.filter(meal=meal, day=meal.day, issue__isnull=False).order_by()
    grams: dict[int, int] = defaultdict(int)
    certain: dict[int, bool] = {}
    for row in moves.values("lot_id", "is_certain").annotate(grams=-Sum("grams")):
        if row["grams"] > 0:
            grams[row["lot_id"]] += row["grams"]
            certain[row["lot_id"]] = certain.get(row["lot_id"], False) or row["is_certain"]
    lines: dict[int, list[DeliveryLine]] = defaultdict(list)
    brought = DeliveryLine.objects.standing().filter(lot_id__in=grams).select_related("delivery").order_by("pk")
    for line in brought:
        lines[line.lot_id].append(line)
    lots = Lot.objects.filter(pk__in=grams).select_related("org", "product", "supplier", "frozen_by")
    return [
        MealSource(lot, Tier.CERTAIN if certain[lot.pk] else Tier.POSSIBLE, grams[lot.pk], tuple(lines[lot.pk]))
        for lot in lots.order_by("product__name", "received_on", "pk")
    ]


def _dishes(meal: Meal) -> dict[str, list[int]]:
    """Each dish → the products in it, by what their names stand for."""
    inside = ingredients_of(dishes_cooked([meal])[meal.pk])
    return {
        name: list(dict.fromkeys(product.canonical_id for product, _grams in parts)) for name, parts in inside.items()
    }
