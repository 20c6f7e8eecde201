"""What schools read of draws, and the inspectors' own page before they set out."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections import verify_draw
from houqin.modules.inspections.actions.visiting import depart
from houqin.modules.inspections.drawing import Listing
from houqin.modules.inspections.lists import lists_on
from houqin.modules.inspections.models import Draw, Visit
from houqin.modules.inspections.progress import (
    VIEW,
    drawn_of,
    own_schools,
    published_draws,
    record_of,
    shown_candidates,
    to_set_out,
)
from houqin.ui import nav
from houqin.ui.keys import Outcome
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens.acting import carry_out

TITLE = _("Published draws")
MOST = 100


@page(permission=VIEW)
def published(request: HttpRequest) -> HttpResponse:
    """Draws over the viewer's schools, newest first, found by the name of the campaign or the beginning of a commitment."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = request.GET.get("q", "").strip()
    rows = published_draws(viewer)
    if asked:
        rows = rows.filter(campaign__title__icontains=asked) | rows.filter(commitment__istartswith=asked)
    return render(request, "inspections/published.html", {"title": TITLE, "rows": rows[:MOST], "asked": asked})


def _published(request: HttpRequest, ref: UUID) -> Draw:
    row = published_draws(request.viewer).filter(public_id=ref).first()  # type: ignore[attr-defined]
    if row is None:
        raise NotVisible
    return row


@page(permission=VIEW)
def published_draw(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One draw: its commitment at once; list, seed and result once it is drawn."""
    row = _published(request, ref)
    listing = Listing.read(row.listing)
    context: dict[str, Any] = {
        "title": row.campaign.title,
        "row": row,
        "drawn": drawn_of(row, listing),
        "cross": listing.cross,
    }
    if row.drawn_at:
        own = own_schools(row, request.viewer)  # type: ignore[attr-defined]
        context |= {"found": [one for one in shown_candidates(listing) if one.id in own], "listing": listing}
    return render(request, "inspections/published_draw.html", context)


@page(permission=VIEW)
def published_record(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The record as a file for the verifier."""
    row = _published(request, ref)
    if row.drawn_at is None:
        raise NotVisible(_("It has not been drawn yet: only the commitment is published."))
    return _as_file(row)


@page(permission="inspections.plan")
def record(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The same for those who plan, also while it is a secret to all others."""
    row = Draw.objects.get_visible(request.viewer, public_id=ref)  # type: ignore[attr-defined]
    if row.drawn_at is None:
        raise NotVisible(_("It has not been drawn yet: only the commitment is published."))
    return _as_file(row)


def _as_file(row: Draw) -> HttpResponse:
    answer = JsonResponse(record_of(row), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="draw-{row.commitment[:12]}.json"'
    return answer


@page(public=True)
def verifier(request: HttpRequest) -> HttpResponse:
    """The stand-alone verifier: one Python file."""
    content = Path(verify_draw.__file__).read_bytes()
    answer = HttpResponse(content, content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="verify_draw.py"'
    return answer


@page(permission=VIEW)
def assignments(request: HttpRequest) -> HttpResponse:
    """One's own unannounced visits: the day, the colleagues, the checklists. The school is told at departure."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    known = lists_on(viewer.today)
    rows = [
        (row, [str(known[one["code"]]) for one in row.lists if one["code"] in known], row.inspectors.all(),
         row.planned_on is None or row.planned_on <= viewer.today)
        for row in to_set_out(viewer)
    ]  # fmt: skip
    return render(request, "inspections/assignments.html", {"title": _("Before setting out"), "rows": rows})


@page(permission=VIEW)
@require_POST
def set_out(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Depart: from now on the inspectors see the school."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row = next((one for one in to_set_out(viewer) if one.public_id == ref), None)
    if row is None:
        raise NotVisible

    def run() -> Outcome:
        gone: Visit = depart(row, by=viewer)
        return reverse("inspections:visits-detail", args=[gone.public_id]), str(_("You are on the way."))

    return carry_out(request, run) or HttpResponse(status=409)


nav.register(
    nav.NavItem(
        family=Family.SAFE, title=TITLE, url_name="inspections:published", permission=VIEW, icon="dice-5", order=9
    )
)
urlpatterns = [
    path("published/", published, name="published"),
    path("published/<uuid:ref>/", published_draw, name="published-draw"),
    path("published/<uuid:ref>/record.json", published_record, name="published-record"),
    path("draws/<uuid:ref>/record.json", record, name="draws-record"),
    path("verify_draw.py", verifier, name="verifier"),
    path("set-out/", assignments, name="assignments"),
    path("set-out/<uuid:ref>/", set_out, name="set-out"),
]
