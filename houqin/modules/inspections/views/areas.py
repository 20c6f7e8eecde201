"""Responsibility areas: which checklist and how often, areas without one; walking a round, and the rounds that were walked."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.posts import post_kinds
from houqin.core.places.queries import use_title, uses_on
from houqin.core.scope.refusals import NotVisible, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.forms.doing import WhyForm
from houqin.flows.duties.models import Duty
from houqin.flows.duties.words import EVERY
from houqin.modules.inspections.actions.rounds import ask_round, end_round, items_at, walk_round
from houqin.modules.inspections.areas import AreaLine, areas_at, place_of
from houqin.modules.inspections.duties import PREFIX, checklist_of
from houqin.modules.inspections.list_forms import RoundForm, WalkForm
from houqin.modules.inspections.lists import list_as, list_on, lists_on, rounds_on
from houqin.modules.inspections.models import AskedRound, Walk
from houqin.modules.inspections.views.checklists import bounds_of
from houqin.ui import nav
from houqin.ui.focus import named, unit_of
from houqin.ui.keys import Outcome, key_of
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens import Action, Block, Column, Day, Facts, Instant, Link, Number, Screen, Timeline
from houqin.ui.screens.acting import carry_out

VIEW, SET = "inspections.view", "inspections.set_rounds"
TITLE = _("Responsibility areas")
ASK = Action(
    verb=ask_round, label=_("Ask for it"), permission=SET, icon="check", form=RoundForm,
    help=_("It holds for this unit and all below it. A unit below may ask for more often, never for less."),
)  # fmt: skip
END = Action(
    verb=end_round, label=_("Ask for it no more"), permission=SET, icon="x", danger=True, form=WhyForm,
    help=_("What was walked stays. From now on no such duty is laid out."),
)  # fmt: skip


@page(permission=VIEW)
def areas(request: HttpRequest) -> HttpResponse:
    """Places by what they are for, each with its checklist and rhythm; what has none comes first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    org = unit_of(request)
    require(viewer, VIEW, at=org)
    lines, unnamed = areas_at(org, viewer)
    lists, kinds, language = lists_on(viewer.today), post_kinds(viewer.today), get_language() or ""
    rows = [_row(line, lists, kinds, language) for line in lines]
    context = {
        "title": TITLE, "org": org, "bare": [row for row in rows if row["line"].is_bare],
        "kept": [row for row in rows if not row["line"].is_bare], "unnamed": unnamed,
        "may_set": org.is_open and viewer.may(SET, org.path),
    }  # fmt: skip
    return render(request, "inspections/areas.html", context)


def _row(line: AreaLine, lists: Any, kinds: Any, language: str) -> dict[str, Any]:
    asked, proposal, kind = line.asked, line.proposal, kinds.get(line.post)
    return {
        "line": line, "title": use_title(line.use),
        "post": (kind.title_zh if language.startswith("zh") else kind.title_en) if kind else line.post,
        "checklist": lists.get(asked.checklist) if asked else None, "every": EVERY[asked.every] if asked else "",
        "proposed": lists.get(proposal.checklist) if proposal else None,
        "proposed_every": EVERY[proposal.every] if proposal else "",
        "places_url": f"{reverse('console:places')}?use={line.use.code}",
    }  # fmt: skip


@page(permission=SET)
def ask(request: HttpRequest, use: str) -> HttpResponse:
    """By which checklist and how often places of a use are looked at, from this unit down."""
    viewer, org = _unit(request)
    known = uses_on(viewer.today).get(use)
    if known is None:
        raise NotVisible
    own, proposal = _own(org, use, viewer), rounds_on(viewer.today).get(use)
    initial: dict[str, Any] = {}
    if own is not None:
        initial = {"checklist": own.checklist, "every": own.every, "post": own.post, "why": own.why}
    elif proposal is not None:
        initial = {"checklist": proposal.checklist, "every": proposal.every.value}
    form = RoundForm(request.POST or None, viewer=viewer, initial=initial)

    def run() -> Outcome:
        ask_round(org, by=viewer, use=use, **form.arguments())
        return _back(org), gettext("It is asked for from now on.")

    return _deed(request, org, ASK, form, use_title(known), run)


@page(permission=SET)
def end(request: HttpRequest, use: str) -> HttpResponse:
    """End what this unit asks for."""
    viewer, org = _unit(request)
    own = _own(org, use, viewer)
    if own is None:
        raise NotVisible
    form = WhyForm(request.POST or None, viewer=viewer)

    def run() -> Outcome:
        end_round(own, by=viewer, **form.arguments())
        return _back(org), gettext("It is asked for no more.")

    known = uses_on(viewer.today).get(use)
    return _deed(request, org, END, form, use_title(known) if known else use, run)


