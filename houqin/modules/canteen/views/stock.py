"""Deliveries, lots, issues and the moves of stock."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Delivery, Issue, Lot, Origin, StockMove
from houqin.modules.canteen.queries import boards, ledgers
from houqin.ui.screens import (
    Badge,
    Block,
    Column,
    Day,
    Facts,
    Family,
    Instant,
    Link,
    Money,
    Rows,
    Screen,
    Timeline,
    Weight,
)

ORIGIN = Badge("origin", tones={Origin.PAPER: "info", Origin.LIVE: "plain"}, card="no")
WARNED = Column(
    "warnings", _("Warnings"), value=lambda row: "；".join(ledgers.warning_sentences(row.warnings)), card="no"
)  # fmt: skip


def _batch_url(lot: Lot) -> str:
    return reverse("canteen:trace") + f"?lot={lot.public_id}"


class DeliveryScreen(Screen):
    """What suppliers brought."""

    model = Delivery
    slug = "deliveries"
    title = _("Deliveries")
    family = Family.SAFE
    icon = "truck-delivery"
    order = 10
    sort = "-delivered_on"
    columns = [
        Column("number", sort=True, card="title"),
        Day("delivered_on", sort=True, card="fact"),
        Link("org", sort="org__path"),
        Link("supplier", sort="supplier__name", card="fact"),
        Weight("total_grams", _("Weight"), sort=True, card="fact"),
        Money("total_fen", _("Amount"), sort=True),
        Badge(
            "is_warned", _("Warnings"), value=lambda row: _("To look at") if row.is_warned else "",
            tone=lambda row: "soon", card="state",
        ),
        ORIGIN,
    ]  # fmt: skip
    filters = {"delivered_on": "range", "org": "choice", "supplier": "choice", "origin": "choice"}
    search = ["number", "supplier__name", "org__name"]
    views = {
        "warned": (_("To look at"), Q(is_warned=True)),
        "paper": (_("From paper"), Q(origin=Origin.PAPER)),
    }
    empty = _("Deliveries will stand here, from your spreadsheets or entered at the door.")
    panels = [
        Facts([Day("delivered_on"), Link("supplier"), Link("org"), ORIGIN, Instant("recorded_at")]),
        Rows(
            "lines",
            [
                Link("lot", _("Goods")),
                Weight("quantity_grams"),
                Column("written_quantity"),
                Money("amount_fen"),
                Column("certificate_number"),
                Column("accepted_by"),
                WARNED,
                Badge(
                    "reversed_at", _("State"), value=lambda row: _("Reversed") if row.reversed_at else "",
                    tone=lambda row: "quiet",
                ),
            ],
            title=_("Delivery lines"), limit=60,
        ),
        Timeline(),
    ]  # fmt: skip

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        return ledgers.deliveries(viewer)

    @classmethod
    def state_column(cls) -> Badge:
        """On its own page a delivery says how it came into the books."""
        return ORIGIN


def _frozen(row: Lot) -> Any:
    return _("Frozen") if row.is_frozen else (_("Left") if row.on_hand_grams else _("Used up"))


STOCK_STATE = Badge(
    "frozen", _("State"), value=_frozen,
    tone=lambda row: "danger" if row.is_frozen else ("plain" if row.on_hand_grams else "quiet"),
)  # fmt: skip


class LotScreen(Screen):
    """What is in store, lot by lot."""

    model = Lot
    slug = "lots"
    title = _("Stock")
    family = Family.SAFE
    icon = "building-warehouse"
    order = 20
    phone = True
    columns = [
        Link("product", sort="product__name", card="title"),
        Column("batch", sort=True),
        Day("produced_on", sort=True, card="fact"),
        Day("received_on", _("Received on"), sort=True),
        Day("expires_on", sort=True),
        Link("supplier", sort="supplier__name"),
        Link("org", sort="org__path"),
        Weight("on_hand_grams", sort=True, card="fact"),
        STOCK_STATE,
    ]
    filters = {
        "product": "choice", "supplier": "choice", "org": "choice", "produced_on": "range", "received_on": "range",
        "batch": "text",
    }  # fmt: skip
    search = ["product__name", "batch", "supplier__name"]
    views = {
        "store": (_("In store"), Q(on_hand_grams__gt=0)),
        "frozen": (_("Frozen"), Q(frozen_by__isnull=False)),
        "expired": (_("Past their date"), lambda viewer: ledgers.expired_on(viewer.today)),
    }
    empty = _("What is in store will stand here as soon as a delivery is recorded.")
    panels = [
        Block("canteen/lot_head.html", lambda row, viewer: {
            "trace": _batch_url(row) if viewer.may("canteen.trace", row.org.path) else "",
            "notice": boards.notice_of(row),
        }),
        Facts([
            Link("product"), Link("supplier"), "batch", Day("produced_on"), Day("received_on", _("Received on")), Day("expires_on"),
            Weight("on_hand_grams"), Link("org"),
        ]),
        Rows(
            "lines",
            [
                Link("delivery", _("From delivery")), Day("delivered_on"), Weight("quantity_grams"), Money("amount_fen"),
                Column("accepted_by"), WARNED,
            ],
            title=_("Where it came from"), link=False,
        ),
        Rows(
            lambda row, viewer: row.moves.filter(issue__isnull=False).order_by("-day", "-id"),
            [
                Day("day"), Link("meal", _("Meal")), Weight("grams", value=lambda move: -move.grams),
                Column("is_certain", _("Which lot"), value=ledgers.how_known),
            ],
            title=_("Where it went"), link=False, limit=30,
            empty=_("Nothing has been issued from this lot."),
        ),
        Rows(
            lambda row, viewer: row.moves.order_by("-day", "-id"),
            [Day("day"), Column("kind"), Weight("grams"), Instant("at")],
            title=_("Stock moves"), link=False, limit=30,
        ),
        Timeline(),
    ]  # fmt: skip


class IssueScreen(Screen):
    """What was taken from the store for which meal."""

    model = Issue
    slug = "issues"
    title = _("Issues to meals")
    family = Family.SAFE
    icon = "package-export"
    order = 30
    sort = "-issued_on"
    columns = [
        Link("product", sort="product__name", card="title"),
        Day("issued_on", sort=True, card="fact"),
        Link("meal", _("Meal")),
        Link("org", sort="org__path"),
        Weight("quantity_grams", sort=True, card="fact"),
        Column("named_batch"),
        Column("taken_by"),
        Badge(
            "standing", _("State"), value=lambda row: _("Reversed") if row.reversed_at else row.get_origin_display(),
            tone=lambda row: "quiet" if row.reversed_at else ("info" if row.origin == Origin.PAPER else "plain"),
        ),
    ]  # fmt: skip
    filters = {"issued_on": "range", "org": "choice", "product": "choice", "origin": "choice"}
    search = ["product__name", "named_batch", "taken_by", "org__name"]
    views = {"reversed": (_("Reversed"), Q(reversed_at__isnull=False))}
    panels = [
        Facts([
            Link("product"), Weight("quantity_grams"), Link("meal"), Day("issued_on"), "named_batch", "taken_by", ORIGIN,
            Instant("recorded_at"), "reversal_reason",
        ]),
        Rows(
            lambda row, viewer: row.moves.order_by("id"),
            [
                Link("lot", _("From lot")), Weight("grams"), Column("kind"),
                Column("is_certain", _("Which lot"), value=ledgers.how_known),
            ],
            title=_("Taken from"), link=False,
        ),
        Timeline(),
    ]  # fmt: skip


class MoveScreen(Screen):
    """Every move of stock, one after the other."""

    model = StockMove
    slug = "moves"
    title = _("Stock moves")
    family = Family.SAFE
    icon = "arrows-exchange"
    order = 80
    has_detail = False
    sort = "-day"
    columns = [
        Link("lot", _("Lot"), card="title", related=["lot__product"]),
        Day("day", sort=True, card="fact"),
        Link("org", sort="org__path"),
        Column("kind", card="fact"),
        Weight("grams", sort=True, card="fact"),
        Link("meal", _("Meal")),
        Instant("at"),
    ]
    filters = {"day": "range", "kind": "choice", "org": "choice"}
    search = ["lot__batch", "lot__product__name"]


urlpatterns = [*DeliveryScreen.urls(), *LotScreen.urls(), *IssueScreen.urls(), *MoveScreen.urls()]
