"""Deliveries, issues and the moves of stock."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.corrections import correct_issue, correct_line
from houqin.modules.canteen.buttons import HAND_IN, put_right
from houqin.modules.canteen.columns import FOUND, ORIGIN, STANDING_LINE
from houqin.modules.canteen.models import ON_CONDITION, DeliveryLine, Issue, Origin, StockMove
from houqin.modules.canteen.queries import ledgers
from houqin.ui.screens import (
    Badge,
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


class DeliveryLineScreen(Screen):
    """One product of a delivery, and what was wrong with it."""

    model = DeliveryLine
    slug = "delivery-lines"
    title = _("Delivery lines")
    icon = "list-details"
    sort = "-delivered_on"
    columns = [
        Link("lot", _("Goods"), card="title", related=["lot__product"]),
        Day("delivered_on", sort=True, card="fact"),
        Link("delivery"),
        Link("org", sort="org__path"),
        Weight("quantity_grams", sort=True, card="fact"),
        Money("amount_fen", sort=True),
        STANDING_LINE,
    ]
    filters = {"delivered_on": "range", "org": "choice"}
    views = {"condition": (_("On condition"), ON_CONDITION)}
    search = ["lot__product__name", "lot__batch", "delivery__number"]
    panels = [
        Facts([
            Link("delivery"), Day("delivered_on"), Link("lot", _("Goods")), Weight("quantity_grams"), Column("written_quantity"),
            Money("amount_fen"), Column("certificate_number"), FOUND, Column("accepted_by"), Day("condition_due_on"), Instant("condition_met_at"),
            Column("reversal_reason"),
        ]),
        Timeline(),
    ]  # fmt: skip
    actions = [HAND_IN, put_right(correct_line, lambda row: row.delivery.origin == Origin.LIVE, "quantity_grams")]

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        return ledgers.delivery_lines(viewer)


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
            Link("product"), Weight("quantity_grams"), Link("meal"), Day("issued_on"), "named_batch", "taken_by", "urgent_reason", ORIGIN,
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
    actions = [put_right(correct_issue, lambda row: row.origin == Origin.LIVE, "quantity_grams")]


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


urlpatterns = [*DeliveryLineScreen.urls(), *IssueScreen.urls(), *MoveScreen.urls()]
