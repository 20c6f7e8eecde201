"""What is printed: a report as it was sent, and the register of the ill for the investigators."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import SIGNS, Ill, IncidentReport
from houqin.modules.canteen.queries.incidents.figures import sign_word
from houqin.modules.canteen.queries.incidents.pages import case_of
from houqin.ui.pages import page


@page(permission="cases.view")
def report(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A report on paper, as it was sent, for stamp and signature."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    rows = IncidentReport.objects.visible_to(viewer).select_related("case__org", "org", "sent_by")
    row: IncidentReport = rows.get_visible(viewer, public_id=ref)
    case_of(viewer, row.case.public_id)
    title = f"{_('Suspected food poisoning')} {row.get_kind_display()}"
    return render(request, "canteen/incidents/report_print.html", {"title": title, "row": row, "case": row.case})


@page(permission="cases.view")
def register(request: HttpRequest, ref: UUID) -> HttpResponse:
    """发病学生登记表: those whom the viewer may know, by name; that it was looked at is recorded."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case = case_of(viewer, ref)
    rows = list(
        Ill.objects.visible_to(viewer).filter(case=case, struck_at__isnull=True)
        .select_related("class_group").prefetch_related("ate").order_by("class_group__name", "onset_at")
    )  # fmt: skip
    if not rows:
        raise NotVisible
    record("ui.personal_data_shown", case, by=viewer, org=case.org, screen="ill", columns=["name"], count=len(rows))
    lines = [
        (row, "、".join([*(str(sign_word(name)) for name in SIGNS if getattr(row, name)), *filter(None, [row.other])]))
        for row in rows
    ]
    context = {"title": _("Register of the ill"), "case": case, "lines": lines}
    return render(request, "canteen/incidents/register_print.html", context)


urlpatterns = [
    path("incidents/reports/<uuid:ref>/print/", report, name="incident-report-print"),
    path("incidents/<uuid:ref>/register/print/", register, name="incident-register"),
]
