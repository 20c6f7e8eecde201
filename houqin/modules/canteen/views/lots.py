"""What is in store, lot by lot, and what can be done with it besides cooking."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.modules.canteen.actions import deeds
from houqin.modules.canteen.buttons import leaving
from houqin.modules.canteen.columns import WARNED
from houqin.modules.canteen.forms import deeds as forms
from houqin.modules.canteen.models import Lot
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


def _batch_url(lot: Lot) -> str:
    return reverse("canteen:trace") + f"?lot={lot.public_id}"


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
            "entries",
            [Column("number"), Column("kind"), Weight("grams"), Day("day"), Column("other_org"), Column("reason")],
            title=_("Returned, written off, sent or counted"), keep_empty=False,
        ),
        Rows(
            lambda row, viewer: row.moves.order_by("-day", "-id"),
            [Day("day"), Column("kind"), Weight("grams"), Instant("at")],
            title=_("Stock moves"), link=False, limit=30,
        ),
        Timeline(),
    ]  # fmt: skip
    actions = [
        leaving(deeds.return_to_supplier, _("Return to the supplier"), forms.ReturnForm, "arrow-back-up"),
        leaving(deeds.give_back_for_exchange, _("Give back for exchange"), forms.ReturnForm, "replace"),
        leaving(deeds.write_off, _("Write off"), forms.WriteOffForm, "trash", danger=True),
        leaving(deeds.send_to_school, _("Send to another school"), forms.SendForm, "truck-delivery"),
        leaving(
            deeds.dispose_of_frozen, _("Dispose of frozen goods"), forms.DisposeForm, "trash-x", danger=True,
            shown=lambda row, viewer: row.is_frozen and row.on_hand_grams > 0,
            initial=lambda row, viewer: {"grams": row.on_hand_grams},
        ),
    ]  # fmt: skip


urlpatterns = LotScreen.urls()
