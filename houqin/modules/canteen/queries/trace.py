"""Trace (R-098): from bad goods to every school, delivery, meal, dish, class and eater within the viewer's reach.

It stops at the viewer's reach; beyond it a recall asks the higher office. About a dozen queries, whatever the size.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q, Sum

from houqin.core.orgs.models import STEP, OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import (
    DeliveryLine,
    EntryKind,
    Lot,
    Meal,
    Product,
    StockEntry,
    StockMove,
    Tier,
)
from houqin.modules.canteen.queries.dishes import dishes_with
from houqin.modules.canteen.queries.eaters import Eaters, eaters_of
from houqin.modules.canteen.queries.store import MEAL_ORDER
from houqin.modules.canteen.queries.suspects import goods_of, suspects, suspects_like
from houqin.modules.canteen.queries.transfers import SURENESS


@dataclass(frozen=True)
class TracedLot:
    """A lot concerned, what came in of it (from a supplier or another school) and what is left."""

    lot: Lot
    tier: Tier
    received_grams: int

    @property
    def school(self) -> OrgUnit:
        """Where it lies."""
        return self.lot.org

    @property
    def left_grams(self) -> int:
        """What the store should still hold."""
        return int(self.lot.on_hand_grams)


@dataclass(frozen=True)
class TracedDelivery:
    """A delivery line that brought goods of a lot concerned."""

    line: DeliveryLine
    lot: Lot
    tier: Tier

    @property
    def school(self) -> OrgUnit:
        """Where it went."""
        return self.lot.org


@dataclass(frozen=True)
class TracedMeal:
    """A meal that got something of the lots concerned: the dishes that hold it and who ate."""

    meal: Meal
    tier: Tier
    grams: int
    dishes: tuple[str, ...]
    eaters: Eaters

    @property
    def school(self) -> OrgUnit:
        """Who cooked it."""
        return self.meal.org


@dataclass(frozen=True)
class TracedEntry:
    """Goods of a lot concerned that came or went besides deliveries and meals; ``arrival`` ends a transfer."""

    entry: StockEntry
    lot: Lot
    tier: Tier
    arrival: StockEntry | None = None

    @property
    def school(self) -> OrgUnit:
        """Whose store it was."""
        return self.lot.org


@dataclass(frozen=True)
class Trace:
    """Everything within reach that a bad batch touched; ``reach_ends`` says that others may have had it beyond."""

    lots: tuple[TracedLot, ...]
    deliveries: tuple[TracedDelivery, ...]
    meals: tuple[TracedMeal, ...]
    entries: tuple[TracedEntry, ...]
    reach_ends: bool

    @cached_property
    def concerned(self) -> "Trace":
        """Without what only has to be ruled out."""
        return Trace(
            tuple(row for row in self.lots if row.tier != Tier.TO_RULE_OUT),
            tuple(row for row in self.deliveries if row.tier != Tier.TO_RULE_OUT),
            tuple(row for row in self.meals if row.tier != Tier.TO_RULE_OUT),
            tuple(row for row in self.entries if row.tier != Tier.TO_RULE_OUT),
            self.reach_ends,
        )

    @cached_property
    def to_rule_out(self) -> "Trace":
        """Only what has to be ruled out."""
        return Trace(
            tuple(row for row in self.lots if row.tier == Tier.TO_RULE_OUT),
            tuple(row for row in self.deliveries if row.tier == Tier.TO_RULE_OUT),
            tuple(row for row in self.meals if row.tier == Tier.TO_RULE_OUT),
            tuple(row for row in self.entries if row.tier == Tier.TO_RULE_OUT),
            self.reach_ends,
        )

    @cached_property
    def schools(self) -> tuple[OrgUnit, ...]:
        """Schools that have or had it, by name."""
        found = {row.school.pk: row.school for row in self.lots}
        return tuple(sorted(found.values(), key=lambda school: (school.name, school.path)))

    @property
    def received_grams(self) -> int:
        """All that came in; what one school got from another of them came in once."""
        within = {row.lot.pk for row in self.lots}
        passed_on = sum(
            row.arrival.grams for row in self.entries if row.arrival is not None and row.arrival.lot_id in within
        )
        return sum(row.received_grams for row in self.lots) - passed_on

    @property
    def left_grams(self) -> int:
        """All that should still be in store."""
        return sum(row.left_grams for row in self.lots)

    @property
    def portions(self) -> int:
        """Eaters summed over the meals: somebody who ate twice counts twice."""
        return sum(row.eaters.number for row in self.meals)

    @property
    def people(self) -> int:
        """At least so many different people: of each school the fullest meal."""
        return self._fullest(lambda eaters: eaters.number)

    @property
    def children(self) -> int:
        """At least so many different pupils among them."""
        return self._fullest(lambda eaters: eaters.pupils)

    def _fullest(self, count: Callable[[Eaters], int]) -> int:
        fullest: dict[int, int] = defaultdict(int)
        for row in self.meals:
            fullest[row.school.pk] = max(fullest[row.school.pk], count(row.eaters))
        return sum(fullest.values())

    @property
    def estimated(self) -> bool:
        """Whether some number of eaters was not counted but taken from the school's facts."""
        return any(row.eaters.estimated for row in self.meals)


