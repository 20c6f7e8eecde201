"""Pages of the import: hand in, see what was understood, correct, write, get back what could not be read."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from houqin.core.jobs import progress
from houqin.core.scope.viewer import Viewer
from houqin.flows.sheets import intake, queries
from houqin.flows.sheets.actions import correct_sheet, decide_proposal, discard_import, start_import, undo_proposal
from houqin.flows.sheets.forms import HandInForm
from houqin.flows.sheets.models import ImportFile, ImportProposal, ImportRun
from houqin.flows.sheets.pace import read_now_or_later, write_now_or_later
from houqin.flows.sheets.results import warnings_of
from houqin.flows.sheets.returning import returned
from houqin.lib.numbers import whole
from houqin.ui.focus import focus_of
from houqin.ui.pages import page
from houqin.ui.screens import Action, Badge, Column, Family, Instant, Screen

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportScreen(Screen):
    """Every import that lies within reach."""

    model = ImportRun
    slug = "imports"
    title = _("Spreadsheet imports")
    family = Family.GOVERN
    icon = "file-spreadsheet"
    order = 40
    columns = (
        Column("folder", _("Folder"), value=str, card="title"),
        Badge(
            "state",
            tones={"ready": "soon", "done": "plain", "failed": "danger", "discarded": "quiet", "reading": "info"},
        ),
        Column("org", _("Under")),
        Instant("started_at", sort=True),
        Column("started_by", _("Handed in by")),
    )
    filters = {"state": "choice", "started_at": "range"}
    search = ("folder",)
    sort = "-started_at"
    create = Action(verb=start_import, label=_("Import spreadsheets"), permission="sheets.import", icon="upload")
    empty = _(
        "Hand in the spreadsheets that your schools already keep; you see what was understood before anything is written."
    )


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined, no-any-return]


def _run(request: HttpRequest, ref: UUID, permission: str = "sheets.view") -> ImportRun:
    run: ImportRun = ImportRun.objects.get_visible(_viewer(request), permission, public_id=ref)
    return run


def _back(run: ImportRun) -> HttpResponse:
    return redirect("sheets:imports-detail", run.public_id)


@page(permission="sheets.import")
def hand_in(request: HttpRequest) -> HttpResponse:
    """Choose where and what."""
    viewer = _viewer(request)
    unit = focus_of(request).org
    units = queries.units_for(viewer)
    if unit and viewer.may("sheets.import", unit.path) and unit.pk not in {each.pk for each in units}:
        units.append(unit)
    form = HandInForm(request.POST or None, request.FILES or None, units=units, initial={"org": unit} if unit else {})
    if request.method == "POST" and form.is_valid():
        files = intake.from_uploads(form.cleaned_data["sheets"])
        folder = (
            gettext("%(count)s files") % {"count": len(files)} if len(files) > 1 else files[0].path if files else ""
        )
        run = start_import(form.cleaned_data["org"], by=viewer, files=files, folder=folder)
        read_now_or_later(run, by=viewer)
        return _back(run)
    return render(request, "sheets/hand_in.html", {"form": form, "title": _("Import spreadsheets")})


@page(permission="sheets.view")
def run_page(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One import, wherever it stands."""
    run = _run(request, ref)
    may = _viewer(request).may("sheets.import", run.org.path)
    context: dict[str, Any] = {"run": run, "may": may, "title": str(run), "under": run.org}
    if run.state in {ImportRun.State.READING, ImportRun.State.WRITING}:
        return render(request, "sheets/waiting.html", context | {"step": progress.read(run.progress_key)})
    context |= {
        "sheets": queries.sheets_of(run),
        "broken": [file for file in run.files.all() if file.problem],
        "groups": queries.proposals_of(run),
        "counts": queries.row_counts(run),
        "kinds": queries.kind_counts(run),
        "warnings": warnings_of(run, of_rows_only=True),
        "waiting": [sheet for sheet in queries.sheets_of(run) if sheet.questions],
    }
    template = "sheets/result.html" if run.state == ImportRun.State.DONE else "sheets/preview.html"
    return render(request, template, context)


@page(permission="sheets.view")
def run_progress(request: HttpRequest, ref: UUID) -> HttpResponse:
    """How far it is; when it is over, the page is drawn anew."""
    run = _run(request, ref)
    if run.state in {ImportRun.State.READING, ImportRun.State.WRITING}:
        return render(request, "sheets/step.html", {"run": run, "step": progress.read(run.progress_key)})
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = reverse("sheets:imports-detail", args=[run.public_id])
    return answer


def _file(run: ImportRun, request: HttpRequest) -> ImportFile:
    given = request.POST.get("file") or request.GET.get("file") or ""
    for file in run.files.all():
        if str(file.public_id) == given:
            return cast(ImportFile, file)
    raise Http404


