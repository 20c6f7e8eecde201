"""What a recall concerns, where its grams are, and how far the schools have come."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from houqin.core.scope.viewer import system_viewer
from houqin.modules.canteen.models import EntryKind, Lot, Product, Recall, RecallLot, StockMove
from houqin.modules.canteen.queries.suspects import goods_of, suspects
from houqin.modules.canteen.recall_words import Whereabouts

GOING = [kind for kind in EntryKind.values if kind != EntryKind.RECEIVED]


@dataclass(frozen=True)
class Concerned:
    """A lot, and how sure it is that it belongs to the bad goods."""

    lot: Lot
    tier: str


@dataclass(frozen=True)
class Grams:
    """Where the grams of one lot went, by its moves."""

    received: int = 0
    issued_today: int = 0
    served: int = 0
    gone: int = 0


def concerned_lots(recall: Recall) -> list[Concerned]:
    """Lots within the recall's unit, under every name of supplier and product: its reach is its unit's, whoever looks."""
    goods = goods_of(recall.supplier, recall.product, produced_on=recall.produced_on, batch=recall.batch)
    return [Concerned(lot, tier) for lot, tier in suspects(system_viewer(), goods, under_path=recall.org.path)]


def grams_by_lot(lots: Iterable[Lot], today: date) -> dict[int, Grams]:
    """Received, handed out for today's meals, served before, gone elsewhere: sums of the moves, corrections included."""
    ids = [lot.pk for lot in lots]
    found: dict[int, Grams] = {pk: Grams() for pk in ids}
    came = Q(entry__kind=EntryKind.RECEIVED)
    sums = (
        StockMove.objects.filter(lot_id__in=ids)
        .values("lot_id")
        .annotate(
            received=Sum("grams", filter=Q(line__isnull=False) | came, default=0),
            gone=Sum("grams", filter=Q(entry__kind__in=GOING), default=0),
            today=Sum("grams", filter=Q(issue__isnull=False, day__gte=today), default=0),
            before=Sum("grams", filter=Q(issue__isnull=False, day__lt=today), default=0),
        )
        .order_by()
    )
    for row in sums:
        found[row["lot_id"]] = Grams(row["received"], -row["today"], -row["before"], -row["gone"])
    return found


def whereabouts_by_school(lots: Iterable[RecallLot]) -> dict[int, Whereabouts]:
    """Grams in store, handed out today, served before and gone elsewhere, summed over the lots of each school."""
    found: dict[int, Whereabouts] = defaultdict(lambda: Whereabouts(0, 0, 0))
    for lot in lots:
        had = found[lot.org_id]
        found[lot.org_id] = Whereabouts(
            had.in_store + lot.in_store_grams,
            had.issued_today + lot.issued_today_grams,
            had.served + lot.served_grams,
            had.gone + lot.gone_grams,
        )
    return found


def substitutes_by_school(recall: Recall, org_ids: Sequence[int], today: date) -> dict[int, list[Lot]]:
    """Lots of the same product that may be cooked instead: in store, not frozen, not expired, not of this recall."""
    rows = (
        Lot.objects.usable()
        .filter(org_id__in=org_ids, product__in=Product.objects.group_of(recall.product))
        .filter(Q(expires_on__isnull=True) | Q(expires_on__gte=today))
        .exclude(pk__in=recall.lots.filter(lifted_at__isnull=True).values("lot_id"))
        .select_related("product", "supplier")
        .order_by("org_id", "produced_on", "pk")
    )
    found: dict[int, list[Lot]] = defaultdict(list)
    for lot in rows:
        found[lot.org_id].append(lot)
    return found