def trace_goods(
    viewer: Viewer,
    *,
    supplier: Party,
    product: Product,
    produced_on: date | None = None,
    batch: str = "",
    under_path: str = "",
) -> Trace:
    """Trace a supplier's product of one production date or batch, under all names of both."""
    goods = goods_of(supplier, product, produced_on=produced_on, batch=batch)
    found = suspects(viewer, goods, under_path=under_path)
    return _trace(viewer, found, goods.product_ids)


def trace_lot(viewer: Viewer, lot: Lot, *, under_path: str = "") -> Trace:
    """Trace a lot: forward to its meals, sideways to every lot of the same goods."""
    if not viewer.may("canteen.trace", lot.org.path):
        raise NotVisible
    goods = goods_of(lot.supplier, lot.product, produced_on=lot.produced_on, batch=lot.batch)
    return _trace(viewer, suspects_like(viewer, lot, goods, under_path=under_path), goods.product_ids)


def ends_at_reach(viewer: Viewer) -> bool:
    """Whether there are offices above what the viewer may trace."""
    return not any(len(path) <= STEP for path in viewer.paths_for("canteen.trace"))


def _trace(viewer: Viewer, found: Sequence[tuple[Lot, Tier]], product_ids: frozenset[int]) -> Trace:
    tiers = {lot.pk: tier for lot, tier in found}
    lots = {lot.pk: lot for lot, _tier in found}
    lines = DeliveryLine.objects.standing().filter(lot_id__in=lots).select_related("delivery")
    deliveries = [TracedDelivery(line, lots[line.lot_id], tiers[line.lot_id]) for line in lines.order_by("pk")]
    came, gone = _entries(lots, tiers)
    received: dict[int, int] = defaultdict(int, came)
    for row in deliveries:
        received[row.lot.pk] += row.line.quantity_grams
    traced = [TracedLot(lot, tier, received[lot.pk]) for lot, tier in found if received[lot.pk]]
    deliveries.sort(key=lambda row: (row.school.name, row.line.delivered_on, row.lot.batch, row.line.pk))
    return Trace(tuple(traced), tuple(deliveries), _meals(lots, tiers, product_ids), gone, ends_at_reach(viewer))


def _entries(lots: dict[int, Lot], tiers: dict[int, Tier]) -> tuple[dict[int, int], tuple[TracedEntry, ...]]:
    """Grams that came from other schools by lot, and every other entry. One query."""
    came: dict[int, int] = defaultdict(int)
    arrivals: dict[int, StockEntry] = {}
    others: list[StockEntry] = []
    concerned = Q(lot_id__in=lots) | Q(kind=EntryKind.RECEIVED, pair__lot_id__in=lots)
    for entry in StockEntry.objects.standing().filter(concerned).select_related("other_org").order_by("day", "pk"):
        if entry.kind != EntryKind.RECEIVED:
            others.append(entry)
            continue
        arrivals[entry.pair_id] = entry
        if entry.lot_id in lots:
            came[entry.lot_id] += entry.grams
    found = [TracedEntry(row, lots[row.lot_id], tiers[row.lot_id], arrivals.get(row.pk)) for row in others]
    return came, tuple(sorted(found, key=lambda row: (row.school.name, row.entry.day, row.entry.pk)))


def taken(lots: Iterable[Lot]) -> list[dict[str, Any]]:
    """Grams that each meal got of each lot, certain and derived apart, corrections taken off. One query.

    The first day of receipt keeps the search out of older partitions.
    """
    lots = list(lots)
    if not lots:
        return []
    moves = StockMove.objects.filter(
        lot_id__in=[lot.pk for lot in lots], day__gte=min(lot.received_on for lot in lots), issue__isnull=False
    )
    sums = moves.order_by().values("meal_id", "lot_id", "is_certain").annotate(grams=-Sum("grams"))
    return [row for row in sums if row["grams"] > 0]


def _meals(lots: dict[int, Lot], tiers: dict[int, Tier], product_ids: frozenset[int]) -> tuple[TracedMeal, ...]:
    grams: dict[int, int] = defaultdict(int)
    tier: dict[int, Tier] = {}
    for row in taken(lots.values()):
        sure = tiers[row["lot_id"]]
        if not row["is_certain"]:
            sure = max(sure, Tier.POSSIBLE, key=SURENESS.__getitem__)
        meal_id = row["meal_id"]
        grams[meal_id] += row["grams"]
        tier[meal_id] = min(sure, tier.get(meal_id, sure), key=SURENESS.__getitem__)
    meals = list(Meal.objects.filter(pk__in=grams)) if grams else []
    schools = {lot.org_id: lot.org for lot in lots.values()}
    for meal in meals:
        meal.org = schools.get(meal.org_id) or meal.org  # a store gives out at its own school
    dishes, eaters = (dishes_with(meals, product_ids), eaters_of(meals)) if meals else ({}, {})
    found = [TracedMeal(meal, tier[meal.pk], grams[meal.pk], tuple(dishes[meal.pk]), eaters[meal.pk]) for meal in meals]
    return tuple(sorted(found, key=lambda row: (row.school.name, row.meal.day, MEAL_ORDER[row.meal.kind])))
