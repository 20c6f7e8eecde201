"""What lies in a store on paper: lots, the issues of the ledger, and which lots they were derived to come from."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone

from houqin.modules.canteen.models import DeliveryLine, EntryKind, Issue, Lot, MealKind, Origin, StockEntry, StockMove
from houqin.modules.canteen.rules.allocation import Held, Part, StoreLot, Wanted

MEAL_ORDER = {kind: place for place, kind in enumerate(MealKind.values)}
EVENING = len(MEAL_ORDER)  # what leaves besides the meals may have gone after the last of them
Key = tuple[int, int | str]  # school, product group


@dataclass
class Shelf:
    """One product group in one school's store."""

    lots: dict[int, StoreLot] = field(default_factory=dict)
    issues: dict[int, Wanted] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)

    def add_grams(self, lot: int, grams: int) -> None:
        """A delivery line comes to a lot, or goes."""
        self.lots[lot] = replace(self.lots[lot], grams=self.lots[lot].grams + grams)


@dataclass
class Store:
    """The shelves of some schools, and the rows behind them."""

    shelves: dict[Key, Shelf] = field(default_factory=lambda: defaultdict(Shelf))
    lots: dict[int, Lot] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    standing: list[tuple[Part, Key]] = field(default_factory=list)

    def hold(self, held: Held, shelf: Shelf, issue: Issue | None, key: Key | None) -> None:
        """Grams that stay taken; the paper row they belong to has so much less to be derived."""
        shelf.held.append(held)
        if issue and key:
            rows = self.shelves[key].issues
            rows[issue.pk] = replace(rows[issue.pk], grams=rows[issue.pk].grams - held.grams)


def load_store(
    org_ids: Collection[int],
    product_ids: Collection[int],
    group_of: Callable[[int], int | str] = lambda pk: pk,
    *,
    lock: bool = False,
) -> Store:
    """The shelves of these schools for these products (canonical rows with all their names). Five queries, one more to lock."""
    store = Store()
    if not org_ids or not product_ids:
        return store
    of_product = Q(product_id__in=product_ids) | Q(product__root_id__in=product_ids)
    lots = Lot.objects.filter(of_product, org_id__in=org_ids)
    if lock:  # read after the lock: a row joined in the locking query itself would be as old as the wait
        list(lots.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    for lot in lots.select_related("product", "frozen_by").order_by("pk"):
        store.lots[lot.pk] = lot
        store.shelves[_key(lot, group_of)].lots[lot.pk] = _as_store_lot(lot)
    if store.lots:
        _weigh(store, lots, group_of)
        _place_entries(store, lots, group_of)
    issues = Issue.objects.standing().filter(of_product, org_id__in=org_ids, origin=Origin.PAPER)
    for issue in issues.select_related("product", "meal"):
        store.issues[issue.pk] = issue
        store.shelves[_key(issue, group_of)].issues[issue.pk] = wanted(issue)
    if store.lots:
        _split_taken(store, lots, group_of)
    return store


def schools_keeping(product_names: Collection[str] = (), product_ids: Collection[int] = ()) -> set[int]:
    """Schools that have or had lots of these products."""
    lots = Lot.objects.filter(Q(product__name__in=product_names) | Q(product_id__in=product_ids))
    return set(lots.order_by().values_list("org_id", flat=True).distinct())


def wanted(issue: Issue) -> Wanted:
    """A row of the ledger as the allocation reads it."""
    return Wanted(
        key=issue.pk,
        day=issue.issued_on,
        grams=issue.quantity_grams,
        meal=MEAL_ORDER[issue.meal.kind],
        order=issue.pk,
        batch=issue.named_batch,
        product=issue.product_id,
    )


def _key(row: Lot | Issue, group_of: Callable[[int], int | str]) -> Key:
    return row.org_id, group_of(row.product.canonical_id)


def _as_store_lot(lot: Lot) -> StoreLot:
    closed = None
    if lot.frozen_by and lot.frozen_by.launched_at:
        closed = timezone.localtime(lot.frozen_by.launched_at).date()
    return StoreLot(
        key=lot.pk,
        received_on=lot.received_on,
        grams=0,
        produced_on=lot.produced_on,
        batch=lot.batch,
        product=lot.product_id,
        order=lot.pk,
        closed_on=closed,
    )


def _weigh(store: Store, lots: Any, group_of: Callable[[int], int | str]) -> None:
    """What came in of each lot, by the lines that stand."""
    sums = DeliveryLine.objects.standing().filter(lot__in=lots.values("pk")).order_by()
    for row in sums.values("lot_id").annotate(grams=Sum("quantity_grams")):
        lot = store.lots[row["lot_id"]]
        store.shelves[_key(lot, group_of)].add_grams(lot.pk, row["grams"])


def _place_entries(store: Store, lots: Any, group_of: Callable[[int], int | str]) -> None:
    """What came and went besides deliveries and meals. Of what counting missed nobody knows from which lot it was eaten."""
    entries = StockEntry.objects.standing().filter(lot__in=lots.values("pk")).order_by("pk")
    for entry in entries:
        shelf = store.shelves[_key(store.lots[entry.lot_id], group_of)]
        if entry.grams > 0:
            shelf.add_grams(entry.lot_id, entry.grams)
        else:
            sure = entry.kind != EntryKind.COUNTED
            shelf.held.append(Held(entry.lot_id, entry.day, -entry.grams, EVENING, entry.pk, sure))


def _split_taken(store: Store, lots: Any, group_of: Callable[[int], int | str]) -> None:
    """What was taken: by paper rows and free to be derived anew, or held — live issues and lots under a recall."""
    moves = StockMove.objects.filter(lot__in=lots.values("pk"), issue__isnull=False).order_by()
    sums = moves.values("issue_id", "lot_id", "is_certain", "day", "meal__kind").annotate(grams=-Sum("grams"))
    for row in sums:
        if not row["grams"]:
            continue
        lot = store.lots[row["lot_id"]]
        shelf = store.shelves[_key(lot, group_of)]
        issue = store.issues.get(row["issue_id"])
        if issue and not lot.is_frozen:
            part = Part(issue.pk, lot.pk, row["grams"], row["is_certain"])
            store.standing.append((part, _key(issue, group_of)))
            continue
        held = Held(lot.pk, row["day"], row["grams"], MEAL_ORDER[row["meal__kind"]], row["issue_id"], row["is_certain"])
        store.hold(held, shelf, issue, _key(issue, group_of) if issue else None)
