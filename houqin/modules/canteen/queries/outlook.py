"""What a school's director looks ahead for: signatures that are waited for, goods that run short, goods that expire."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from houqin.core.calendars.days import school_days
from houqin.core.orgs.models import OrgUnit
from houqin.core.policies.registry import value_of
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import (
    Correction,
    Delivery,
    Issue,
    Lot,
    Meal,
    MealKind,
    Product,
    StockEntry,
    Transfer,
)
from houqin.modules.canteen.policies import EXPIRY_DAYS
from houqin.modules.canteen.queries.dishes import CookedDish, dishes_cooked, parts_of, stored
from houqin.modules.canteen.queries.entries import CORRECTED, what_is_wrong
from houqin.modules.canteen.queries.heads import heads_of
from houqin.modules.canteen.queries.ledgers import expired_on
from houqin.modules.canteen.queries.stock import lots_of_groups
from houqin.modules.canteen.rules.shortage import Need, run_short
from houqin.ui.formats import local_day, weight

AHEAD = 3
OVER_AT = {
    MealKind.BREAKFAST: 9,
    MealKind.LUNCH: 14,
    MealKind.DINNER: 20,
}  # local hours: what was not issued by then, nobody needs
SEARCHED = timedelta(days=40)
MOST_LOTS = 12


@dataclass(frozen=True)
class ShortProduct:
    """A product that will not last, with what each meal lacks of it."""

    product: Product
    meals: Sequence[tuple[date, str, int]]
    on_hand_grams: int

    @property
    def grams(self) -> int:
        """What has to be bought."""
        return sum(grams for _day, _kind, grams in self.meals)


@dataclass(frozen=True)
class WaitingRow:
    """One thing that a second person has to look at. ``urgent``: its goods went to the pot before."""

    what: str
    url: str
    day: date
    by: str
    remark: str
    urgent: bool = False


@dataclass(frozen=True)
class Waiting:
    """What waits for a second person."""

    rows: Sequence[WaitingRow]

    @property
    def count(self) -> int:
        """All of it."""
        return len(self.rows)


@dataclass(frozen=True)
class Lots:
    """The first of some lots, and how many there are."""

    rows: Sequence[Lot]
    count: int

    @classmethod
    def of(cls, lots: QuerySet[Lot]) -> Self:
        """The first to expire first. Two queries at most."""
        rows = list(lots.order_by("expires_on", "pk")[: MOST_LOTS + 1])
        return cls(rows[:MOST_LOTS], len(rows) if len(rows) <= MOST_LOTS else lots.count())

    @property
    def is_cut(self) -> bool:
        """More than are shown."""
        return self.count > len(self.rows)


@dataclass(frozen=True)
class Ahead:
    """The school days that a school looks ahead to, and what is in their way."""

    days: Sequence[date]
    unplanned: Sequence[date]
    short: Sequence[ShortProduct]
    expiring: Lots
    expired: Lots
    expiry_days: int


@dataclass(frozen=True)
class Outlook(Ahead):
    """The same with what waits for a second person."""

    waiting: Waiting


def outlook(org: OrgUnit, viewer: Viewer) -> Outlook:
    """Everything a director asks for, by what is recorded now. The same number of queries for any school."""
    return Outlook(**vars(look_ahead(org, viewer)), waiting=waiting(org, viewer))


def look_ahead(org: OrgUnit, viewer: Viewer) -> Ahead:
    """What runs short and what expires."""
    days = school_days(org, viewer.today, viewer.today + SEARCHED)[:AHEAD]
    short, unplanned = shortages(org, days, now=viewer.now)
    ahead = int(value_of(EXPIRY_DAYS, org))
    lots = Lot.objects.visible_to(viewer).filter(org=org).select_related("product", "supplier", "frozen_by")
    soon = Q(on_hand_grams__gt=0, expires_on__range=(viewer.today, viewer.today + timedelta(days=ahead)))
    expired = lots.filter(expired_on(viewer.today))
    return Ahead(days, unplanned, short, Lots.of(lots.filter(soon)), Lots.of(expired), ahead)


def waiting(org: OrgUnit, viewer: Viewer) -> Waiting:
    """Deliveries, corrections and entries without their second signature, the most urgent first. Four queries."""
    return Waiting([*_deliveries(org, viewer), *_corrections(org, viewer), *_entries(org, viewer)])


def _deliveries(org: OrgUnit, viewer: Viewer) -> list[WaitingRow]:
    used = _urgent(org)
    rows = Delivery.objects.visible_to(viewer).unsigned().filter(org=org).select_related("supplier", "accepted_by")
    found = [
        WaitingRow(
            f"{row.number} {row.supplier}", reverse("canteen:deliveries-detail", args=[row.public_id]), row.delivered_on,
            str(row.accepted_by or ""), used.get(row.pk, row.note), row.pk in used,
        )
        for row in rows.order_by("delivered_on", "pk")
    ]  # fmt: skip
    return sorted(found, key=lambda row: not row.urgent)


def _corrections(org: OrgUnit, viewer: Viewer) -> list[WaitingRow]:
    rows = Correction.objects.visible_to(viewer).filter(org=org, state=Correction.State.ASKED)
    return [
        WaitingRow(
            what_is_wrong(row), reverse("canteen:corrections-detail", args=[row.public_id]), local_day(row.asked_at),
            str(row.asked_by or ""), row.reason,
        )
        for row in rows.select_related("asked_by", *CORRECTED).order_by("asked_at")
    ]  # fmt: skip


def _entries(org: OrgUnit, viewer: Viewer) -> list[WaitingRow]:
    rows = StockEntry.objects.visible_to(viewer).filter(org=org).to_countersign()
    return [
        WaitingRow(
            f"{row.get_kind_display()} {row.lot.product} {weight(row.weight)}",
            reverse("canteen:stock-entries-detail", args=[row.public_id]), row.day, str(row.account or ""), row.reason,
        )
        for row in rows.select_related("lot__product", "account").order_by("day", "pk")
    ]  # fmt: skip


def _urgent(org: OrgUnit) -> dict[int, str]:
    """Unsigned deliveries whose goods went to the pot all the same → why."""
    issues = Issue.objects.standing().filter(
        org=org, moves__lot__lines__delivery__in=Delivery.objects.unsigned().filter(org=org)
    )
    rows = issues.exclude(urgent_reason="").values_list("moves__lot__lines__delivery_id", "urgent_reason")
    return dict(rows)


def shortages(org: OrgUnit, days: Sequence[date], *, now: datetime) -> tuple[list[ShortProduct], list[date]]:
    """What menus and expected heads of the days need beyond the store and what is under way; and days without a menu."""
    meals = _meals(org, days, timezone.localtime(now))
    dishes = dishes_cooked(meals)
    needs = _needs(org, meals, dishes)
    planned = {meal.day for meal in meals if dishes[meal.pk]}
    unplanned = [day for day in days if day not in planned and any(meal.day == day for meal in meals)]
    groups = {need.group for need in needs}
    lots: dict[int, list[Lot]] = defaultdict(list)
    for lot in lots_of_groups(org, groups).select_related("product", "frozen_by"):
        lots[lot.product.canonical_id].append(lot)
    left = {lot.pk: lot.on_hand_grams for rows in lots.values() for lot in rows}
    lacking: dict[int, list[tuple[date, str, int]]] = defaultdict(list)
    for one in run_short(needs, lots, left, _under_way(org, groups)):
        lacking[one.need.group].append((one.need.day, str(MealKind(one.need.key).label), one.grams))
    products = Product.objects.in_bulk(lacking)
    on_hand = {group: sum(lot.on_hand_grams for lot in lots[group]) for group in lacking}
    found = [ShortProduct(products[group], meals_short, on_hand[group]) for group, meals_short in lacking.items()]
    return sorted(found, key=lambda one: (one.meals[0][0], -one.grams)), unplanned


def _meals(org: OrgUnit, days: Sequence[date], now: datetime) -> list[Meal]:
    """The meals still to come in their order; those that have no row yet stand under keys below zero."""
    known = {(meal.day, meal.kind): meal for meal in Meal.objects.filter(org=org, day__in=days).select_related("org")}
    wanted = [(day, kind) for day in days for kind in MealKind if day > now.date() or now.hour < OVER_AT[kind]]
    return [
        known.get((day, kind)) or Meal(pk=-number, org=org, day=day, kind=kind)
        for number, (day, kind) in enumerate(wanted, start=1)
    ]


def _needs(org: OrgUnit, meals: Sequence[Meal], dishes: dict[int, list[CookedDish]]) -> list[Need]:
    """Grams that are still to be issued, meal by meal."""
    parts = parts_of([dish for rows in dishes.values() for dish in rows])
    heads = heads_of([(org.pk, meal.day, meal.kind) for meal in meals])
    issued = _issued(meals)
    found = []
    for meal in meals:
        grams: dict[int, int] = defaultdict(int)
        eaters = heads[org.pk, meal.day, meal.kind].total
        for dish in dishes[meal.pk]:
            for product, a_head in parts[dish]:
                grams[product.canonical_id] += (a_head or 0) * eaters
        found += [
            Need(meal.day, meal.kind, group, wanted - issued[meal.pk, group])
            for group, wanted in grams.items() if wanted > issued[meal.pk, group]
        ]  # fmt: skip
    return found


def _issued(meals: Sequence[Meal]) -> dict[tuple[int, int], int]:
    """Meal and product group → what went into it already."""
    rows = Issue.objects.standing().filter(meal__in=stored(meals)).order_by()
    found: dict[tuple[int, int], int] = defaultdict(int)
    for meal, product, root, grams in rows.values_list("meal_id", "product_id", "product__root_id", "quantity_grams"):
        found[meal, root or product] += grams
    return found


def _under_way(org: OrgUnit, groups: set[int]) -> dict[int, int]:
    """Product group → what other schools have sent here."""
    sent = Transfer.objects.under_way().filter(other_org=org).order_by()
    grouped = sent.annotate(food=Coalesce("lot__product__root_id", "lot__product_id"))
    sums = grouped.values("food").annotate(total=Sum("grams"))
    return {row["food"]: -row["total"] for row in sums if row["food"] in groups}
