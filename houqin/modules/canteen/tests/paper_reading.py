"""Reads printed forms back, from the page and from the workbook, as an office would that adds them up."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO

import openpyxl

WEIGHT, AMOUNT, GOODS = "重量(公斤)", "金额(元)", "品名"
IN_WORDS = "金额大写："


@dataclass
class ReadForm:
    """One form as read: its heading row, lines, sums and amount in words."""

    title: str = ""
    head: str = ""
    heads: list[str] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    struck: list[list[str]] = field(default_factory=list)
    total: list[str] = field(default_factory=list)
    words: str = ""

    def column(self, label: str) -> int:
        return self.heads.index(label)

    def sums(self, label: str) -> Decimal:
        return sum((figure(line[self.column(label)]) for line in self.lines), Decimal(0))

    def stated(self, label: str) -> Decimal:
        return figure(self.total[self.column(label)])

    @property
    def number(self) -> str:
        found = re.search(r"编号：([A-Z]{2}-\d{8}-\d{4})", self.head)
        return found[1] if found else ""


def figure(text: object) -> Decimal:
    return Decimal(str(text or 0).replace(",", ""))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[ReadForm] = []
        self.place = self.text = ""
        self.cells: list[str] = []
        self.tables = 0
        self.row_class = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "section":
            self.forms.append(ReadForm())
            self.tables = 0
        elif tag == "table":
            self.tables += 1
        elif tag == "tr":
            self.cells, self.row_class = [], given.get("class") or ""
        elif tag in {"td", "th", "h1"} or (tag == "div" and given.get("class") == "form-facts"):
            self.place, self.text = tag, ""

    def handle_data(self, data: str) -> None:
        if self.place:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if not self.forms or (tag == "tr" and self.tables != 1):
            return
        form = self.forms[-1]
        if tag == self.place and tag in {"td", "th"}:
            self.cells.append(self.text.strip())
        elif tag == "h1" and self.place == "h1":
            form.title = self.text.strip()
        elif tag == "div" and self.place == "div":
            form.head = self.text
        elif tag == "tr":
            _row(form, self.cells, self.row_class)
        else:
            return
        self.place = ""


def _row(form: ReadForm, cells: list[str], kind: str) -> None:
    if not form.heads:
        form.heads = cells
    elif kind == "total":
        form.total = cells
    elif kind == "in-words":
        form.words = cells[0].removeprefix(IN_WORDS)
    else:
        (form.struck if kind == "struck" else form.lines).append(cells)


def read_page(html: str) -> list[ReadForm]:
    """The forms of a print page."""
    page = _Page()
    page.feed(html)
    return page.forms


def read_workbook(content: bytes) -> list[ReadForm]:
    """The forms of a workbook, worksheet by worksheet."""
    found: list[ReadForm] = []
    for sheet in openpyxl.load_workbook(BytesIO(content)).worksheets:
        found += _read_sheet(sheet)
    return found


def _read_sheet(sheet: openpyxl.worksheet.worksheet.Worksheet) -> Iterator[ReadForm]:
    form, inside = ReadForm(), False
    for row in sheet.iter_rows():
        values = ["" if cell.value is None else str(cell.value) for cell in row]
        first = values[0]
        if first == "序号":
            form, inside = ReadForm(heads=values, head=form.head), True
        elif inside and first == "合计":
            form.total = values
        elif inside and first.startswith(IN_WORDS):
            form.words, inside = first.removeprefix(IN_WORDS), False
            yield form
            form = ReadForm()
        elif inside:
            (form.struck if row[1].font.strike else form.lines).append(values)
        elif "编号" in first:
            form.head = first
