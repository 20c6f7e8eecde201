"""Campaigns as those see them who plan: what, when, how far, from which schools is drawn and why."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections import planning_forms as forms
from houqin.modules.inspections.actions import drawing, planning
from houqin.modules.inspections.choices import campaign_of_rows
from houqin.modules.inspections.drawing import Listing
from houqin.modules.inspections.models import Campaign, CampaignKind, CampaignState, Draw, Visit
from houqin.modules.inspections.progress import (
    candidates_of,
    drawn_of,
    findings_of,
    lists_of,
    passed_over,
    progress_of,
    shown_candidates,
)
from houqin.ui.pages import page
from houqin.ui.screens import Action, Badge, Block, Column, Day, Facts, Family, Instant, Link, Rows, Screen, Timeline

PLAN = planning.PLAN
TONES = {CampaignState.DRAFT: "soon", CampaignState.RUNNING: "info", CampaignState.ENDED: "quiet"}
VISIT_TONES = {"planned": "soon", "departed": "info", "underway": "info", "signed": "passed", "void": "quiet"}


def _is(*states: CampaignState) -> Any:
    return lambda row, viewer: row.state in states


def plan(*, by: Viewer, org: Any, brief: planning.Brief) -> Campaign:
    """Plan a campaign of an office."""
    return planning.plan_campaign(org, by=by, brief=brief)


def _as_planned(row: Campaign, viewer: Viewer) -> dict[str, Any]:
    names = ("kind", "title", "checklists", "from_on", "until_on", "basis", "partners")
    return {name: getattr(row, name) for name in names}


def _visits(row: Campaign, viewer: Viewer) -> QuerySet[Any]:
    return Visit.objects.visible_to(viewer).filter(campaign=row).order_by("planned_on", "org__path")


def _draws(row: Campaign, viewer: Viewer) -> QuerySet[Any]:
    return Draw.objects.visible_to(viewer).filter(campaign=row)


def _head(row: Campaign, viewer: Viewer) -> dict[str, Any]:
    return {
        "progress": progress_of(row, viewer), "found": findings_of(row, viewer), "lists": lists_of(row), "insiders": list(row.insiders.all()),
        "may": viewer.may(PLAN, row.org.path), "secret": row.kind == CampaignKind.UNANNOUNCED and row.state != CampaignState.ENDED,
        "draft": row.state == CampaignState.DRAFT, "of_campaign": urlencode({"campaign": row.public_id}),
    }  # fmt: skip


VISIT_COLUMNS = [
    Column("org", _("School"), value=lambda row: row.org.name, related=["org"]),
    Day("planned_on"),
    Badge("state", tones=VISIT_TONES),
    Column(
        "team", _("Inspectors"), value=lambda row: "、".join(str(one) for one in row.inspectors.all()) or None,
        prefetch=["inspectors__account"],
    ),
]  # fmt: skip


class CampaignScreen(Screen):
    """Rounds of inspections that offices plan over their schools."""

    model = Campaign
    slug = "campaigns"
    title = _("Inspection campaigns")
    family = Family.SAFE
    icon = "clipboard-search"
    order = 6
    columns = [
        Column("title", sort=True, card="title"),
        Column("kind", sort=True, card="fact"),
        Link("org", sort="org__path", card="fact"),
        Badge("state", sort=True, tones=TONES),
        Day("from_on", _("First day"), sort=True, card="fact"),
        Day("until_on", _("Last day"), sort=True, card="no"),
    ]
    filters = {"kind": "choice", "state": "choice", "org": "choice", "from_on": "range"}
    search = ["title", "basis", "partners", "org__name"]
    views = {
        "running": (_("Running"), Q(state=CampaignState.RUNNING)),
        "drafts": (_("Draft"), Q(state=CampaignState.DRAFT)),
        "ended": (pgettext_lazy("state", "Ended"), Q(state=CampaignState.ENDED)),
    }
    empty = _("Rounds of inspections stand here: what is inspected, when, which schools were drawn, and how far it is.")
    panels = [
        Block("inspections/campaign_head.html", _head),
        Facts([Link("org"), "kind", Day("from_on"), Day("until_on"), "basis", "partners", "account", Instant("ended_at")], sparse=True),
        Rows(
            _draws, [Column("commitment", value=lambda row: row.commitment[:16]), Instant("committed_at"), Instant("drawn_at"), Column("wanted")],
            title=_("Draws"), keep_empty=False,
        ),
        Rows(_visits, VISIT_COLUMNS, title=_("Visits"), limit=50, keep_empty=False),
        Timeline(),
    ]  # fmt: skip
    create = Action(
        verb=plan, name="new", label=_("Plan a campaign"), permission=PLAN, form=forms.CampaignForm, icon="plus",
        done=_("Planned. Start it when the plan stands."), initial=lambda row, viewer: {"from_on": viewer.today},
    )  # fmt: skip
    actions = [
        Action(
            verb=planning.start_campaign, name="start", label=_("Start"), permission=PLAN, icon="player-play",
            shown=_is(CampaignState.DRAFT), done=_("Started. Draw or choose the schools now."),
        ),
        Action(
            verb=drawing.commit_draw, name="commit", label=_("Commit a draw"), permission=PLAN, icon="lock", form=forms.WantedForm,
            shown=lambda row, viewer: row.state == CampaignState.RUNNING and row.kind != CampaignKind.SELF,
            done=_("Committed: list and seed stand. Draw now."), then=lambda row: reverse("inspections:draws-detail", args=[row.public_id]),
            help=_("The list of schools with their lots and of inspectors with their conflicts is fixed together with a seed that nobody knows."),
        ),
        Action(
            verb=planning.name_schools, name="choose", label=_("Choose schools by name"), permission=PLAN, icon="list-check",
            form=forms.SchoolsForm, shown=lambda row, viewer: row.state == CampaignState.RUNNING and row.kind != CampaignKind.CROSS,
            done=lambda made: ngettext("%(count)s visit planned.", "%(count)s visits planned.", len(made)) % {"count": len(made)},
            aside=True,
        ),
        Action(
            verb=planning.change_campaign, name="change", label=_("Change the plan"), permission=PLAN, icon="edit", aside=True,
            form=forms.CampaignForm, initial=_as_planned, shown=_is(CampaignState.DRAFT),
        ),
        Action(
            verb=planning.let_in, name="let-in", label=_("Let a colleague in"), permission=PLAN, icon="user-plus", aside=True,
            form=forms.LetInForm,
            shown=lambda row, viewer: row.kind == CampaignKind.UNANNOUNCED and row.state != CampaignState.ENDED,
        ),
        Action(
            verb=planning.end_campaign, name="end", label=_("End the campaign"), permission=PLAN, icon="flag", aside=True,
            form=forms.EndForm, shown=_is(CampaignState.DRAFT, CampaignState.RUNNING),
        ),
    ]  # fmt: skip


@page(permission=PLAN)
def candidates(request: HttpRequest, ref: UUID) -> HttpResponse:
    """From which schools would be drawn today, and why each has its lots."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row = Campaign.objects.visible_to(viewer, PLAN).select_related("org").get_visible(viewer, PLAN, public_id=ref)
    context = {"title": _("From which schools is drawn"), "row": row, "found": candidates_of(row, viewer)}
    return render(request, "inspections/candidates.html", context)


