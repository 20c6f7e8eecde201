"""The register of personal data: what is kept of persons, why, how long and who sees it; as a page, a sheet of paper or a file."""

import tempfile
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel
from houqin.modules.console.queries.register import CLASSES, Entry, personal_data
from houqin.ui import nav
from houqin.ui.focus import below, focus_of
from houqin.ui.pages import page
from houqin.ui.screens import Badge, Column, Family
from houqin.ui.screens.export import XLSX, csv_lines, write_xlsx
from houqin.ui.screens.outgoing import cells_of
from houqin.ui.screens.reveal import look_of

TITLE = _("Register of personal data")
SEES = "audit.view"


class Words(Column):
    """A sentence: wide in a spreadsheet."""

    wide = 48


COLUMNS = [
    Column("name", _("What is kept"), value=lambda row: row.kept.name),
    Column("area", _("Area"), value=lambda row: row.kept.area),
    Badge(
        "class", _("Kind of data"), value=lambda row: row.kept.data_class.label,
        tone=lambda row: "info" if row.kept.data_class == DataClass.MINOR else "quiet",
    ),
    Words("fields", _("What it holds")),
    Words("why", _("Purpose"), value=lambda row: row.kept.why),
    Column("how_long", _("How long")),
    Column("seen_by", _("Permission to see it"), value=lambda row: row.kept.seen_by),
    Words("protected", _("Covered or enciphered")),
]  # fmt: skip


def _asked(request: HttpRequest) -> tuple[dict[str, str], list[Entry]]:
    """What the address asks for, and the tables that it names."""
    chosen = request.GET.get("class", "")
    asked = {"q": request.GET.get("q", "").strip(), "class": chosen if chosen in CLASSES else ""}
    return asked, personal_data(text=asked["q"], data_class=asked["class"])


@page(permission=SEES)
def register(request: HttpRequest) -> HttpResponse:
    """Every table that holds data of persons, from what the tables themselves declare."""
    asked, found = _asked(request)
    look, here = look_of(request), reverse("console:personal-data")
    heads = [(column.label(ScopedModel), column.align or "text") for column in COLUMNS]
    if request.GET.get("print"):
        body = [[(column.align or "text", column.text(row, look)) for column in COLUMNS] for row in found]
        unit = focus_of(request).org or next(iter(below("", look.viewer, 1)), None)
        return render(request, "ui/print.html", {"title": TITLE, "heads": heads, "body": body, "unit": unit})
    context: dict[str, Any] = {
        "title": TITLE, "asked": asked, "count": len(found), "list_url": here, "columns": [label for label, _align in heads],
        "lines": [[(column.label(ScopedModel), SafeString(column.html(row, look))) for column in COLUMNS] for row in found],
        "tabs": [("", "", not asked["class"]), *((one.value, one.label, one == asked["class"]) for one in CLASSES)],
        "files": {
            form: f"{reverse('console:personal-data-export')}?{urlencode(asked | {'format': form})}" for form in ("xlsx", "csv")
        },
        "print_url": f"{here}?{urlencode(asked | {'print': 1})}",
    }  # fmt: skip
    return render(request, "console/personal_data.html", context)


@page(permission=SEES)
def export(request: HttpRequest) -> HttpResponseBase:
    """The same as a spreadsheet or text."""
    _asked_for, found = _asked(request)
    look = look_of(request)
    heads = [column.label(ScopedModel) for column in COLUMNS]
    name = f"{TITLE} {look.viewer.today:%Y%m%d}"
    if request.GET.get("format") == "xlsx":
        file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 FileResponse closes it
        write_xlsx(file, heads, COLUMNS, cells_of(found, COLUMNS, look))
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    lines = csv_lines(heads, cells_of(found, COLUMNS, look))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.csv") or ""
    return answer


nav.register(
    nav.NavItem(
        family=Family.GOVERN, title=TITLE, url_name="console:personal-data", permission=SEES, icon="file-text-shield", order=65,
    )
)  # fmt: skip
urlpatterns = [
    path("personal-data/", register, name="personal-data"),
    path("personal-data/export/", export, name="personal-data-export"),
]
