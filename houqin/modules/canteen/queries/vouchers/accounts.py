"""What suppliers brought and took back in a period, in kilograms and yuan: of one school, or of all below a unit."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from houqin.core.parties.models import Party
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import DeliveryLine, EntryKind, StockEntry, TurnedAway
from houqin.modules.canteen.rules.periods import Period
from houqin.modules.canteen.rules.prices import worth

GIVEN_BACK = (EntryKind.RETURNED, EntryKind.EXCHANGED)


@dataclass
class Account:
    """One supplier under all its names. Goods turned away never came in, so they are told apart and count nothing."""

    supplier: Party
    schools: int = 0
    deliveries: int = 0
    grams: int = 0
    fen: int = 0
    back: list[tuple[StockEntry, int]] = field(default_factory=list)
    turned_away_grams: int = 0

    @property
    def back_grams(self) -> int:
        """Returned, or given back for exchange."""
        return sum(entry.weight for entry, _fen in self.back)

    @property
    def back_fen(self) -> int:
        """What that is worth."""
        return sum(fen for _entry, fen in self.back)

    @property
    def due_fen(self) -> int:
        """What the supplier is owed."""
        return self.fen - self.back_fen


def accounts(viewer: Viewer, inside: Q, period: Period) -> list[Account]:
    """Every supplier with a delivery, a return or goods turned away, by name. Six queries at most."""
    days = (period.first, period.last)
    brought = _sums(
        DeliveryLine.objects.visible_to(viewer).standing().filter(inside, delivered_on__range=days),
        "delivery__supplier", grams=Sum("quantity_grams"), fen=Sum("amount_fen"),
        deliveries=Count("delivery", distinct=True), schools=Count("org", distinct=True),
    )  # fmt: skip
    refused = _sums(
        TurnedAway.objects.visible_to(viewer).filter(inside, refused_on__range=days),
        "delivery__supplier", turned_away_grams=Sum("quantity_grams"),
    )  # fmt: skip
    back = given_back(StockEntry.objects.visible_to(viewer).filter(inside, day__range=days))
    suppliers = {entry.lot.supplier.canonical_id for entry, _fen in back}
    rows = Party.objects.filter(pk__in={*brought, *refused, *suppliers}).order_by("name")
    found = {row.pk: Account(row, **brought.get(row.pk, {}), **refused.get(row.pk, {})) for row in rows}
    for entry, fen in back:
        found[entry.lot.supplier.canonical_id].back.append((entry, fen))
    return list(found.values())


def _sums(rows: QuerySet[Any], supplier: str, **figures: Any) -> dict[int, dict[str, Any]]:
    grouped = rows.order_by().annotate(firm=Coalesce(f"{supplier}__root_id", f"{supplier}_id"))
    return {row.pop("firm"): row for row in grouped.values("firm").annotate(**figures)}


def given_back(entries: Any) -> list[tuple[StockEntry, int]]:
    """What went back to suppliers, and what it is worth by the price it came at.

    Goods whose replacement was brought without a price were paid for once; giving them back takes nothing off. Two queries.
    """
    free = Coalesce(Sum("replacement__lines__amount_fen", filter=Q(replacement__lines__reversed_at__isnull=True)), 0)
    rows = entries.standing().filter(kind__in=GIVEN_BACK).annotate(replaced_fen=free)
    found = list(rows.select_related("lot__supplier", "lot__product", "replacement").order_by("day", "pk"))
    prices = prices_of({entry.lot_id for entry in found})
    return [(entry, 0 if _replaced_free(entry) else _worth(entry, prices)) for entry in found]


def _replaced_free(entry: Any) -> bool:
    return entry.replacement_id is not None and entry.replaced_fen == 0


def _worth(entry: StockEntry, prices: dict[int, tuple[int, int]]) -> int:
    fen, grams = prices.get(entry.lot_id, (0, 0))
    return worth(fen, entry.weight, grams)


def prices_of(lots: Collection[int]) -> dict[int, tuple[int, int]]:
    """Lot → what it cost in fen, and for how many grams. One query."""
    lines = DeliveryLine.objects.standing().filter(lot__in=lots).order_by().values("lot_id")
    sums: Iterable[dict[str, int]] = lines.annotate(fen=Sum("amount_fen"), grams=Sum("quantity_grams"))
    return {row["lot_id"]: (row["fen"], row["grams"]) for row in sums}
