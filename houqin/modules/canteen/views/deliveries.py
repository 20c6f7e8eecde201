"""Deliveries: what came, what was turned away, who signed, which papers were shown."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.signing import countersign_delivery, sign_by_pin, sign_delivery
from houqin.modules.canteen.columns import FOUND, ORIGIN, STANDING_LINE
from houqin.modules.canteen.forms.signing import PinForm
from houqin.modules.canteen.models import Delivery, Origin
from houqin.modules.canteen.queries import certificates, ledgers, signing
from houqin.ui import formats
from houqin.ui.screens import (
    Action,
    Badge,
    Column,
    Day,
    Facts,
    Family,
    Instant,
    Link,
    Money,
    Photo,
    Rows,
    Screen,
    Timeline,
    Weight,
)


def _may_be_second(row: Delivery, viewer: Viewer) -> bool:
    return row.awaits_signature and row.accepted_by_id != viewer.account_id


def _signed(row: Delivery) -> str:
    return gettext("Signed: %(name)s. The goods may go to the pot.") % {"name": row.signed_by}


def _second(row: Delivery) -> str:
    """Who signed, when and how."""
    if row.signed_at is None:
        return ""
    return f"{row.signed_by} · {formats.instant(row.signed_at)} · {row.get_signed_how_display()}"


def _state(row: Any) -> Any:
    if row.awaits_signature:
        return _("Waits for a signature")
    if row.has_condition:
        return _("On condition")
    return _("To look at") if row.is_warned else ""


STATE = Badge("standing", _("State"), value=_state, tone=lambda row: "soon")
SIGNED = Badge(
    "signed_at", _("State"), value=lambda row: _("Waits for a signature") if row.awaits_signature else _("Signed by two"),
    tone=lambda row: "soon" if row.awaits_signature else "passed",
)  # fmt: skip
SIGNATURES = [
    Column("accepted_by"),
    Column("signed_by", _("Second signature"), value=_second, related=["signed_by"]),
]
SIGNING = [
    Action(
        verb=sign_delivery, name="sign", label=_("Sign as the second person"), permission=signing.SIGN, icon="signature",
        shown=_may_be_second, done=_signed, offline=True,
    ),
    Action(
        verb=sign_by_pin, name="sign-by-pin", label=_("Second signature by PIN"), permission=signing.SIGN, icon="key", form=PinForm,
        shown=lambda row, viewer: row.awaits_signature, done=_signed,
        help=_("The second person looks at the goods and signs here with their own PIN."),
    ),
    Action(
        verb=countersign_delivery, name="countersign", label=_("Countersign for the second person"), aside=True,
        permission=signing.COUNTERSIGN, icon="writing-sign", shown=_may_be_second, done=_signed,
    ),
]  # fmt: skip
TURNED_AWAY = Rows(
    "turned_away",
    [
        Column("product"), Weight("quantity_grams"), Column("why"), Column("words"), Column("outcome"),
        Photo("photo", _("Photo")),
    ],
    title=_("Turned away"), link=False, keep_empty=False, limit=60,
)  # fmt: skip
PAPERS = Rows(
    certificates.shown_with,
    [Column("kind_title", _("Paper")), Column("number"), Day("expires_on"), Photo("photo", _("Photo"))],
    title=_("Papers"), keep_empty=False, limit=60,
)  # fmt: skip


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
        Weight("away_grams", _("Turned away"), sort=True),
        Money("total_fen", _("Amount"), sort=True),
        STATE,
        ORIGIN,
    ]
    filters = {"delivered_on": "range", "org": "choice", "supplier": "choice", "origin": "choice"}
    search = ["number", "supplier__name", "org__name", "lines__lot__product__name"]
    views = {
        "unsigned": (_("Wait for a signature"), Q(origin=Origin.LIVE, signed_at__isnull=True)),
        "condition": (_("On condition"), Q(has_condition=True)),
        "away": (_("With goods turned away"), Q(away_grams__gt=0)),
        "warned": (_("To look at"), Q(is_warned=True)),
        "paper": (_("From paper"), Q(origin=Origin.PAPER)),
    }
    empty = _("Deliveries will stand here, from your spreadsheets or entered at the door.")
    actions = SIGNING
    panels = [
        Facts([
            Day("delivered_on"), Link("supplier"), Link("org"), *SIGNATURES, Instant("recorded_at"), Column("note"),
        ]),
        Rows(
            "lines",
            [
                Column("lot", _("Goods")), Weight("quantity_grams"), Column("written_quantity"), Money("amount_fen"),
                Column("certificate_number"), FOUND, STANDING_LINE,
            ],
            title=_("Delivery lines"), limit=60,
        ),
        TURNED_AWAY,
        PAPERS,
        Timeline(),
    ]  # fmt: skip

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        return ledgers.deliveries(viewer)

    @classmethod
    def state_column(cls) -> Badge:
        """On its own page a delivery says whether two persons stand for it, or that it came from paper."""
        return Badge("origin", _("State"), value=_standing, tone=_tone)


def _standing(row: Delivery) -> Any:
    return row.get_origin_display() if row.origin == Origin.PAPER else SIGNED.raw(row)


def _tone(row: Delivery) -> str:
    return "info" if row.origin == Origin.PAPER else SIGNED.tone(row)


class SigningScreen(Screen):
    """双人联检: what was accepted at the door, for the second person; class teachers see nothing else of the canteen."""

    model = Delivery
    slug = "to-sign"
    title = _("Second signatures")
    family = Family.SAFE
    icon = "signature"
    order = 12
    permission = signing.SIGN
    sort = "-delivered_on"
    columns = [
        Column("number", sort=True, card="title"),
        Day("delivered_on", sort=True),
        Column("supplier", sort="supplier__name", card="fact"),
        Weight("total_grams", _("Weight"), card="fact"),
        Column("org", sort="org__path"),
        Column("accepted_by", card="no"),
        SIGNED,
    ]
    filters = {"delivered_on": "range", "org": "choice"}
    search = ["number", "supplier__name"]
    views = {"waiting": (_("Waiting"), Q(signed_at__isnull=True))}
    empty = _("What is accepted at the door will wait here for a second person's signature.")
    actions = SIGNING
    panels = [
        Facts([Day("delivered_on"), Column("supplier"), Column("org"), *SIGNATURES]),
        Rows(
            lambda row, viewer: row.lines.standing(),
            [Column("lot", _("Goods")), Weight("quantity_grams"), FOUND],
            title=_("Delivery lines"), link=False, limit=60,
        ),
        Rows(
            lambda row, viewer: row.turned_away.all(),
            [Column("product"), Weight("quantity_grams"), Column("why"), Column("words"), Column("outcome")],
            title=_("Turned away"), link=False, keep_empty=False, limit=60,
        ),
        Timeline(),
    ]  # fmt: skip

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        return signing.live(viewer)


urlpatterns = [*DeliveryScreen.urls(), *SigningScreen.urls()]
