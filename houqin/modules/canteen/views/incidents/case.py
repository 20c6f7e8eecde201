"""The page of a case: the clock, the list of one's own post, then everybody's, the figures, the log."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from houqin.core.files.keeping import open_bytes
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.actions.working import works_on
from houqin.flows.cases.models import Entry
from houqin.modules.canteen.actions.incidents import take_package
from houqin.modules.canteen.actions.incidents.holding import LEAD
from houqin.modules.canteen.forms.incidents import NoteForm
from houqin.modules.canteen.models import HandOver, IncidentReport
from houqin.modules.canteen.queries.incidents.drafting import recalls_since
from houqin.modules.canteen.queries.incidents.figures import attack_of, figures_of
from houqin.modules.canteen.queries.incidents.pages import case_of, lines_of, minutes_since
from houqin.ui.pages import page

# Where a step is done: the page of its deed and what the address says besides. The others are ticked with a word.
PAGES = {
    "register-ill": "ill", "search": "search", "parents-ill": "parents", "parents-others": "notice",
    "first-report": "report?kind=first", "follow-up-report": "report?kind=follow-up", "substitute-meal": "meal", "final-report": "report?kind=final", "hand-over": "package", "reopen": "release",
    "rescue": "calls?body=ambulance", "call-education": "calls?body=education", "call-market": "calls?body=market",
    "call-health": "calls?body=health", "call-police": "calls?body=police", "seal-samples": "seal?kind=samples",
    "seal-leftovers": "seal?kind=leftovers", "seal-lots": "seal?kind=lots", "seal-tools": "seal?kind=tools",
    "seal-kitchen": "seal?kind=kitchen",
}  # fmt: skip


def address(ref: UUID, deed: str) -> str:
    """The address of a deed's page."""
    name, _mark, query = deed.partition("?")
    return reverse("canteen:incident-deed", args=[ref, name]) + (f"?{query}" if query else "")


@page(permission="cases.view")
def incident(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What is to be done now, by whom, and how far it is; offices above read and write into the log."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case = case_of(viewer, ref)
    lines = [
        (line, address(ref, PAGES[line.step.code]) if line.step.code in PAGES else "")
        for line in lines_of(case, viewer)
    ]
    may_do = case.is_open and works_on(case, viewer)
    figures, attack = figures_of(case, case.incident.meal), attack_of(case)
    reports = list(IncidentReport.objects.visible_to(viewer).filter(case=case).select_related("sent_by"))
    report = next((line for line, _url in lines if line.step.code == "first-report"), None)
    context = {
        "title": _("Suspected food poisoning"), "case": case, "incident": case.incident, "may_do": may_do,
        "mine": [one for one in lines if one[0].mine and one[0].step.done_at is None], "lines": lines,
        "figures": figures, "attack": attack, "reports": reports, "report": report, "minutes": minutes_since(case, viewer),
        "may_lead": case.is_open and viewer.may(LEAD, case.org.path), "recalls": recalls_since(case),
        "entries": Entry.objects.visible_to(viewer).filter(case=case).select_related("account"),
        "note": NoteForm(viewer=viewer) if case.is_open and viewer.may("cases.work", case.org.path) else None,
        "searched": len(figures.classes) - len(figures.missing),
        **{f"{name}_url": address(ref, name) for name in ("step", "note", "dishes", "end", "ill", "report", "release", "parents")},
    }  # fmt: skip
    return render(request, "canteen/incidents/case.html", context)


@page(permission="canteen.trace")
@require_POST
def take(request: HttpRequest, ref: UUID) -> FileResponse:
    """The hand-over package itself; that it was taken is recorded."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    file = take_package(
        HandOver.objects.visible_to(viewer, "canteen.trace").get_visible(viewer, public_id=ref), by=viewer
    )
    return FileResponse(
        open_bytes(file.blob), as_attachment=True, filename=f"{file.name}.zip", content_type="application/zip"
    )


urlpatterns = [
    path("incidents/<uuid:ref>/", incident, name="incident"),
    path("incidents/packages/<uuid:ref>/take/", take, name="incident-take"),
]
