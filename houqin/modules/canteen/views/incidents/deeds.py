"""A page for each deed of the first two hours. Those of the school fill in and send; offices above read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import SchoolFacts
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.actions.leading import close_case
from houqin.flows.cases.actions.working import add_entry, do_step, leave_out_step, works_on
from houqin.flows.cases.models import Case, Step
from houqin.modules.canteen.actions import incidents as verbs
from houqin.modules.canteen.actions.incidents.holding import LEAD
from houqin.modules.canteen.forms import incidents as forms
from houqin.modules.canteen.incident_kind import page_of
from houqin.modules.canteen.models import HandOver, IncidentReport, KitchenStop, SealedKind
from houqin.modules.canteen.queries.incidents import pages
from houqin.modules.canteen.queries.incidents.drafting import call_words, parents_notice, report_draft
from houqin.modules.canteen.queries.incidents.figures import attack_of, figures_of
from houqin.modules.canteen.views.incidents import people
from houqin.modules.canteen.views.incidents.people import here
from houqin.ui.keys import Outcome, key_of
from houqin.ui.pages import page
from houqin.ui.screens import VerbForm
from houqin.ui.screens.acting import arguments_of, carry_out


@dataclass(frozen=True)
class Deed:
    """One page: its form about a row, what is shown besides, and what sending does: where it leads and what it tells."""

    title: Any
    form: type[VerbForm] | None
    run: Callable[[Case, Viewer, Any], tuple[str, str]] | None
    shown: Callable[[Case, Viewer, HttpRequest], dict[str, Any]] = lambda case, viewer, request: {}
    offline: bool = True
    lead: bool = False


def _step(case: Case, viewer: Viewer, form: forms.StepForm) -> Outcome:
    given = form.cleaned_data
    step = Step.objects.get_visible(viewer, case=case, code=given["code"])
    if given["skip"]:
        leave_out_step(step, by=viewer, reason=given["note"])
        return page_of(case), gettext("Left out, with the reason.")
    do_step(step, by=viewer, note=given["note"])
    return page_of(case), gettext("Done: %(step)s.") % {"step": step.title}


def _note(case: Case, viewer: Viewer, form: forms.NoteForm) -> Outcome:
    add_entry(case, by=viewer, **form.cleaned_data)
    return page_of(case), gettext("It stands in the log; the school sees it.")


def _calls_shown(case: Case, viewer: Viewer, request: HttpRequest) -> dict[str, Any]:
    figures, asked = figures_of(case), request.GET.get("body", "")
    found = []
    for one in pages.calls_of(case):
        fill: dict[str, Any] = {"viewer": viewer, "initial": {"body": one.body.value}}
        words = call_words(case, one.body, figures, viewer)
        number = (
            forms.NumberForm(**fill) if not one.phone and viewer.may("canteen.set_numbers", case.org.path) else None
        )
        found.append((one, words, forms.CallForm(**fill), number, one.body == asked))
    return {"calls": found, "no_form": True, "number_url": here(case, "number")}


def _call(case: Case, viewer: Viewer, form: forms.CallForm) -> Outcome:
    given = arguments_of(form)
    phone = next((one.phone for one in pages.calls_of(case) if one.body == given["body"]), "")
    call = verbs.note_call(case, by=viewer, phone=phone, **given)
    return page_of(case), gettext("%(who)s: answered by %(name)s.") % {
        "who": call.get_body_display(),
        "name": call.answered_by,
    }


def _number(case: Case, viewer: Viewer, form: forms.NumberForm) -> Outcome:
    verbs.set_number(case.org, by=viewer, **arguments_of(form))
    return here(case, "calls", body=form.cleaned_data["body"]), gettext("The number is kept for the next time, too.")


def _seal_shown(case: Case, viewer: Viewer, request: HttpRequest) -> dict[str, Any]:
    row = pages.suspects_of(case)
    kind = request.GET.get("kind", "")
    if kind not in SealedKind.values:
        kind = SealedKind.SAMPLES.value
    recalls = []
    if kind == "lots" and viewer.may("canteen.propose_recall", case.org.path):
        known = {lot.pk: lot for lot in [*row.lots, *(one.lot for one in row.sealed if one.lot)]}
        for lot in known.values():
            asked = {
                "org": case.org.pk, "supplier": lot.supplier.public_id, "product": lot.product.public_id, "batch": lot.batch,
                "produced_on": lot.produced_on or "", "reason": f"{case.number} {case.title}", **({"is_drill": "on"} if case.drill else {}),
            }  # fmt: skip
            recalls.append((lot, f"{reverse('canteen:recalls-new')}?{urlencode(asked)}"))
    heading = f"{gettext('Keep as evidence')} · {SealedKind(kind).label}"
    return {"row": row, "initial": {"kind": kind}, "sealed": row.sealed, "recalls": recalls, "heading": heading}


def _seal(case: Case, viewer: Viewer, form: forms.SealForm) -> Outcome:
    made = verbs.seal_things(case, by=viewer, **arguments_of(form))
    told = ngettext("%(count)s thing is sealed.", "%(count)s things are sealed.", len(made)) % {"count": len(made)}
    if case.drill:
        told = f"{told} {gettext('In earnest sealed goods are not given out and the room is stopped; in a drill nothing is.')}"
    return page_of(case), told


def _dishes_shown(case: Case, viewer: Viewer, request: HttpRequest) -> dict[str, Any]:
    attack = attack_of(case)
    guess = attack.guilty
    initial = {"dish": f"{guess[0].pk}|{guess[1][0].dish}"} if guess else {}
    return {
        "row": pages.served_before(case),
        "attack": attack,
        "figures": figures_of(case, case.incident.meal),
        "initial": initial,
    }


def _suspect(case: Case, viewer: Viewer, form: forms.SuspectForm) -> Outcome:
    incident = verbs.suspect(case, by=viewer, **arguments_of(form))
    return page_of(case), gettext("Suspected: %(what)s.") % {"what": f"{incident.meal} {incident.dish}".strip()}


def _report_shown(case: Case, viewer: Viewer, request: HttpRequest) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    if kind not in IncidentReport.Kind.values:
        kind = IncidentReport.Kind.FIRST.value
    figures = figures_of(case, case.incident.meal)
    to = _("Market supervision, health authority, education office")
    sent = IncidentReport.objects.visible_to(viewer).filter(case=case).select_related("sent_by")
    body = report_draft(case, kind, figures, attack_of(case))
    tabs = [(one.value, one.label, one.value == kind) for one in IncidentReport.Kind]
    return {
        "initial": {"kind": kind, "body": body, "to": to}, "sent": sent, "tabs": tabs,
        "heading": IncidentReport.Kind(kind).label,
    }  # fmt: skip


def _report(case: Case, viewer: Viewer, form: forms.ReportForm) -> Outcome:
    report = verbs.send_report(case, by=viewer, **form.cleaned_data)
    return page_of(case), gettext("%(report)s sent.") % {"report": report.get_kind_display()}


def _notice_shown(case: Case, viewer: Viewer, request: HttpRequest) -> dict[str, Any]:
    return {"initial": {"text": parents_notice(case, figures_of(case))}}


def _notice(case: Case, viewer: Viewer, form: forms.NoticeForm) -> Outcome:
    told = verbs.tell_other_parents(case, by=viewer, **arguments_of(form))
    if case.drill:
        return page_of(case), gettext("Noted. In a drill it is not sent.")
    return page_of(case), ngettext("%(count)s family was told.", "%(count)s families were told.", told) % {
        "count": told
    }


def _meal_shown(case: Case, viewer: Viewer, request: HttpRequest) -> dict[str, Any]:
    stop = KitchenStop.objects.visible_to(viewer).standing().filter(org=case.org).select_related("decided_by").first()
    facts = SchoolFacts.objects.visible_to(viewer).in_force(viewer.today).filter(org=case.org).first()
    return {"stop": stop, "boarders": facts.boarders if facts else 0}


def _meal(case: Case, viewer: Viewer, form: forms.MealForm) -> Outcome:
    verbs.provide_meal(case, by=viewer, **arguments_of(form))
    return page_of(case), gettext("Noted: %(meal)s.") % {"meal": form.cleaned_data["instead"]}


def _package_shown(case: Case, viewer: Viewer, request: HttpRequest) -> dict[str, Any]:
    rows = HandOver.objects.visible_to(viewer).filter(case=case).select_related("account")
    found = [(one, forms.ReceiptForm(viewer=viewer, initial={"package": one.public_id})) for one in rows]
    return {
        "packages": found,
        "may_take": viewer.may("canteen.trace", case.org.path),
        "may_note_receipt": case.is_open and viewer.may(LEAD, case.org.path),
        "receipt_url": here(case, "receipt"),
    }


def _package(case: Case, viewer: Viewer, form: None) -> Outcome:
    verbs.ask_package(case, by=viewer)
    return here(case, "package"), gettext("It is being put together. You can leave this page; it will lie ready here.")


def _receipt(case: Case, viewer: Viewer, form: forms.ReceiptForm) -> Outcome:
    given = dict(form.cleaned_data)
    package = HandOver.objects.get_visible(viewer, case=case, public_id=given.pop("package"))
    verbs.receive_package(package, by=viewer, **given)
    return page_of(case), gettext("The receipt is noted.")


def _release(case: Case, viewer: Viewer, form: forms.ReleaseForm) -> Outcome:
    verbs.note_release(case, by=viewer, **form.cleaned_data)
    return here(case, "release"), gettext("Noted. Another person opens the kitchen.")


def _reopen(case: Case, viewer: Viewer, form: None) -> Outcome:
    verbs.reopen_kitchen(case, by=viewer)
    return page_of(case), gettext("The kitchen is open again; what rested is asked again.")


def _end_shown(case: Case, viewer: Viewer, request: HttpRequest) -> dict[str, Any]:
    if case.drill:
        return {"heading": _("End the drill")}
    return {"heading": _("Close the case") if figures_of(case).ill else _("False alarm: call it off")}


def _end(case: Case, viewer: Viewer, form: forms.EndForm) -> Outcome:
    found = form.cleaned_data["found"]
    if case.drill:
        verbs.end_drill(case, by=viewer, found=found)
        return page_of(case), gettext("The drill is over; the ledger of drills has its minutes.")
    if "cause" not in form.fields:
        verbs.call_off(case, by=viewer, reason=found)
        return page_of(case), gettext("Called off.")
    close_case(case, by=viewer, outcome=form.cleaned_data["cause"], reason=found)
    return page_of(case), gettext("The case is closed.")


DEEDS: dict[str, Deed] = {
    "step": Deed(_("Step"), forms.StepForm, _step),
    "note": Deed(_("Write into the log"), forms.NoteForm, _note),
    "ill": Deed(_("Register the ill"), forms.IllForm, people.ill, people.ill_shown),
    "correct": Deed(
        _("Put a registration right"), forms.CorrectIllForm, people.correct, people.correct_shown, offline=False
    ),
    "strike": Deed(_("Put a registration right"), forms.StrikeForm, people.strike, people.correct_shown, offline=False),
    "search": Deed(_("Search of the classes"), forms.SearchForm, people.search, people.search_shown),
    "parents": Deed(_("Parents of the ill"), forms.ParentsForm, people.parents, people.parents_shown),
    "calls": Deed(_("Telephone"), forms.CallForm, _call, _calls_shown),
    "number": Deed(_("Telephone"), forms.NumberForm, _number, _calls_shown, offline=False),
    "seal": Deed(_("Keep as evidence"), forms.SealForm, _seal, _seal_shown),
    "dishes": Deed(_("Which dish"), forms.SuspectForm, _suspect, _dishes_shown, offline=False, lead=True),
    "report": Deed(_("Written report"), forms.ReportForm, _report, _report_shown, offline=False, lead=True),
    "notice": Deed(
        _("Notice for the other parents"), forms.NoticeForm, _notice, _notice_shown, offline=False, lead=True
    ),
    "meal": Deed(_("Another meal"), forms.MealForm, _meal, _meal_shown, offline=False),
    "package": Deed(_("Hand-over package"), None, _package, _package_shown, offline=False),
    "receipt": Deed(_("Hand-over package"), forms.ReceiptForm, _receipt, _package_shown, offline=False, lead=True),
    "release": Deed(_("Open the kitchen again"), forms.ReleaseForm, _release, offline=False),
    "reopen": Deed(_("Open the kitchen again"), None, _reopen, offline=False, lead=True),
    "end": Deed(_("Close the case"), forms.EndForm, _end, _end_shown, offline=False, lead=True),
}
PAGE_OF = {"number": "calls", "receipt": "package", "reopen": "release", "strike": "correct"}


@page(permission="cases.view")
def deed(request: HttpRequest, ref: UUID, name: str) -> HttpResponse:
    """The page of one deed, and the deed."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case = pages.case_of(viewer, ref)
    if name not in DEEDS:
        raise NotVisible
    here = DEEDS[name]
    shown = here.shown(case, viewer, request)
    about = {"viewer": viewer, "row": shown.get("row", case)}
    form = (
        here.form(request.POST or None, request.FILES or None, initial=shown.get("initial"), **about)
        if here.form
        else None
    )
    if request.method == "POST" and here.run is not None:
        run = here.run
        answer = carry_out(request, lambda: run(case, viewer, form), form=form)
        if answer is not None:
            return answer
    may_do = case.is_open and works_on(case, viewer) and (not here.lead or viewer.may(LEAD, case.org.path))
    context = shown | {
        "title": shown.get("heading") or here.title, "case": case, "incident": case.incident, "name": PAGE_OF.get(name, name), "deed": here, "back": page_of(case),
        "form": form if may_do and not (shown.get("no_form") and request.method != "POST") else None, "may_do": may_do,
        "key": key_of(request), "multipart": form is not None and form.is_multipart(), "action": request.get_full_path(),
    }  # fmt: skip
    template = (
        f"canteen/incidents/{PAGE_OF.get(name, name)}.html"
        if PAGE_OF.get(name, name) in OWN
        else "canteen/incidents/deed.html"
    )
    return render(request, template, context, status=422 if request.method == "POST" else 200)


OWN = frozenset(
    {"ill", "search", "parents", "calls", "seal", "dishes", "report", "notice", "package", "release", "correct", "meal"}
)
urlpatterns = [path("incidents/<uuid:ref>/<slug:name>/", deed, name="incident-deed")]
