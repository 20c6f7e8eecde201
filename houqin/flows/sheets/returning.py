"""Rejected rows handed back in the sheets they came in: same titles, same header, reason in the last column."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from houqin.flows.sheets.models import ImportFile, ImportRow, ImportRun
from houqin.flows.sheets.reading.books import read_book
from houqin.flows.sheets.reading.grids import Grid, as_stored
from houqin.lib.notes import Unreadable

_FORBIDDEN = str.maketrans("[]:*?/\\", "（）：＊？／＼")
_SHEET_NAME = 31


def rejected_rows(run: ImportRun) -> list[ImportRow]:
    """What goes back, file by file in the order of the lines."""
    rows = ImportRow.objects.filter(run=run, state=ImportRow.State.REJECTED)
    return list(rows.select_related("file").order_by("file__path", "sheet", "position"))


def returned(run: ImportRun) -> tuple[str, bytes]:
    """File name and bytes: one workbook, or a zip with a workbook for each file that has something to correct."""
    books = [(file, list(rows)) for file, rows in groupby(rejected_rows(run), key=lambda row: row.file)]
    made = [(_name(file), _workbook(file, rows)) for file, rows in books]
    if len(made) == 1:
        return made[0]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in made:
            archive.writestr(name, data)
    return _("rejected rows") + ".zip", out.getvalue()


def _name(file: ImportFile) -> str:
    return f"{file.name.rsplit('.', 1)[0]}_{_('to correct')}.xlsx"


def _workbook(file: ImportFile, rows: Sequence[ImportRow]) -> bytes:
    grids = _grids(file)
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        wrong = book.add_format({"font_color": "#b42318", "text_wrap": True})
        for sheet, lines in groupby(rows, key=lambda row: row.sheet):
            told: dict[str, Any] = next((each for each in file.understood if each.get("name") == sheet), {})
            page = book.add_worksheet(sheet.translate(_FORBIDDEN)[:_SHEET_NAME])
            _fill(page, told, list(lines), grids.get(sheet.split("#", 1)[0]), wrong)
    return out.getvalue()


def _grids(file: ImportFile) -> dict[str, Grid]:
    """The sheets as they came in, while their bytes are kept."""
    if file.content is None:
        return {}
    try:
        return {grid.name: grid for grid in read_book(file.path, bytes(file.content.data)).grids}
    except Unreadable:
        return {}


def _fill(page: Any, told: dict[str, Any], lines: Sequence[ImportRow], grid: Grid | None, wrong: Any) -> None:
    """Title lines and header as they were, then each rejected line once, then why."""
    head = _head(told, grid)
    width = max([len(row) for row in [*head, *(line.cells for line in lines)]], default=1)
    at = 0
    for row in head:
        _write(page, at, row)
        at += 1
    page.write_string(max(at - 1, 0), width, _("Why it came back"), wrong)
    for _number, same in groupby(lines, key=lambda line: line.number):
        parts = list(same)
        _write(page, at, parts[0].cells)
        reasons = [_reason(line, len(parts) > 1) for line in parts]
        page.write_string(at, width, "\n".join(reasons), wrong)
        at += 1
    page.set_column(width, width, 60)


def _reason(line: ImportRow, placed: bool) -> str:
    text = " ".join(line.problem_texts)
    return f"{line.place}: {text}" if placed else text


def _head(told: dict[str, Any], grid: Grid | None) -> list[list[Any]]:
    header = told.get("header")
    if grid and header:
        return [[as_stored(cell) for cell in row] for row in grid.rows[: header[1]]]
    if grid:
        return [[as_stored(cell) for cell in row] for row in grid.rows[:3]]
    columns = told.get("columns", [])
    row: list[Any] = [None] * (max((each["column"] for each in columns), default=-1) + 1)
    for each in columns:
        row[each["column"]] = each["header"]
    return [[title] for title in told.get("titles", [])] + [row]


def _write(page: Any, at: int, cells: Iterable[Any]) -> None:
    """Numbers as numbers, everything else as text: a cell that begins with = stays text."""
    for column, cell in enumerate(cells):
        if cell is None or cell == "":
            continue
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            page.write_number(at, column, cell)
        else:
            page.write_string(at, column, str(cell))
