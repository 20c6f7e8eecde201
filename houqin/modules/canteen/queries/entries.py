"""Stock entries, stock-takes and corrections as their pages show them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Correction, Delivery, EntryKind, Lot, StockEntry, Stocktake, Transfer
from houqin.ui import formats

LATELY = timedelta(days=14)


def arrivals(viewer: Viewer) -> QuerySet[Any]:
    """What other schools have sent to those within reach."""
    found: QuerySet[Any] = Transfer.objects.visible_to(viewer).standing().filter(kind=EntryKind.SENT)
    return found


def stocktakes(viewer: Viewer) -> QuerySet[Any]:
    """Stock-takes with how many lots were counted and how many of them differed."""
    differing = Count("lines", filter=~Q(lines__found_grams=F("lines__booked_grams")))
    found: QuerySet[Any] = Stocktake.objects.visible_to(viewer).annotate(lots=Count("lines"), differing=differing)
    return found


def replacements_for(viewer: Viewer, entry: StockEntry) -> QuerySet[Any]:
    """Deliveries of the supplier that owes the goods, since they were given back."""
    supplier = entry.lot.supplier.canonical_id
    rows = Delivery.objects.visible_to(viewer).filter(org=entry.org, delivered_on__gte=entry.day)
    return rows.filter(Q(supplier_id=supplier) | Q(supplier__root_id=supplier))  # type: ignore[no-any-return]


def state_word(entry: StockEntry) -> Any:
    """What an entry waits for, or how it ended."""
    if entry.reversed_at:
        return _("Reversed")
    if entry.must_sign and not entry.signed_at:
        return _("To be countersigned")
    if entry.kind == EntryKind.SENT:
        return _("Received there") if entry.arrived_at else _("On its way")
    if entry.kind == EntryKind.EXCHANGED:
        return _("Replaced") if entry.arrived_at else _("Replacement owed")
    return _("Countersigned") if entry.signed_at else ""


def state_tone(entry: StockEntry) -> str:
    """Amber for what waits."""
    if entry.reversed_at:
        return "quiet"
    waits = entry.kind in (EntryKind.SENT, EntryKind.EXCHANGED) and not entry.arrived_at
    return "soon" if waits or (entry.must_sign and not entry.signed_at) else "passed"


def arrival_word(sent: Transfer) -> Any:
    """Whether it has come, and whether a recall has stopped it on the way."""
    if sent.arrived_at:
        return _("Received")
    return _("Stopped by a recall: receive it, do not use it") if sent.lot.is_frozen else _("On its way")


def arrival_tone(sent: Transfer) -> str:
    """Red for what must not be used."""
    if sent.arrived_at:
        return "passed"
    return "danger" if sent.lot.is_frozen else "soon"


def what_is_wrong(correction: Correction) -> str:
    """``Delivery line: 大米 A 10 公斤 → 12.5 公斤``."""
    if correction.line:
        what, was = gettext("Delivery line"), correction.line.quantity_grams
        goods: Any = correction.line.lot
    elif correction.issue:
        what, was, goods = gettext("Issue"), correction.issue.quantity_grams, correction.issue.product
    else:
        assert correction.entry is not None
        what, was, goods = str(correction.entry.get_kind_display()), correction.entry.weight, correction.entry.lot
    return gettext("%(what)s: %(goods)s, %(was)s → %(right)s") % {
        "what": what, "goods": goods, "was": formats.weight(was), "right": formats.weight(correction.right_grams),
    }  # fmt: skip


CORRECTED = ("line__lot__product", "issue__product", "entry__lot__product")


def store_to_count(viewer: Viewer, asked: str | None, focus: str) -> OrgUnit:
    """The school named, else the first one within reach and focus; NotVisible where there is none."""
    schools = OrgUnit.objects.visible_to(viewer, "canteen.record").schools().filter(closed_on__isnull=True)
    try:
        rows = schools.filter(public_id=UUID(asked)) if asked else schools.under(focus)
    except ValueError:
        raise NotVisible from None
    found: OrgUnit | None = rows.order_by("path").first()
    if found is None:
        raise NotVisible
    return found


def to_count(viewer: Viewer, org: OrgUnit) -> dict[str, list[Lot]]:
    """The lots of a store for counting: what should be there, what was used up lately, and what a recall holds."""
    rows = Lot.objects.visible_to(viewer, "canteen.record").filter(org=org)
    rows = rows.filter(Q(on_hand_grams__gt=0) | Q(received_on__gte=viewer.today - LATELY))
    rows = rows.select_related("product", "supplier", "frozen_by").order_by("product__name", "received_on", "pk")
    found: dict[str, list[Lot]] = {"there": [], "gone": [], "frozen": []}
    for lot in rows:
        held = "frozen" if lot.is_frozen else "there" if lot.on_hand_grams else "gone"
        if held != "frozen" or lot.on_hand_grams:
            found[held].append(lot)
    return found
