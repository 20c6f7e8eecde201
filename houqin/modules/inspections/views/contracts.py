"""Contracts of property services, and what each month's score brought."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.actions.contracts import AGREE, agree_service, end_service
from houqin.modules.inspections.contract_forms import ContractForm
from houqin.modules.inspections.deductions import deductions_of, months_of
from houqin.modules.inspections.models import ServiceContract, Visit
from houqin.modules.inspections.visit_forms import WhyForm
from houqin.modules.inspections.words import points
from houqin.ui.pages import page
from houqin.ui.screens import Action, Block, Column, Day, Facts, Family, Link, Money, Screen, Timeline


def agree(*, by: Viewer, org: OrgUnit, **given: Any) -> ServiceContract:
    """Write down a contract of a school."""
    return agree_service(org, by=by, **given)


def _steps(row: ServiceContract) -> str:
    return "，".join(f"≥ {least}: {percent} %" for least, percent in row.steps)


def _months(row: ServiceContract, viewer: Viewer) -> dict[str, Any]:
    """The months with their scores; what they come to is a human's to judge when the contract is renewed."""
    months = months_of(row, viewer)
    total = sum(one.score for _visit, one in months)
    return {
        "months": [(visit, one, reverse("inspections:visits-detail", args=[visit.public_id])) for visit, one in months],
        "mean": points(total / len(months)) if months else "", "kept": sum(one.fen for _visit, one in months),
        "worst": sum(bool(row.steps) and one.percent == row.steps[-1][1] for _visit, one in months),
    }  # fmt: skip


class ContractScreen(Screen):
    """What is paid to whom for which service, and how much is kept back at which score."""

    model = ServiceContract
    slug = "contracts"
    title = _("Contracts of services")
    family = Family.STANDARD
    icon = "file-text"
    order = 75
    columns = [
        Column("firm", sort=True, card="title"),
        Column("service", sort=True, card="fact"),
        Link("org", sort="org__path", card="fact"),
        Money("fee_fen", sort=True, card="no"),
        Column("steps", value=_steps, card="no"),
        Day("from_on", sort=True, card="no"),
        Day("until_on", sort=True, card="fact"),
        Day("ended_on", sort=True, card="no"),
    ]
    filters = {"org": "choice", "service": "choice", "until_on": "range"}
    search = ["firm", "org__name"]
    views = {
        "now": (_("In force"), Q(ended_on__isnull=True)),
        "before": (pgettext_lazy("state", "Ended"), Q(ended_on__isnull=False)),
    }
    opens_on = "now"
    panels = [
        Facts([
            Link("org"), "service", Money("fee_fen"), Column("steps", value=_steps), Day("from_on"), Day("until_on"), Day("ended_on"),
            "account",
        ], sparse=True),
        Block("inspections/contract_months.html", _months),
        Timeline(),
    ]  # fmt: skip
    create = Action(
        verb=agree, name="new", label=_("Write down a contract"), permission=AGREE, form=ContractForm, icon="plus",
        initial=lambda row, viewer: {"from_on": viewer.today},
        help=_("As it was agreed. From each month's signed inspection the part to keep back is reckoned and explained; the school decides."),
    )  # fmt: skip
    actions = [
        Action(
            verb=end_service, name="end", label=_("End the contract"), permission=AGREE, icon="x", form=WhyForm, danger=True,
            aside=True, shown=lambda row, viewer: row.ended_on is None,
        )
    ]  # fmt: skip
    empty = _(
        "Nothing is written down. A school that pays a firm for cleaning, green areas, guards or dining writes the contract here."
    )


@page(permission="inspections.view")
def payment(request: HttpRequest, ref: UUID) -> HttpResponse:
    """考核扣款建议单 on A4: for each service its score, what is kept back by the contract and why, what is left to pay."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    visit = Visit.objects.get_visible(viewer, public_id=ref)
    found = deductions_of(visit, viewer)
    if not found:
        raise NotVisible
    context = {
        "title": _("Payment by score: proposal"), "visit": visit, "found": found, "fen": sum(one.fen for one in found),
        "pay": sum(one.pay_fen for one in found),
    }  # fmt: skip
    return render(request, "inspections/payment_print.html", context)


urlpatterns = [path("visits/<uuid:ref>/payment/", payment, name="visits-payment"), *ContractScreen.urls()]
