"""What a meal's food cost, and how much of each group of food a head got: by the prices of the lots that went into it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from houqin.modules.canteen.models import Category, DeliveryLine, Meal, StockMove
from houqin.modules.canteen.queries.eaters import Eaters, eaters_of
from houqin.modules.canteen.rules.prices import worth

LEAST_SHOWN = 1  # grams a head


@dataclass(frozen=True)
class MealCost:
    """Goods of a meal: their worth as recorded when they came, their weight by group of food, and who ate.

    ``unpriced_grams`` came without a price (from another school); the cost leaves them out and says so.
    """

    fen: int
    grams_of: dict[str, int]
    unpriced_grams: int
    eaters: Eaters

    @property
    def fen_a_head(self) -> int | None:
        """Cost a head; None when nobody ate or nothing has a price."""
        return share(self.fen, self.eaters.number)

    @property
    def foods(self) -> list[tuple[str, int, int]]:
        """Group of food, grams, grams a head; the heaviest first."""
        heads = self.eaters.number
        rows = [
            (str(Category(category).label), grams, worth(grams, 1, heads)) for category, grams in self.grams_of.items()
        ]
        return sorted(rows, key=lambda row: -row[1]) if heads else []


def share(fen: int, heads: int | None) -> int | None:
    """What one head costs, in whole fen."""
    return worth(fen, 1, heads) if fen and heads else None


def costs_of(meals: Collection[Meal]) -> dict[int, MealCost]:
    """Each meal → what it cost. One query besides who ate."""
    taken: dict[int, list[StockMove]] = defaultdict(list)
    for move in taken_moves().filter(meal__in=[meal.pk for meal in meals]):
        taken[move.meal_id].append(move)
    eaters = eaters_of(meals)
    return {meal.pk: _cost(taken[meal.pk], eaters[meal.pk]) for meal in meals}


def taken_moves() -> QuerySet[Any]:
    """Moves into meals, each with the worth and weight of the lines that brought its lot."""
    lines = DeliveryLine.objects.standing().filter(lot=OuterRef("lot_id")).order_by().values("lot")
    found: QuerySet[Any] = (
        StockMove.objects.filter(issue__isnull=False)
        .annotate(
            lot_fen=Subquery(lines.annotate(total=Sum("amount_fen")).values("total")),
            lot_grams=Subquery(lines.annotate(total=Sum("quantity_grams")).values("total")),
        )
        .select_related("lot__product__root")
        .order_by("pk")
    )
    return found


def worth_of(moves: Collection[Any]) -> int:
    """What the goods of these moves are worth in fen, lot by lot."""
    return sum(worth(fen, grams, of) for fen, of, grams, _category in _by_lot(moves).values() if fen and of)


def _cost(moves: Collection[Any], eaters: Eaters) -> MealCost:
    lots = _by_lot(moves)
    grams: dict[str, int] = defaultdict(int)
    for _fen, _of, taken, category in lots.values():
        if taken:
            grams[category] += taken
    unpriced = sum(taken for fen, _of, taken, _category in lots.values() if not fen)
    return MealCost(worth_of(moves), dict(grams), unpriced, eaters)


def _by_lot(moves: Collection[Any]) -> dict[int, tuple[int, int, int, str]]:
    """Lot → its worth, its weight, grams taken of it, its group of food."""
    grams: dict[int, int] = defaultdict(int)
    known: dict[int, Any] = {}
    for move in moves:
        grams[move.lot_id] -= move.grams
        known[move.lot_id] = move
    return {
        lot: (move.lot_fen or 0, move.lot_grams or 0, grams[lot], (move.lot.product.root or move.lot.product).category)
        for lot, move in known.items()
    }
