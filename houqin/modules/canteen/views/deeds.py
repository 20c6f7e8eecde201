"""Entries besides deliveries and meals, transfers that are coming, stock-takes, corrections that wait."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions import deeds
from houqin.modules.canteen.actions.corrections import correct_entry, decide_correction
from houqin.modules.canteen.buttons import RECORD, arrived, counted, put_right
from houqin.modules.canteen.forms import deeds as forms
from houqin.modules.canteen.forms.counting import CountForm
from houqin.modules.canteen.models import Correction, EntryKind, StockEntry, Stocktake, Transfer
from houqin.modules.canteen.queries import entries
from houqin.ui import nav
from houqin.ui.focus import focus_of
from houqin.ui.keys import key_of
from houqin.ui.pages import page
from houqin.ui.screens import (
    Action,
    Badge,
    Column,
    Day,
    Facts,
    Family,
    Instant,
    Link,
    Number,
    Photo,
    Rows,
    Screen,
    Timeline,
    Weight,
)
from houqin.ui.screens.acting import carry_out

STATE = Badge("stands", _("State"), value=entries.state_word, tone=entries.state_tone, card="state")
WEIGHT = Weight("grams", sort=True, card="fact", value=lambda row: row.weight)
MINE_TO_RECORD = {EntryKind.RETURNED, EntryKind.EXCHANGED, EntryKind.WRITTEN_OFF, EntryKind.SENT, EntryKind.RECEIVED}


class EntryScreen(Screen):
    """退货 换货 报损 调拨 盘点差异."""

    model = StockEntry
    slug = "stock-entries"
    title = _("Returns, write-offs, transfers")
    family = Family.SAFE
    icon = "arrows-exchange-2"
    order = 32
    sort = "-day"
    columns = [
        Column("number", sort=True, card="title"),
        Column("kind", sort=True, card="fact"),
        Link("lot", _("Goods"), card="fact", related=["lot__product"]),
        WEIGHT,
        Day("day", sort=True, card="fact"),
        Link("org", sort="org__path"),
        Column("reason", card="no"),
        STATE,
    ]
    filters = {"day": "range", "kind": "choice", "org": "choice"}
    search = ["number", "lot__product__name", "lot__batch", "reason"]
    views = {
        "sign": (_("To be countersigned"), Q(must_sign=True, signed_at__isnull=True, reversed_at__isnull=True)),
        "way": (_("On its way"), Q(kind=EntryKind.SENT, arrived_at__isnull=True, reversed_at__isnull=True)),
        "owed": (_("Replacement owed"), Q(kind=EntryKind.EXCHANGED, arrived_at__isnull=True, reversed_at__isnull=True)),
    }
    empty = _("What is returned, exchanged, written off, sent to another school or found by counting stands here.")
    panels = [
        Facts([
            Column("kind"), Link("lot", _("Goods")), WEIGHT, Day("day"), Column("reason"), Photo("photo"),
            Column("other_org"), Link("replacement"), Instant("arrived_at"), Link("stocktake", _("Stock-take")), Column("account", _("Recorded by")), Instant("at"),
            Column("signed_by"), Instant("signed_at"), Column("reversal_reason"), Link("org"),
        ]),
        Timeline(),
    ]  # fmt: skip
    actions = [
        Action(
            verb=deeds.countersign_entry, label=_("Countersign"), permission="canteen.countersign", icon="signature",
            shown=lambda row, viewer: row.must_sign and not (row.signed_at or row.reversed_at)
            and row.account_id != viewer.account_id,
            done=_("Countersigned."),
        ),
        Action(
            verb=deeds.replacement_came, label=_("Replacement has come"), permission=RECORD, icon="replace",
            form=forms.ReplacementForm, offline=True, done=_("The replacement is named."),
            shown=lambda row, viewer: row.kind == EntryKind.EXCHANGED and not (row.arrived_at or row.reversed_at),
        ),
        Action(
            verb=deeds.take_back, label=_("Take the transfer back"), permission=RECORD, icon="arrow-back-up",
            form=forms.WhyForm, done=_("Taken back: it lies in your store again."), aside=True,
            shown=lambda row, viewer: row.kind == EntryKind.SENT and not (row.arrived_at or row.reversed_at),
        ),
        put_right(
            correct_entry,
            lambda row: row.kind in MINE_TO_RECORD and not (row.arrived_at and row.kind != EntryKind.RECEIVED),
            "grams",
        ),
    ]  # fmt: skip


class ArrivalScreen(Screen):
    """What other schools have sent here."""

    model = Transfer
    slug = "arrivals"
    title = _("From other schools")
    family = Family.SAFE
    icon = "truck-loading"
    order = 12
    sort = "-day"
    columns = [
        Column("lot", _("Goods"), card="title", value=lambda row: row.lot, related=["lot__product"]),
        Column("org", _("Sent by"), card="fact", sort="org__path"),
        Weight("grams", _("Weight sent"), card="fact", value=lambda row: row.weight),
        Day("day", _("Sent on"), sort=True, card="fact"),
        Column("reason", card="no"),
        Badge("stands", _("State"), value=entries.arrival_word, tone=entries.arrival_tone, related=["lot"]),
    ]
    filters = {"day": "range"}
    search = ["number", "lot__product__name", "lot__batch", "org__name"]
    views = {"way": (_("On its way"), Q(arrived_at__isnull=True))}
    empty = _("When another school sends you goods they stand here, until you have weighed them.")
    panels = [
        Facts([
            Column("number"), Column("lot", _("Goods")), Column("supplier", _("Supplier"), value=lambda row: row.lot.supplier),
            Column("org", _("Sent by")), Weight("grams", _("Weight sent"), value=lambda row: row.weight), Day("day", _("Sent on")),
            Column("reason"), Instant("arrived_at"),
        ])
    ]  # fmt: skip
    actions = [
        Action(
            verb=deeds.receive_from_school, label=_("Weigh and receive"), permission=RECORD, icon="scale",
            form=forms.ReceiveForm, offline=True, template="canteen/leaving.html", deed=lambda row: _("Received"),
            shown=lambda row, viewer: row.arrived_at is None, done=arrived, then=lambda entry: reverse(
                "canteen:lots-detail", args=[entry.lot.public_id]
            ),
        )
    ]  # fmt: skip

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        return entries.arrivals(viewer)


class StocktakeScreen(Screen):
    """盘点."""

    model = Stocktake
    slug = "stocktakes"
    title = _("Stock-takes")
    family = Family.SAFE
    icon = "clipboard-check"
    order = 34
    sort = "-counted_on"
    columns = [
        Column("number", sort=True, card="title"),
        Day("counted_on", sort=True, card="fact"),
        Link("org", sort="org__path"),
        Number("lots", _("Lots counted"), sort=True, card="fact"),
        Number("differing", _("Differ"), sort=True, card="fact"),
        Column("account", _("Counted by"), card="no"),
    ]
    filters = {"counted_on": "range", "org": "choice"}
    search = ["number", "note"]
    empty = _("Stock-takes stand here. Count the store lot by lot; where it agrees one tap is enough.")
    panels = [
        Facts([Day("counted_on"), Link("org"), Column("account", _("Counted by")), Instant("at"), Column("note")]),
        Rows(
            "lines",
            [
                Link("lot", related=["lot__product"]), Weight("booked_grams"), Weight("found_grams"),
                Weight("difference", _("Difference"), value=lambda row: row.found_grams - row.booked_grams), Column("reason"),
            ],
            title=_("Lots counted"), limit=300, link=False,
        ),
        Timeline(),
    ]  # fmt: skip

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        return entries.stocktakes(viewer)


class CorrectionScreen(Screen):
    """录入更正 that wait for a second person, and those decided."""

    model = Correction
    slug = "corrections"
    title = _("Corrections")
    family = Family.SAFE
    icon = "pencil-check"
    order = 36
    sort = "-asked_at"
    columns = [
        Column("what", _("To be put right"), value=entries.what_is_wrong, related=entries.CORRECTED, card="title"),
        Column("reason", card="fact"),
        Column("asked_by", card="fact"),
        Instant("asked_at", sort=True),
        Link("org", sort="org__path"),
        Badge("state", tones={"asked": "soon", "made": "passed", "declined": "quiet"}),
    ]
    filters = {"asked_at": "range", "state": "choice", "org": "choice"}
    search = ["reason", "answer"]
    views = {"waiting": (_("Waiting"), Q(state=Correction.State.ASKED))}
    empty = _("Corrections that come too late for one person alone wait here for a second one.")
    panels = [
        Facts([
            Column("what", _("To be put right"), value=entries.what_is_wrong, related=entries.CORRECTED), Column("reason"),
            Column("asked_by"), Instant("asked_at"), Link("line", _("Delivery line")), Link("issue", _("Issue to a meal")), Link("entry", _("Stock entry")), Column("decided_by"),
            Instant("decided_at"), Column("answer"), Link("org"),
        ]),
        Timeline(),
    ]  # fmt: skip
    actions = [
        Action(
            verb=decide_correction, label=_("Decide"), permission="canteen.sign", icon="signature", form=forms.DecisionForm,
            shown=lambda row, viewer: row.state == Correction.State.ASKED and row.asked_by_id != viewer.account_id,
            done=lambda row: row.get_state_display(),
        )
    ]  # fmt: skip


@page(permission=RECORD)
def count(request: HttpRequest) -> HttpResponse:
    """The store lot by lot: what agrees is one tap, only what differs is typed."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    org = entries.store_to_count(viewer, request.POST.get("org") or request.GET.get("org"), focus_of(request).path)
    form = CountForm(*([request.POST] if request.method == "POST" else []), org=org, viewer=viewer)
    if request.method == "POST" and form.is_valid():

        def run() -> tuple[str, str]:
            take = deeds.count_store(org, by=viewer, lines=form.counted, note=form.cleaned_data["note"])
            return StocktakeScreen.row_url(take), counted(take)

        answer = carry_out(request, run, form=form)
        if answer is not None:
            return answer
    context = {"form": form, "org": org, "key": key_of(request), "title": _("Count the store")}
    return render(request, "canteen/count.html", context, status=422 if request.method == "POST" else 200)


nav.register(
    nav.NavItem(
        family=Family.SAFE, title=_("Count the store"), url_name="canteen:count", permission=RECORD, icon="checklist", order=33,
    )
)  # fmt: skip
urlpatterns = [
    path("stocktakes/count/", count, name="count"),
    *EntryScreen.urls(),
    *ArrivalScreen.urls(),
    *StocktakeScreen.urls(),
    *CorrectionScreen.urls(),
]
