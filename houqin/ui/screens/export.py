"""Exactly the filtered and sorted list as a file, streamed, and safe to open in a spreadsheet program."""

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import xlsxwriter
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled
from houqin.core.scope.refusals import Refused
from houqin.lib.text import harmless
from houqin.ui.focus import focus_of
from houqin.ui.screens.columns import Cell, Column
from houqin.ui.screens.declared import Declared
from houqin.ui.screens.look import Look
from houqin.ui.screens.outgoing import cells_of
from houqin.ui.screens.reveal import look_of, note_revealed
from houqin.ui.screens.selection import select
from houqin.ui.screens.tabling import table_of

SHEET_ROWS = 1_048_575
LINES = 500
_TOO_LONG = _("A sheet holds a million rows at most and this list is longer. Take CSV, or filter first.")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


titled({"ui.list_exported": _("List taken out as a file")})


def _plain(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def csv_lines(heads: list[str], rows: Iterator[list[Cell]]) -> Iterator[str]:
    """CSV with the mark by which Excel knows UTF-8, some hundred lines at a time."""
    text = io.StringIO("\ufeff")
    text.seek(1)
    writer = csv.writer(text)
    writer.writerow([harmless(head) for head in heads])
    while True:
        yield text.getvalue()
        text.seek(0)
        text.truncate()
        lines = [[_plain(value) for value in row] for row in islice(rows, LINES)]
        if not lines:
            return
        writer.writerows(lines)


def write_xlsx(file: Any, heads: list[str], columns: Sequence[Column], rows: Iterator[list[Cell]]) -> None:
    """One sheet, written row by row so that memory does not grow with it."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "bottom": 1})
    formats = [book.add_format({"num_format": column.excel}) if column.excel else None for column in columns]
    for index, (head, column) in enumerate(zip(heads, columns, strict=True)):
        sheet.set_column(index, index, column.wide)
        sheet.write_string(0, index, harmless(head), bold)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        if number > SHEET_ROWS:
            raise Refused(_TOO_LONG)
        for index, value in enumerate(row):
            _write(sheet, number, index, value, formats[index])
    book.close()


def _write(sheet: Any, row: int, column: int, value: Cell, form: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(row, column, harmless(value), form)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, form)
    else:
        sheet.write_number(row, column, value, form)


def export(screen: Declared, request: HttpRequest) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """The list of this address as CSV or XLSX."""
    selection, look = select(screen, request), look_of(request)
    listed = table_of(screen, selection, request).data.data
    count, as_sheet = listed.count(), request.GET.get("format") == "xlsx"
    if as_sheet and count > SHEET_ROWS:
        raise Refused(_TOO_LONG)
    columns, rows = screen.get_export(listed, look)
    heads = [column.export_label(screen.model) for column in columns]
    name = f"{screen.title} {look.viewer.today:%Y%m%d}"
    _note_beforehand(screen, columns, look, request, count, listed.secret().first())
    if as_sheet:
        return _xlsx(name, heads, columns, cells_of(rows, columns, look))
    response = StreamingHttpResponse(
        csv_lines(heads, cells_of(rows, columns, look)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.csv") or ""
    return response


def _xlsx(name: str, heads: list[str], columns: Sequence[Column], rows: Iterator[list[Cell]]) -> FileResponse:
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 FileResponse closes it
    write_xlsx(file, heads, columns, rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _note_beforehand(
    screen: Declared, columns: Sequence[Column], look: Look, request: HttpRequest, count: int, secret: Any
) -> None:
    """That the list is taken out, and that names are shown; a streamed answer has left before its last row is read.

    Where it holds a row that is a secret, the trail tells of it to those who may know of that row.
    """
    record(
        "ui.list_exported", secret, by=look.viewer, org=focus_of(request).org,
        screen=str(screen.slug), count=count, query=request.GET.urlencode()[:400],
    )  # fmt: skip
    if look.full:
        look.revealed |= {c.name for c in columns if c.mask and c.unmask and look.viewer.may_anywhere(c.unmask)}
        note_revealed(screen, look, request, row=None, count=count)
