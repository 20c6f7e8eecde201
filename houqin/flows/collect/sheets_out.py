"""Every answer of a notice as a workbook: plain, or in the office's own template."""

import tempfile
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from xlsxwriter import Workbook

from houqin.core.files.keeping import open_bytes
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.collect.models import ANSWERED, Cell, Collection, CollectionColumn, Kind, Return
from houqin.flows.collect.queries.progress import returns_of
from houqin.flows.collect.templating import Out, filled, layout_of
from houqin.flows.collect.values import for_sheet, of_cell
from houqin.lib.text import harmless
from houqin.ui.screens.export import XLSX
from houqin.ui.screens.outgoing import CHUNK

MOST_IN_TEMPLATE = 20_000
EXCEL = {Kind.MONEY: "#,##0.00", Kind.DATE: "yyyy-mm-dd", Kind.COUNT: "0"}


def lines_of(collection: Collection, viewer: Viewer) -> Iterator[Out]:
    """A line for each row of each school within reach; those that have not answered stand there empty.

    Cells are read in the order of the schools, a piece at a time: memory does not grow with them.
    """
    columns = {column.pk: column for column in collection.columns.all()}
    rows = returns_of(collection, viewer).select_related("answered_by").order_by("org__path")
    cells = Cell.objects.visible_to(viewer).filter(of__collection=collection, of__state__in=ANSWERED)
    ordered = cells.order_by("of__org__path", "line", "column__position").iterator(chunk_size=CHUNK)
    answers = groupby(ordered, key=lambda cell: cell.of_id)
    here = next(answers, None)
    number = 0
    for row in rows.iterator(chunk_size=CHUNK):
        lines: list[dict[int, Any]] = [{}]
        if here is not None and here[0] == row.pk:
            lines = list(_lines(here[1], columns))
            here = next(answers, None)
        for values in lines:
            number += 1
            yield Out(number, row.org.name, _who(row), row.answered_on, values)


def _lines(cells: Any, columns: dict[int, CollectionColumn]) -> Iterator[dict[int, Any]]:
    for _line, group in groupby(cells, key=lambda cell: cell.line):
        yield {
            cell.column_id: for_sheet(columns[cell.column_id], of_cell(cell, columns[cell.column_id])) for cell in group
        }


def _who(row: Return) -> str:
    return str(row.answered_by) if row.is_answered and row.answered_by else ""


def workbook(collection: Collection, viewer: Viewer) -> FileResponse:
    """The plain table, written line by line."""
    columns = list(collection.columns.all())
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 FileResponse closes it
    book = Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    looks = [
        book.add_format({"num_format": EXCEL[column.kind]}) if column.kind in EXCEL else None for column in columns
    ]
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    heads = [gettext("No."), gettext("School"), *map(str, columns), gettext("Filled in by"), gettext("Day")]
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, len(columns) + 3, 14)
    for place, head in enumerate(heads):
        sheet.write_string(0, place, harmless(head), bold)
    sheet.freeze_panes(1, 2)
    for number, line in enumerate(lines_of(collection, viewer), start=1):
        sheet.write_number(number, 0, line.number)
        sheet.write_string(number, 1, harmless(line.school))
        for place, (column, look) in enumerate(zip(columns, looks, strict=True), start=2):
            _write(sheet, number, place, line.values.get(column.pk), look)
        _write(sheet, number, len(columns) + 2, line.who, None)
        _write(sheet, number, len(columns) + 3, line.day, day)
    book.close()
    file.seek(0)
    name = f"{collection.title} {viewer.today:%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _write(sheet: Any, row: int, place: int, value: Any, look: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(row, place, harmless(value), look)
    elif hasattr(value, "isoformat"):
        sheet.write_datetime(row, place, value, look)
    else:
        sheet.write_number(row, place, value, look)


def in_template(collection: Collection, viewer: Viewer) -> HttpResponse:
    """The answers in the template that the office handed in."""
    if collection.template is None:
        raise Refused(gettext("No template has been handed in for this notice."))
    if returns_of(collection, viewer).count() > MOST_IN_TEMPLATE:
        raise Refused(gettext("A template takes fewer schools. Take the plain table."))
    with open_bytes(collection.template.blob) as kept:
        content = kept.read()
    made = filled(content, layout_of(content, list(collection.columns.all())), lines_of(collection, viewer))
    answer = HttpResponse(made, content_type=XLSX)
    name = f"{collection.title} {viewer.today:%Y%m%d}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer
