"""The co-operation ledger of transfers, the register of accountability, and how many there are of each cause."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from houqin.core.people.models import Person
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases import forms
from houqin.flows.cases.actions.accounting import HOLDS, open_accountability
from houqin.flows.cases.actions.transferring import OPENS, open_transfer
from houqin.flows.cases.further import case_address
from houqin.flows.cases.models import Accountability, Case, CaseState, Measure, Transfer
from houqin.flows.cases.queries import by_cause
from houqin.ui.pages import page
from houqin.ui.screens import Action, Badge, Column, Day, Family, Link, Screen, mask_name

CASE = Link(
    "case__number",
    _("Number"),
    to=lambda row: case_address(row.case),
    sort="case__number",
    card="title",
    related=["case"],
)
STATE = Badge("case__state", _("State"), tones={CaseState.OPEN: "soon", CaseState.CLOSED: "quiet"}, related=["case"])
DECIDED = dict(Measure.choices)


class TransferScreen(Screen):
    """协作台账: what went to which department, and what came back."""

    model = Transfer
    slug = "transfers"
    title = _("Co-operation ledger")
    family = Family.SAFE
    icon = "share"
    order = 13
    sort = "-case__number"
    has_detail = False
    columns = [
        CASE,
        Link("case__org", _("Unit"), sort="case__org__path", card="fact"),
        Column("case__title", _("Subject matter"), card="fact"),
        Column("department", sort=True, card="no"),
        Column("counterpart", sort=True, card="fact"),
        Column("papers", value=lambda row: "；".join(row.papers), card="no"),
        Day("sent_on", sort=True, card="no"),
        Column("sent_how", card="no"),
        Column("sent_by", card="no"),
        Day("receipt_on", sort=True, card="no"),
        Column("receipt_number", card="no"),
        Day("answered_on", sort=True),
        Column("answer", card="no"),
        STATE,
    ]
    filters = {"department": "choice", "case__org": "choice", "sent_on": "range"}
    search = ["case__number", "case__title", "counterpart"]
    views = {
        "unsent": (_("To be sent"), Q(sent_on__isnull=True, case__state=CaseState.OPEN)),
        "unanswered": (_("Waiting for an answer"), Q(sent_on__isnull=False, answered_on__isnull=True, case__state=CaseState.OPEN)),
        "late": (
            _("Overdue"),
            lambda viewer: Q(case__state=CaseState.OPEN, pk__in=_late(viewer)),
        ),
    }  # fmt: skip
    create = Action(
        verb=lambda *, by, org, letter: open_transfer(org, by=by, letter=letter), name="new", icon="plus",
        label=_("Hand over to another department"), permission=OPENS, form=forms.LooseLetterForm, then=case_address,
    )  # fmt: skip
    empty = _("Nothing was handed over to another department yet.")


def _late(viewer: Viewer) -> QuerySet[Any]:
    rows: QuerySet[Any] = Transfer.objects.visible_to(viewer)
    return rows.filter(case__steps__due_at__lt=viewer.now, case__steps__done_at__isnull=True).values("pk")


class AccountabilityScreen(Screen):
    """The register of those who were held to account, for those who lead."""

    model = Accountability
    slug = "accountability"
    title = _("Accountability register")
    permission = "cases.lead"
    family = Family.GOVERN
    icon = "gavel"
    order = 40
    sort = "-case__number"
    has_detail = False
    columns = [
        CASE,
        Link("case__org", _("Unit"), sort="case__org__path", card="fact"),
        Column("case__person", _("Whom it is about"), mask=mask_name, unmask="cases.lead", card="fact"),
        Column("cause", sort=True, card="no"),
        Day("case__day", _("Opened on"), sort=True, card="no"),
        Column("decided", value=lambda row: "、".join(str(DECIDED[one]) for one in row.decided)),
        STATE,
    ]
    filters = {"cause": "choice", "case__day": "range"}
    search = ["case__number"]
    views = {
        "open": (_("Underway"), Q(case__state=CaseState.OPEN)),
        "decided": (_("Decided"), Q(decided_at__isnull=False)),
    }
    create = Action(
        verb=lambda *, by, person, **given: _about(person, by=by, **given), name="new", icon="plus",
        label=_("Open accountability"), permission=HOLDS, form=forms.AccountForm, then=case_address,
    )  # fmt: skip
    empty = _("Nobody is held to account.")


def _about(person: Person, *, by: Viewer, **given: Any) -> Case:
    return open_accountability(person.org, by=by, person=person, **given)


@page(permission="cases.lead")
def figures(request: HttpRequest) -> HttpResponse:
    """How many cases there are of each cause, and how they ended: counts only, nobody's name."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    context = {"title": _("Accountability by cause"), "rows": by_cause(viewer)}
    return render(request, "cases/figures.html", context)


urlpatterns = [
    path("accountability/figures/", figures, name="causes"),
    *TransferScreen.urls(),
    *AccountabilityScreen.urls(),
]