def _drawn(row: Draw, viewer: Viewer) -> dict[str, Any]:
    listing = Listing.read(row.listing)
    return {
        "listing": listing,
        "found": shown_candidates(listing),
        "drawn": drawn_of(row, listing),
        "passed_over": passed_over(row),
        "cross": listing.cross,
    }


class DrawScreen(Screen):
    """Draws: what was committed, and what came out."""

    model = Draw
    slug = "draws"
    title = _("Draws")
    family = None
    icon = "dice-5"
    columns = [
        Column("commitment", card="title", value=lambda row: row.commitment[:16]),
        Link("campaign", sort="campaign__title", card="fact"),
        Column("wanted", sort=True),
        Instant("committed_at", sort=True, card="fact"),
        Instant("drawn_at", sort=True, card="fact"),
    ]
    filters = {"campaign": campaign_of_rows, "committed_at": "range"}
    search = ["campaign__title", "commitment"]
    panels = [
        Facts(
            [Link("campaign"), Column("commitment"), Instant("committed_at"), Instant("drawn_at"), "account",
             Column("seed", _("Seed"), value=lambda row: row.seed if row.drawn_at else None)], sparse=True
        ),
        Block("inspections/drawn.html", _drawn),
        Timeline(),
    ]  # fmt: skip
    actions = [
        Action(
            verb=drawing.draw, name="draw", label=_("Draw now"), permission=PLAN, icon="dice-5",
            shown=lambda row, viewer: row.drawn_at is None, done=_("Drawn. The visits are planned."),
        )
    ]  # fmt: skip
    empty = _("Nothing has been drawn yet.")


urlpatterns = [
    path("campaigns/<uuid:ref>/candidates/", candidates, name="campaigns-candidates"),
    *CampaignScreen.urls(),
    *DrawScreen.urls(),
]
