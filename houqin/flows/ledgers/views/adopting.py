"""Which ledgers are kept at a unit, who asks for each, what it takes; taking one up, adding to it, ending that."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import NotVisible, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.registry import DEMANDS
from houqin.flows.ledgers.actions.adopting import adopt_ledger, asked_limits, end_adoption
from houqin.flows.ledgers.costs import cost_at
from houqin.flows.ledgers.definitions import Resolved, above, every
from houqin.flows.ledgers.forms.adopting import AdoptForm, EndForm, initial_limits
from houqin.flows.ledgers.models import Adoption
from houqin.flows.ledgers.out.book import FAMILIES
from houqin.flows.ledgers.words import language
from houqin.ui import formats
from houqin.ui.focus import named, unit_of
from houqin.ui.keys import Outcome, key_of
from houqin.ui.pages import page
from houqin.ui.screens import Action
from houqin.ui.screens.acting import carry_out

VIEW, ADOPT = "ledgers.view", "ledgers.adopt"
TITLE = _("Who asks for which ledger")
SURE = "sure"
ASK = Action(
    verb=adopt_ledger, label=_("Ask for it"), permission=ADOPT, icon="check", template="ledgers/adopt.html",
    help=_("It holds for this unit and all below it. A limit can only become stricter. Whoever writes it is told who asks and why."),
)  # fmt: skip
END = Action(
    verb=end_adoption, label=_("Ask for it no more"), permission=ADOPT, icon="x", danger=True,
    help=_("What was written stays. Columns and limits that this unit added are asked no more from now on."),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One ledger at the unit, in words."""

    resolved: Resolved
    title: str
    demand: Any
    minutes: str
    own: Adoption | None

    @property
    def is_own(self) -> bool:
        """Whether this very unit asks for something."""
        return self.own is not None


@page(permission=VIEW)
def asked(request: HttpRequest) -> HttpResponse:
    """Every ledger at a unit: by law, asked by an office, of choice; the minutes; who added what and why."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    org = unit_of(request)
    require(viewer, VIEW, at=org)
    own = {row.ledger: row for row in Adoption.objects.visible_to(viewer).filter(org=org, ended_at__isnull=True)}
    groups: dict[str, list[Row]] = {}
    for one in every(org, viewer.today):
        groups.setdefault(one.ledger.family, []).append(_row(one, own.get(one.code)))
    context = {
        "title": TITLE, "org": org, "groups": [(FAMILIES[family], groups[family]) for family in FAMILIES if family in groups],
        "may_ask": org.is_open and viewer.may(ADOPT, org.path),
    }  # fmt: skip
    return render(request, "ledgers/asked.html", context)


def _row(one: Resolved, own: Adoption | None) -> Row:
    return Row(one, one.ledger.title(language()), DEMANDS[one.demand], formats.number(one.minutes, 1), own)


@page(permission=ADOPT)
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a ledger: first what it costs is shown, then it is set."""
    viewer, org = _unit(request)
    held = above(code, org, viewer.today)
    own = Adoption.objects.visible_to(viewer).filter(org=org, ledger=code, ended_at__isnull=True).first()
    form = AdoptForm(request.POST or None, viewer=viewer, held=held, initial=_initial(own, held))
    cost = None
    if request.method == "POST" and form.is_valid():
        given = form.arguments()
        cost = cost_at(org, code, given["columns"], given["of_lines"], viewer.today)
        if SURE in request.POST and (answer := carry_out(request, lambda: _asked(org, viewer, code, form), form=form)):
            return answer
    context = _context(request, org, ASK, form, held) | {"cost": cost, "held": held, "own": own}
    return render(request, ASK.template, context, status=422 if form.errors else 200)


@page(permission=ADOPT)
def end(request: HttpRequest, code: str) -> HttpResponse:
    """End what this unit asks for."""
    viewer, org = _unit(request)
    own = Adoption.objects.visible_to(viewer).filter(org=org, ledger=code, ended_at__isnull=True).first()
    if own is None:
        raise NotVisible
    form = EndForm(request.POST or None, viewer=viewer)

    def run() -> Outcome:
        end_adoption(own, by=viewer, **form.arguments())
        return _back(org), gettext("It is asked for no more.")

    if request.method == "POST" and (answer := carry_out(request, run, form=form)):
        return answer
    context = _context(request, org, END, form, above(code, org, viewer.today))
    return render(request, END.template, context, status=422 if request.method == "POST" else 200)


def _asked(org: OrgUnit, viewer: Viewer, code: str, form: AdoptForm) -> Outcome:
    adopt_ledger(org, by=viewer, ledger=code, **form.arguments())
    return _back(org), gettext("It is asked for from now on.")


def _unit(request: HttpRequest) -> tuple[Viewer, OrgUnit]:
    """The unit that the address names, else the one looked at."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    wanted = request.GET.get("unit", "")
    org = OrgUnit.objects.get_visible(viewer, path=named(wanted, viewer)) if wanted else unit_of(request)
    require(viewer, ADOPT, at=org)
    return viewer, org


def _back(org: OrgUnit) -> str:
    return f"{reverse('ledgers:asked')}?under={org.path}"


def _context(request: HttpRequest, org: OrgUnit, action: Action, form: Any, held: Resolved) -> dict[str, Any]:
    return {
        "screen": {"title": TITLE}, "list_url": _back(org), "back": _back(org), "action": action, "form": form,
        "title": held.ledger.title(language()), "words": action.label, "key": key_of(request), "org": org,
    }  # fmt: skip


def _initial(own: Adoption | None, held: Resolved) -> dict[str, Any]:
    """What the unit asks for now, as the form shows it."""
    if own is None:
        return {}
    found: dict[str, Any] = {"why": own.why} | initial_limits(held, asked_limits(own))
    found["columns"] = [
        {
            "name": one["zh"], "kind": one["kind"], "unit": one.get("unit", ""), "where": "line" if one.get("of_lines") else "head",
            "choices": "、".join(choice["zh"] for choice in one.get("choices", ())),
        }
        for one in own.columns
    ]  # fmt: skip
    return found


urlpatterns = [
    path("asked/", asked, name="asked"),
    path("asked/<slug:code>/", ask, name="ask"),
    path("asked/<slug:code>/end/", end, name="end-asking"),
]
