"""A month sheet as a workbook that prints like the form: A4, title, unit and period, signatures, page numbers.

Written row by row, so that memory does not grow with the month.
"""

import tempfile
from typing import Any

import xlsxwriter
from django.http import FileResponse
from django.utils.translation import gettext as _

from houqin.flows.ledgers.out.months import Box, Head, MonthSheet, Row, SheetRow
from houqin.lib.text import harmless
from houqin.ui import formats
from houqin.ui.screens.export import XLSX

A4 = 9
WIDE, NARROW = 22, 11
_BASE = {"font_name": "宋体", "font_size": 9, "valign": "vcenter", "text_wrap": True}
_BOX = {**_BASE, "border": 1}


def workbook(sheet: MonthSheet) -> FileResponse:
    """The month sheet as a download."""
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 FileResponse closes it
    write(file, sheet)
    file.seek(0)
    name = f"{sheet.title} {sheet.org.name} {sheet.month.code}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def write(file: Any, sheet: MonthSheet) -> None:
    """The sheet into a file."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    _Page(book, book.add_worksheet(sheet.month.code), sheet).fill()
    book.close()


class _Page:
    """One worksheet, from above to below."""

    def __init__(self, book: Any, page: Any, sheet: MonthSheet) -> None:
        self.book, self.page, self.sheet, self.row = book, page, sheet, 0
        self.known: dict[tuple[Any, ...], Any] = {}
        page.set_paper(A4)
        (page.set_landscape if sheet.is_landscape else page.set_portrait)()
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        page.set_footer("&C&P / &N")
        page.fit_to_pages(1, 0)
        for number, head in enumerate(sheet.heads):
            page.set_column(number, number, WIDE if head.is_wide else NARROW)

    def fill(self) -> None:
        """Title, unit and period, table, counts, signatures."""
        sheet = self.sheet
        self._across(sheet.title, height=28, font_size=16, bold=True, align="center")
        self._across(
            "　".join([f"{_('Unit')}：{sheet.org.name}", f"{_('Period')}：{sheet.month.first} – {sheet.month.last}"]),
            height=18,
        )
        for number, head in enumerate(sheet.heads):
            look = {**_BOX, "bold": True, "align": "center", "bg_color": "#F1F1F1"}
            self.page.write_string(self.row, number, harmless(head.label), self._look(look))
        self.page.repeat_rows(self.row)
        self.page.freeze_panes(self.row + 1, 0)
        self.row += 1
        for row in sheet.rows:
            self._line(row)
        for text in (summary(sheet), *sheet.marks):
            self._across(text, height=18)
        self.row += 1
        self._across("　　　　　　".join(f"{one}：" for one in [*sheet.signatures, _("Date")]), height=24)

    def _across(self, text: str, *, height: int, **look: Any) -> None:
        self.page.set_row(self.row, height)
        form = self._look({**_BASE, "text_wrap": False, **look})
        if look.get("align") == "center":
            self.page.merge_range(self.row, 0, self.row, len(self.sheet.heads) - 1, harmless(text), form)
        else:
            self.page.write_string(self.row, 0, harmless(text), form)
        self.row += 1

    def _line(self, row: SheetRow) -> None:
        if row.sort != Row.ENTRY:
            self._put(0, Box(formats.day(row.day)), Head(""), {})
            self._put(1, Box(row.words), Head(""), {"bold": row.sort == Row.MISSED, "text_wrap": False})
            for number in range(2, len(self.sheet.heads)):
                self.page.write_blank(self.row, number, None, self._look(_BOX))
        for number, (head, box) in enumerate(zip(self.sheet.heads, row.boxes, strict=False)):
            self._put(number, box, head, {"font_strikeout": row.is_struck, "bold": box.is_out})
        self.row += 1

    def _put(self, column: int, box: Box, head: Head, look: dict[str, Any]) -> None:
        form = self._look({**_BOX, **({"align": "right"} if head.is_number else {}), **look})
        if box.figure is not None:
            self.page.write_number(self.row, column, float(box.figure), form)
        elif box.words:
            self.page.write_string(self.row, column, harmless(box.words), form)
        else:
            self.page.write_blank(self.row, column, None, form)

    def _look(self, look: dict[str, Any]) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self.known:
            self.known[key] = self.book.add_format(look)
        return self.known[key]


def summary(sheet: MonthSheet) -> str:
    """What stands on the sheet, in figures."""
    return _("Entries: %(entries)s · not written: %(missed)s") % {"entries": sheet.entries, "missed": sheet.missed}
