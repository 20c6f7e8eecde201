"""The office's own .xlsx: which of its columns is which of the table's, and the answers written into it as it is."""

import io
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from houqin.core.scope.refusals import Refused
from houqin.flows.collect.models import CollectionColumn
from houqin.flows.sheets.reading.books import read_book
from houqin.flows.sheets.reading.grids import Grid
from houqin.lib.notes import Unreadable
from houqin.lib.text import harmless, name_key, squeezed

ABOUT = {
    "school": ("学校", "学校名称", "单位", "单位名称", "填报单位", "填报学校", "School"),
    "number": ("序号", "No"),
    "who": ("填报人", "填表人", "Filled in by"),
    "day": ("填报日期", "填报时间", "填表日期", "Day"),
}
DEEPEST_HEADER = 30
TOTAL = ("合计", "总计", "Total")


@dataclass
class Layout:
    """Where the answers go: the worksheet, its first empty line, and what stands in which column (counted from 0)."""

    sheet: str
    first: int
    columns: dict[int, CollectionColumn] = field(default_factory=dict)
    about: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Out:
    """One line of the answers."""

    number: int
    school: str
    who: str
    day: Any
    values: dict[int, Any]

    def about(self, what: str) -> Any:
        """What the line says beside its columns."""
        return getattr(self, what)


def layout_of(content: bytes, columns: Sequence[CollectionColumn]) -> Layout:
    """The header row is the one that names most columns; refused in words when none does."""
    if not content.startswith(b"PK\x03\x04"):
        raise Refused(_("This is no .xlsx file. Save the template as .xlsx and hand it in again."), field="sheet")
    try:
        book = read_book("template.xlsx", content)
    except Unreadable as problem:
        raise Refused(problem.note.in_words(gettext), field="sheet") from problem
    found = [layout for grid in book.grids for layout in _layouts(grid, columns)]
    best = max(found, key=lambda one: len(one.columns), default=None)
    if best is None or not best.columns:
        names = "、".join(column.label for column in columns[:6])
        raise Refused(
            _("No row of the template names the columns of this table (%(names)s). Write them into its header row.")
            % {"names": names},
            field="sheet",
        )
    return best


def _keys(text: str) -> set[str]:
    """A heading with and without what stands in brackets: 学生数（人）."""
    plain = squeezed(text)
    return {name_key(plain), name_key(plain.split("(")[0])}


def _layouts(grid: Grid, columns: Sequence[CollectionColumn]) -> Iterator[Layout]:
    by_key = {column.label_key: column for column in columns}
    about = {name_key(word): what for what, words in ABOUT.items() for word in words}
    for row in range(min(DEEPEST_HEADER, len(grid.rows))):
        layout = Layout(grid.name, row + 1)
        for place in (row, row - 1, row - 2):  # a heading of two levels: what is not named below is named above
            for column, text in grid.filled(place) if place >= 0 else ():
                if column in layout.columns or column in layout.about:
                    continue
                for key in _keys(text):
                    named = by_key.get(key)
                    if named is not None and named not in layout.columns.values():
                        layout.columns[column] = named
                        break
                    if named is None and key in about and about[key] not in layout.about.values():
                        layout.about[column] = about[key]
                        break
        yield layout


def filled(content: bytes, layout: Layout, lines: Iterable[Out]) -> bytes:
    """The template with the answers under its header; what stood below them moves down, its look is kept."""
    book = load_workbook(io.BytesIO(content))
    sheet = book[layout.sheet]
    rows = list(lines)
    first = layout.first + 1
    foot = _foot(sheet, first)
    room = (foot - first) if foot else len(rows)
    extra = max(0, len(rows) - room)
    if foot and extra:
        _move_down(sheet, foot, extra)
        foot += extra
    look = [copy(cell._style) for cell in sheet[first]]
    height = sheet.row_dimensions[first].height
    for number, line in enumerate(rows):
        row = first + number
        sheet.row_dimensions[row].height = height
        for place, style in enumerate(look, start=1):
            sheet.cell(row, place)._style = copy(style)
        _write(sheet, row, layout, line)
    if foot and squeezed(str(sheet.cell(foot, 1).value or "")).startswith(TOTAL) and rows:
        _total(sheet, foot, layout, first, first + len(rows) - 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _foot(sheet: Any, first: int) -> int:
    """The first line below the header that says something; 0 when there is none."""
    for row in range(first, sheet.max_row + 1):
        if any(cell.value not in (None, "") for cell in sheet[row]):
            return row
    return 0


def _move_down(sheet: Any, foot: int, extra: int) -> None:
    merged = [area for area in list(sheet.merged_cells.ranges) if area.min_row >= foot]
    for area in merged:
        sheet.merged_cells.remove(area)
    heights = {row: sheet.row_dimensions[row].height for row in range(foot, sheet.max_row + 1)}
    sheet.insert_rows(foot, extra)
    for row, height in heights.items():
        sheet.row_dimensions[row + extra].height = height
    for area in merged:
        area.shift(row_shift=extra)
        sheet.merge_cells(area.coord)


def _write(sheet: Any, row: int, layout: Layout, line: Out) -> None:
    for place, what in layout.about.items():
        _put(sheet, row, place, line.about(what))
    for place, column in layout.columns.items():
        _put(sheet, row, place, line.values.get(column.pk))


def _put(sheet: Any, row: int, place: int, value: Any) -> None:
    if value is not None:
        sheet.cell(row, place + 1).value = harmless(value) if isinstance(value, str) else value


def _total(sheet: Any, foot: int, layout: Layout, first: int, last: int) -> None:
    for place, column in layout.columns.items():
        if column.is_summed:
            letter = get_column_letter(place + 1)
            sheet.cell(foot, place + 1).value = f"=SUM({letter}{first}:{letter}{last})"