@page(permission="sheets.view")
def sheet_page(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One sheet: its columns, what cannot be read and why, and the form to correct it."""
    run = _run(request, ref)
    file, name = _file(run, request), request.GET.get("sheet", "")
    told = queries.sheet_told(file, name)
    if told is None:
        raise Http404
    viewer = _viewer(request)
    context = {
        "run": run,
        "file": file,
        "sheet": told,
        "name": name,
        "may": viewer.may("sheets.import", run.org.path) and run.is_open,
        "kinds": queries.kinds(),
        "schools": queries.schools_to_choose(run),
        "rows": queries.rows_of(run, viewer, file, name),
        "title": name,
        "fixed": next(
            (each for each in run.decisions.get("sheets", []) if (each["path"], each["sheet"]) == (file.path, name)), {}
        ),
    }
    return render(request, "sheets/sheet.html", context)


@page(permission="sheets.import")
@require_POST
def correct(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take a sheet's corrections and read the import again."""
    run = _run(request, ref, "sheets.import")
    file, name = _file(run, request), request.POST.get("sheet", "")
    told = queries.sheet_told(file, name) or {}
    columns = {
        each["column"]: request.POST[f"column-{each['column']}"] or None
        for each in told.get("columns", [])
        if request.POST.get(f"column-{each['column']}", each["field"]) != each["field"]
    }
    header = whole(request.POST.get("header_row", ""))
    run = correct_sheet(
        run,
        by=_viewer(request),
        path=file.path,
        sheet=name.split("#", 1)[0],
        skip=bool(request.POST.get("skip")),
        kind=request.POST.get("kind", "") if request.POST.get("kind", "") != told.get("kind", "") else None,
        header_row=header or None,
        columns=columns or None,
        year=request.POST.get("year", "").strip() or None,
        unit=request.POST.get("unit", "").strip() or None,
        school=request.POST.get("school", "").strip() or None,
    )
    read_now_or_later(run, by=_viewer(request))
    messages.success(request, gettext("Read again with your correction."))
    return _back(run)


def _proposal(run: ImportRun, ref: UUID) -> ImportProposal:
    for proposal in run.proposals.all():
        if proposal.public_id == ref:
            return cast(ImportProposal, proposal)
    raise Http404


@page(permission="sheets.import")
@require_POST
def decide(request: HttpRequest, ref: UUID, proposal: UUID) -> HttpResponse:
    """Accept a proposal, or keep two names apart."""
    run = _run(request, ref, "sheets.import")
    decide_proposal(_proposal(run, proposal), by=_viewer(request), decision=request.POST.get("decision", ""))
    return redirect(f"{reverse('sheets:imports-detail', args=[run.public_id])}#proposals")


@page(permission="sheets.import")
@require_POST
def undo(request: HttpRequest, ref: UUID, proposal: UUID) -> HttpResponse:
    """Undo a merge."""
    run = _run(request, ref, "sheets.import")
    done = undo_proposal(_proposal(run, proposal), by=_viewer(request))
    messages.success(request, gettext("%(name)s stands for itself again.") % {"name": done.name})
    return redirect(f"{reverse('sheets:imports-detail', args=[run.public_id])}#proposals")


@page(permission="sheets.import")
@require_POST
def write(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The one button."""
    run = _run(request, ref, "sheets.import")
    write_now_or_later(run, by=_viewer(request))
    return _back(run)


@page(permission="sheets.import")
@require_POST
def discard(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Throw it away."""
    discard_import(_run(request, ref, "sheets.import"), by=_viewer(request))
    messages.success(request, gettext("Discarded. Nothing was written."))
    return redirect("sheets:imports")


@page(permission="sheets.import")
def rejected(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The rejected rows, in the sheets they came in."""
    run = _run(request, ref, "sheets.import")
    if not queries.row_counts(run)["rejected"]:
        raise Http404
    name, data = returned(run)
    answer = HttpResponse(data, content_type="application/zip" if name.endswith(".zip") else XLSX)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return answer


urlpatterns = [
    path("imports/new/", hand_in, name="imports-new"),
    path("imports/<uuid:ref>/", run_page, name="imports-detail"),
    path("imports/<uuid:ref>/progress/", run_progress, name="imports-progress"),
    path("imports/<uuid:ref>/sheet/", sheet_page, name="imports-sheet"),
    path("imports/<uuid:ref>/correct/", correct, name="imports-correct"),
    path("imports/<uuid:ref>/write/", write, name="imports-write"),
    path("imports/<uuid:ref>/discard/", discard, name="imports-discard"),
    path("imports/<uuid:ref>/rejected/", rejected, name="imports-rejected"),
    path("imports/<uuid:ref>/proposals/<uuid:proposal>/", decide, name="imports-decide"),
    path("imports/<uuid:ref>/proposals/<uuid:proposal>/undo/", undo, name="imports-undo"),
    *ImportScreen.urls(),
]
