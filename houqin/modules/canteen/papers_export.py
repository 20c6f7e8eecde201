"""Forms as a workbook that prints like the pages: A4 upright, a worksheet a form, named by its number."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from houqin.lib.text import harmless
from houqin.modules.canteen.queries.vouchers.sheet import Col, Line, PaperSheet, Shows, Table
from houqin.ui.screens.export import XLSX

A4 = 9
MILLIMETRES_A_CHARACTER = 2.1  # of a column's width; whatever fonts a machine has, the sheet is fitted to the page
MILLIMETRES_A_LETTER, LINE = 1.8, 12
EXCEL = {Shows.COUNT: "0", Shows.WEIGHT: "#,##0.00#", Shows.MONEY: "#,##0.00", Shows.PRICE: "#,##0.00##"}
_BASE = {"font_name": "宋体", "font_size": 9, "text_wrap": True, "valign": "vcenter"}
_BOX = {**_BASE, "border": 1}


def workbook(name: str, sheets: Iterable[PaperSheet]) -> FileResponse:
    """The forms as a download."""
    file = TemporaryFile(suffix=".xlsx")  # noqa: SIM115 FileResponse closes it
    write(file, sheets)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def write(file: Any, sheets: Iterable[PaperSheet]) -> None:
    """A worksheet a form; an empty workbook says why it is. A month of forms is small; row by row it would hold a file open each."""
    book = Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    looks = _Looks(book)
    for form in sheets:
        _Worksheet(book.add_worksheet(form.number), looks).fill(form)
    if not book.worksheets():
        book.add_worksheet().write_string(0, 0, _("No form of these days has a number yet. Give the numbers first."))
    book.close()


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.book, self.known = book, dict[tuple[Any, ...], Any]()

    def of(self, look: dict[str, Any]) -> Any:
        """The format that looks like this."""
        key = tuple(sorted(look.items()))
        if key not in self.known:
            self.known[key] = self.book.add_format(look)
        return self.known[key]


class _Worksheet:
    """One form, written from above to below."""

    def __init__(self, sheet: Any, looks: _Looks) -> None:
        self.sheet, self._look, self.row = sheet, looks.of, 0
        sheet.set_paper(A4)
        sheet.set_portrait()
        sheet.set_margins(left=0.47, right=0.47, top=0.47, bottom=0.6)
        sheet.set_footer("&C&P / &N")
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)

    def fill(self, form: PaperSheet) -> None:
        """Write it and set what is printed."""
        width = len(form.table.columns)
        for place, column in enumerate(form.table.columns):
            self.sheet.set_column(place, place, column.width / MILLIMETRES_A_CHARACTER)
        self._head(form, width)
        self._table(form.table, width)
        self._totals(form, width)
        for other in form.others:
            self._across(width, other.title, bold=True)
            self._other(other, width)
        for note in form.notes:
            self._across(width, note)
        self._signatures(form, width)
        self.sheet.print_area(0, 0, self.row - 1, width - 1)

    def _head(self, form: PaperSheet, width: int) -> None:
        self._across(width, form.title, height=26, font_size=15, bold=True, align="center")
        self._across(width, "　".join(f"{label}：{text}" for label, text in form.facts), height=26)
        self._across(
            width, "　".join(filter(None, (form.mark, f"{_('Number')}：{form.number}"))), bold=True, align="right"
        )

    def _across(self, width: int, text: str, *, height: int = 16, **look: Any) -> None:
        self.sheet.set_row(self.row, height)
        self._merged(0, width - 1, text, {**_BASE, **look})
        self.row += 1

    def _merged(self, first: int, last: int, text: str, look: dict[str, Any]) -> None:
        form = self._look(look)
        if first < last:
            self.sheet.merge_range(self.row, first, self.row, last, "", form)
        self.sheet.write_string(self.row, first, harmless(text), form)

    def _table(self, table: Table, width: int) -> None:
        self.sheet.set_row(self.row, 26)
        for place, column in enumerate(table.columns):
            self.sheet.write_string(
                self.row,
                place,
                column.label,
                self._look({**_BOX, "bold": True, "align": "center", "bg_color": "#F1F1F1"}),
            )
        self.row += 1
        for line in table.lines:
            self.sheet.set_row(self.row, _height(table.columns, line))
            for place, (column, value) in enumerate(zip(table.columns, line.cells, strict=True)):
                self._cell(place, column, value, struck=line.struck and place < width - 1)
            self.row += 1

    def _cell(self, place: int, column: Col, value: Any, *, struck: bool = False, bold: bool = False) -> None:
        look = {**_BOX, "font_strikeout": struck, "bold": bold}
        if column.is_number and value is not None:
            side = "center" if column.shows == Shows.COUNT else "right"
            form = self._look({**look, "num_format": EXCEL[column.shows], "align": side})
            self.sheet.write_number(self.row, place, column.figure(value), form)
        else:
            self.sheet.write_string(self.row, place, harmless(str(value or "")), self._look(look))

    def _totals(self, form: PaperSheet, width: int) -> None:
        for place, (column, value) in enumerate(zip(form.table.columns, form.table.sums, strict=True)):
            if place == 0:
                self.sheet.write_string(self.row, 0, _("Total"), self._look({**_BOX, "bold": True}))
            else:
                self._cell(place, column, value, bold=True)
        self.row += 1
        if form.in_words:
            self._merged(0, width - 1, f"{_('Amount in words')}：{form.in_words}", {**_BOX, "bold": True})
            self.row += 1

    def _other(self, table: Table, width: int) -> None:
        """A table with columns of its own, spread over the columns of the main one."""
        spans = _spans(len(table.columns), width)
        heads = Line(tuple(column.label for column in table.columns))
        for line in (heads, *table.lines):
            for (first, last), column, value in zip(spans, table.columns, line.cells, strict=True):
                text = value if line is heads else column.text(value)
                self._merged(first, last, text, {**_BOX, "bold": line is heads})
            self.row += 1

    def _signatures(self, form: PaperSheet, width: int) -> None:
        """Each place to sign with room for a hand, then the stamps."""
        for place in form.signatures:
            self._across(width, f"{place.label}：　　　　　　　　{place.known}", height=24)
        stamps = "　　　　　　".join(f"{stamp}　　{_('Date')}：" for stamp in form.stamps)
        self._across(width, stamps, height=60, align="right")


def _height(columns: Sequence[Col], line: Line) -> int:
    """Points for as many lines as the fullest text takes in its column; what is not Latin is twice as wide."""
    texts = (
        (column, str(value))
        for column, value in zip(columns, line.cells, strict=True)
        if not column.is_number and value
    )
    lines = (
        -(-sum(1 if letter.isascii() else 2 for letter in text) * MILLIMETRES_A_LETTER // (column.width - 2))
        for column, text in texts
    )
    return int(max(max(lines, default=1), 1)) * LINE + 6


def _spans(parts: int, width: int) -> list[tuple[int, int]]:
    """The columns of the main table that each of fewer columns covers."""
    edges = [round(number * width / parts) for number in range(parts + 1)]
    return [(first, last - 1) for first, last in pairwise(edges)]
