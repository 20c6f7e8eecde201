"""The forms of a period: one of each kind for a delivery, a meal, and a supplier's month."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Delivery, Meal, Origin, TurnedAway, Voucher, VoucherKind
from houqin.modules.canteen.queries import ledgers
from houqin.modules.canteen.queries.store import MEAL_ORDER
from houqin.modules.canteen.queries.vouchers.accounts import accounts
from houqin.modules.canteen.rules.periods import Period

OF_DELIVERIES = (VoucherKind.ACCEPTANCE, VoucherKind.RECEIPT)


@dataclass(frozen=True)
class Form:
    """A form that can be printed once it has a number. ``fen`` is None where the form tells no amount."""

    kind: VoucherKind
    day: date
    about: Delivery | Meal | Party
    items: int
    grams: int
    fen: int | None
    voucher: Voucher | None
    from_paper: bool = False

    @property
    def what(self) -> str:
        """Whose goods, or which meal."""
        return str(self.about.supplier if isinstance(self.about, Delivery) else self.about)


def forms_of(org: OrgUnit, viewer: Viewer, period: Period, kinds: Collection[str]) -> list[Form]:
    """The school's forms in their order: by kind, day, and as recorded. At most twelve queries, whatever the period.

    What was taken back whole gets no form any more, but one that was numbered stays.
    """
    numbered = _numbered(org, period, kinds)
    found: list[Form] = []
    if set(kinds) & set(OF_DELIVERIES):
        rows = list(_deliveries(org, viewer, period))
        for kind in (kind for kind in OF_DELIVERIES if kind in kinds):
            found += _of_deliveries(kind, rows, numbered)
    if VoucherKind.ISSUE in kinds:
        found += _of_meals(org, viewer, period, numbered)
    if VoucherKind.SETTLEMENT in kinds:
        found += _settlements(org, viewer, period, numbered)
    return found


Numbered = dict[tuple[str, Any], Voucher]


def _numbered(org: OrgUnit, period: Period, kinds: Collection[str]) -> Numbered:
    """The numbers that were given, by form and what it is of; of a supplier with several names the first counts."""
    rows = Voucher.objects.filter(org=org, kind__in=kinds, day__range=(period.first, period.last))
    found: Numbered = {}
    for row in rows.select_related("supplier").order_by("pk"):
        firm = (row.supplier.canonical_id, row.day) if row.supplier else None
        found.setdefault((row.kind, row.delivery_id or row.meal_id or firm), row)
    return found


def _deliveries(org: OrgUnit, viewer: Viewer, period: Period) -> QuerySet[Any]:
    standing = Count("lines", filter=Q(lines__reversed_at__isnull=True))
    rows = ledgers.deliveries(viewer).filter(org=org, delivered_on__range=(period.first, period.last))
    found: QuerySet[Any] = rows.select_related("supplier").annotate(items=standing).order_by("delivered_on", "pk")
    return found


def _of_deliveries(kind: VoucherKind, rows: Collection[Any], numbered: Numbered) -> Iterable[Form]:
    """What was only turned away is accepted, not received."""
    refused: set[int] = set()
    if kind == VoucherKind.ACCEPTANCE:
        refused = set(
            TurnedAway.objects.filter(delivery__in=[row.pk for row in rows]).values_list("delivery", flat=True)
        )
    for row in rows:
        voucher = numbered.get((kind, row.pk))
        if row.items or voucher or row.pk in refused:
            paper = row.origin == Origin.PAPER
            yield Form(kind, row.delivered_on, row, row.items, row.total_grams, row.total_fen, voucher, paper)


def _of_meals(org: OrgUnit, viewer: Viewer, period: Period, numbered: Numbered) -> Iterable[Form]:
    standing = Q(issues__reversed_at__isnull=True)
    rows = ledgers.meals(viewer).filter(org=org, day__range=(period.first, period.last)).annotate(
        items=Count("issues", filter=standing), live=Count("issues", filter=standing & Q(issues__origin=Origin.LIVE))
    )  # fmt: skip
    for row in sorted(rows, key=lambda row: (row.day, MEAL_ORDER[row.kind])):
        voucher = numbered.get((VoucherKind.ISSUE, row.pk))
        if row.items or voucher:
            yield Form(VoucherKind.ISSUE, row.day, row, row.items, row.issued_grams, None, voucher, not row.live)


def _settlements(org: OrgUnit, viewer: Viewer, period: Period, numbered: Numbered) -> Iterable[Form]:
    """One for each month that lies in the period, with whoever is owed something or took something back."""
    kind = VoucherKind.SETTLEMENT
    for month in period.months:
        for account in accounts(viewer, Q(org=org), month):
            voucher = numbered.get((kind, (account.supplier.pk, month.last)))
            if account.deliveries or account.back or voucher:
                grams = account.grams - account.back_grams
                yield Form(kind, month.last, account.supplier, account.deliveries, grams, account.due_fen, voucher)


def last_day_with_goods(org: OrgUnit, viewer: Viewer, before: date) -> date | None:
    """The latest day, not after the given one, on which something came or was issued."""
    came = Delivery.objects.visible_to(viewer).filter(org=org, delivered_on__lte=before).order_by("-delivered_on")
    cooked = Meal.objects.visible_to(viewer).filter(org=org, day__lte=before, issues__isnull=False).order_by("-day")
    days = [*came.values_list("delivered_on", flat=True)[:1], *cooked.values_list("day", flat=True)[:1]]
    return max(days, default=None)