def _deed(request: HttpRequest, org: OrgUnit, action: Action, form: Any, title: str, run: Any) -> HttpResponse:
    if request.method == "POST" and (answer := carry_out(request, run, form=form)):
        return answer
    context = {
        "screen": {"title": TITLE}, "list_url": _back(org), "back": _back(org), "action": action, "form": form,
        "title": title, "words": action.label, "key": key_of(request), "org": org,
        "facts": [(_("Unit"), org.name)],
    }  # fmt: skip
    return render(request, "ui/form.html", context, status=422 if request.method == "POST" else 200)


def _own(org: OrgUnit, use: str, viewer: Viewer) -> AskedRound | None:
    found: AskedRound | None = (
        AskedRound.objects.visible_to(viewer).filter(org=org, use=use, ended_at__isnull=True).first()
    )
    return found


def _unit(request: HttpRequest) -> tuple[Viewer, OrgUnit]:
    """The unit that the address names, else the one looked at."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    wanted = request.GET.get("unit", "")
    org = OrgUnit.objects.get_visible(viewer, path=named(wanted, viewer)) if wanted else unit_of(request)
    require(viewer, SET, at=org)
    return viewer, org


def _back(org: OrgUnit) -> str:
    return f"{reverse('inspections:areas')}?under={org.path}"


@page(permission="duties.do")
def walk(request: HttpRequest, duty: int) -> HttpResponse:
    """Walk a round: everything is in order but what is named."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row: Duty = Duty.objects.get_visible(viewer, pk=duty, rule__startswith=PREFIX)
    require(viewer, "duties.do", at=row.org)
    held = list_on(checklist_of(row.rule), viewer.today)
    form = WalkForm(request.POST or None, viewer=viewer, items=items_at(held, row.org, viewer))

    def run() -> Outcome:
        made = walk_round(row, by=viewer, **form.arguments())
        wrong = len(made.failed)
        said = gettext("All in order.") if not wrong else ngettext(
            "%(count)s finding opened.", "%(count)s findings opened.", wrong
        ) % {"count": wrong}  # fmt: skip
        return reverse("inspections:rounds-detail", args=[made.public_id]), said

    if request.method == "POST" and (answer := carry_out(request, run, form=form)):
        return answer
    language = get_language() or ""
    context = {
        "title": held, "place": place_of(row), "form": form, "key": key_of(request), "done": row.evidence_id,
        "rows": [(item, item.title(language), item.good(language), bounds_of(item), *fields) for item, *fields in form.rows()],
        "guide": held.checklist.guide_zh if language.startswith("zh") else held.checklist.guide_en,
    }  # fmt: skip
    return render(request, "inspections/walk.html", context, status=422 if request.method == "POST" else 200)


def _walked(row: Walk, viewer: Viewer) -> dict[str, Any] | None:
    """What was wrong and what was read, in the words of the version by which it was walked."""
    language = get_language() or ""
    items = {item.code: item for item in list_as(row.checklist, row.version).items}
    return {
        "wrong": [(items[code].title(language), words) for code, words in row.failed.items() if code in items],
        "read": [
            (items[code].title(language), f"{value} {items[code].unit}")
            for code, value in row.values.items()
            if code in items
        ],
    }


def _list_title(row: Walk) -> str:
    return list_as(row.checklist, row.version).title(get_language() or "")


class WalkScreen(Screen):
    """Rounds that were walked."""

    model = Walk
    slug = "rounds"
    title = _("Rounds walked")
    family = None
    icon = "route"
    sort = "-day"
    columns = [
        Column("place", sort="place__name", card="title", related=["place"]),
        Link("org", sort="org__path", card="fact"),
        Day("day", sort=True, card="fact"),
        Number("asked"),
        Number("wrong", _("Not in order"), value=lambda row: len(row.failed), card="fact"),
    ]
    filters = {"org": "choice", "day": "range"}
    search = ["place__name", "org__name"]
    panels = [
        Facts([Link("place"), Link("org"), Column("checklist", value=_list_title), Instant("walked_at"), "account"]),
        Block("inspections/walked.html", _walked),
        Timeline(),
    ]
    empty = _("No round was walked yet. A unit asks for rounds on the page of its responsibility areas.")


nav.register(
    nav.NavItem(
        family=Family.SAFE, title=TITLE, url_name="inspections:areas", permission=VIEW, icon="map-pin", order=13
    )
)
urlpatterns = [
    path("areas/", areas, name="areas"),
    path("areas/walk/<int:duty>/", walk, name="walk"),
    path("areas/<slug:use>/", ask, name="area-ask"),
    path("areas/<slug:use>/end/", end, name="area-end"),
    *WalkScreen.urls(),
]
