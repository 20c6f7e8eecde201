"""Tables that are not workbooks at all: web pages and comma-separated text saved under a spreadsheet's name."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser

from houqin.flows.sheets.reading.grids import Cell, Grid, Merge
from houqin.lib.notes import mark as _
from houqin.lib.notes import unreadable
from houqin.lib.numbers import whole
from houqin.lib.text import as_typed

_SEPARATORS = [",", "\t", ";", "，"]
_LONGEST_SPAN = 1000


def read_csv(text: str, name: str, most_cells: int) -> Grid | None:
    """Comma, tab or semicolon separated text; None when no separator makes columns of it."""
    head = [line for line in text.splitlines()[:200] if line.strip()]
    separator = max(_SEPARATORS, key=lambda mark: sum(line.count(mark) for line in head))
    if not any(separator in line for line in head):
        return None
    rows: list[list[Cell]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            cells += len(row)
            _bounded(cells, most_cells)
            rows.append([as_typed(value) or None for value in row])
    except csv.Error:
        return None
    return Grid(name, rows)


def read_html(text: str, most_cells: int) -> list[Grid]:
    """Every outermost table of a web page (what many systems export as ``.xls``)."""
    parser = _Tables(most_cells)
    parser.feed(text)
    parser.close()
    return [Grid(f"{number}", rows, tuple(merges)) for number, (rows, merges) in enumerate(parser.tables, 1)]


def _bounded(cells: int, most: int) -> None:
    if cells > most:
        raise unreadable(
            "too-many-cells",
            _(
                "A sheet spans more than %(cells)s cells. Delete stray entries far below or to the right, and try again."
            ),
            cells=most,
        )


class _Tables(HTMLParser):
    def __init__(self, most_cells: int) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[tuple[list[list[Cell]], list[Merge]]] = []
        self._depth, self._most, self._cells = 0, most_cells, 0
        self._text: list[str] | None = None
        self._span = (1, 1)
        self._row: list[Cell] = []
        self._hanging: dict[int, int] = {}  # column → rows still covered by a rowspan above

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append(([], []))
                self._hanging = {}
        elif self._depth == 1 and tag == "tr":
            self._row = []
        elif self._depth == 1 and tag in {"td", "th"}:
            told = dict(attrs)
            self._text, self._span = [], (_span(told.get("rowspan")), _span(told.get("colspan")))
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._depth -= 1
        elif self._depth == 1 and tag in {"td", "th"} and self._text is not None:
            self._place("".join(self._text).strip())
            self._text = None
        elif self._depth == 1 and tag == "tr":
            self._close_row()

    def _place(self, text: str) -> None:
        rows, merges = self.tables[-1]
        while self._hanging.get(len(self._row), 0) > 0:
            self._row.append(None)
        down, across = self._span
        self._cells += across
        _bounded(self._cells, self._most)
        top, left = len(rows), len(self._row)
        if down > 1 or across > 1:
            merges.append(Merge(top, left, top + down - 1, left + across - 1))
        for column in range(left, left + across):
            if down > 1:
                self._hanging[column] = down
        self._row += [text or None, *([None] * (across - 1))]

    def _close_row(self) -> None:
        self.tables[-1][0].append(self._row)
        self._hanging = {column: left - 1 for column, left in self._hanging.items() if left > 1}
        self._row = []


def _span(value: str | None) -> int:
    return max(1, min(whole(value or "") or 1, _LONGEST_SPAN))
