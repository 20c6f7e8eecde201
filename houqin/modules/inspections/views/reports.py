"""The monthly quality report: as it reads now, as it was issued, and on A4."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.core.tables.partitions import month_after
from houqin.modules.inspections.actions.reporting import issue_report
from houqin.modules.inspections.models import Report
from houqin.modules.inspections.queries.reporting import content_of
from houqin.modules.inspections.report_forms import REPORT, ReportForm, month_of
from houqin.modules.inspections.views.boards import looked_at
from houqin.ui.focus import focus_of
from houqin.ui.pages import page
from houqin.ui.screens import Action, Block, Column, Facts, Family, Instant, Link, Number, Screen, Timeline


def issue(*, by: Viewer, org: Any, **given: Any) -> Report:
    """Issue the report of a unit."""
    return issue_report(org, by=by, **given)


def shown(content: dict[str, Any]) -> dict[str, Any]:
    """What a report says, with the head of its column beside each cell; columns of counts stand at the right."""
    tables = []
    for table in content["tables"]:
        counts = [all(isinstance(row[number], int) for row in table["rows"]) for number in range(len(table["heads"]))]
        heads = list(zip(table["heads"], counts, strict=True))
        rows = [
            [(head, cell, is_count) for (head, is_count), cell in zip(heads, row, strict=True)] for row in table["rows"]
        ]
        tables.append({"title": table["title"], "heads": heads, "rows": rows})
    return {"until": content["until"], "sentences": content["sentences"], "tables": tables}


def _text(row: Report, viewer: Viewer) -> dict[str, Any]:
    more = {"remark": row.remark, "print_url": reverse("inspections:reports-print", args=[row.public_id])}
    return shown(row.content) | more


class ReportScreen(Screen):
    """Reports as they were issued."""

    model = Report
    slug = "reports"
    title = _("Monthly reports")
    family = Family.SAFE
    icon = "report"
    order = 15
    sort = "-month"
    columns = [
        Column("month", value=lambda row: f"{row.month:%Y-%m}", sort=True, card="title"),
        Link("org", sort="org__path", card="fact"),
        Number("version", sort=True, card="no"),
        Instant("issued_at", sort=True, card="fact"),
        Column("account", sort="account__display_name", card="no"),
    ]
    filters = {"org": "choice", "month": "range"}
    search = ["org__name", "remark"]
    panels = [
        Block("inspections/report_text.html", _text),
        Facts([Link("org"), Number("version"), Instant("issued_at"), "account"]),
        Timeline(),
    ]
    create = Action(
        verb=issue, name="issue", label=_("Issue the report"), permission=REPORT, form=ReportForm, icon="send",
        help=_("The sentences and tables are written from the figures as they stand. Look at the draft first; issued, it is kept as it is."),
        initial=lambda row, viewer: {"month": f"{month_after(viewer.today, -1):%Y-%m}"},
    )  # fmt: skip
    empty = _(
        "No report has been issued. The draft of a month writes itself from the figures; look at it on the board."
    )


@page(permission="indicators.view")
def draft(request: HttpRequest) -> HttpResponse:
    """What the report of a unit would say now."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    unit = looked_at(request)
    asked = month_of(request.GET.get("month", ""))
    month = asked if asked and asked <= viewer.today else viewer.today.replace(day=1)
    query = urlencode({"org": unit.pk, "month": f"{month:%Y-%m}"})
    context = {
        "title": _("Draft of the monthly report"), "org": unit, "chain": focus_of(request).chain, "month": month,
        "months": [month_after(viewer.today, -number) for number in range(4)],
        "issue_url": f"{ReportScreen.url('new')}?{query}" if viewer.may(REPORT, unit.path) else "",
    }  # fmt: skip
    return render(request, "inspections/report_draft.html", context | shown(content_of(unit, month, viewer)))


@page(permission="indicators.view")
def report_print(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A report as it was issued, on A4."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row = Report.objects.visible_to(viewer).select_related("org", "account").get_visible(viewer, public_id=ref)
    context = {"title": _("Monthly quality report"), "row": row}
    return render(request, "inspections/report_print.html", context | shown(row.content))


urlpatterns = [
    path("reports/draft/", draft, name="report-draft"),
    path("reports/<uuid:ref>/print/", report_print, name="reports-print"),
    *ReportScreen.urls(),
]
