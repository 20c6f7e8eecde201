"""Lines of a list sheet → typed rows: what each line is, what it takes from the line above, what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from houqin.flows.sheets.reading.days import YearRule
from houqin.flows.sheets.reading.grids import Cell, Grid, as_stored, shown
from houqin.flows.sheets.reading.headers import Header, repeats
from houqin.flows.sheets.reading.shapes import Draft, Field, FieldType, Shape
from houqin.flows.sheets.reading.titles import Stated, is_label, is_signature, is_sum, read_title
from houqin.flows.sheets.reading.understanding import RowKind, RowRead
from houqin.flows.sheets.reading.values import read_cell
from houqin.lib.dates import DayRead, read_day
from houqin.lib.notes import Note, Unreadable
from houqin.lib.notes import mark as _
from houqin.lib.text import is_ditto, is_nothing, squeezed

_NUMERIC = {FieldType.QUANTITY, FieldType.MONEY, FieldType.COUNT, FieldType.UNIT_PRICE}
_EXAMPLE = re.compile(r"^(示例|样例|填写示例|举例|例[::如])")
_VOID = {"作废", "此行作废", "本行作废", "已作废"}


@dataclass(slots=True)
class Line:
    """A line before its cells are typed: raw cells by field, days read but not yet given a year."""

    number: int
    kind: RowKind
    cells: list[Any]
    raw: dict[str, Cell] = field(default_factory=dict)
    days: dict[str, DayRead] = field(default_factory=dict)
    problems: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    stated: Stated = field(default_factory=Stated)


class Lines:
    """Walks down one table, carrying days, meals and merged cells."""

    def __init__(self, grid: Grid, header: Header, stated: Stated, left_out: frozenset[int] = frozenset()) -> None:
        self._grid, self._header, self._shape = grid, header, header.shape
        self._parts = {c: m for c, m in header.columns.items() if m.part}
        self._whole = {c: m.field for c, m in header.columns.items() if not m.part}
        self._fields: dict[str, Field] = {each.name: each for each in header.shape.fields}
        self._covered = _covered(grid)
        self._above: dict[str, Cell] = {}
        self._bad_day: dict[str, Note] = {}
        self._last_day: dict[str, DayRead] = {}
        self._standing = stated
        self._left_out = left_out
        self._names = [each.name for each in header.shape.fields if each.required and each.type is FieldType.NAME]

    def walk(self, stop: int) -> Iterator[Line]:
        """The lines below the header, up to row `stop` (not included)."""
        for row in range(self._header.last + 1, stop):
            yield self._line(row)

    def _line(self, row: int) -> Line:
        cells = [as_stored(cell) for cell in self._grid.rows[row]]
        line = Line(row + 1, RowKind.DATA, cells)
        if row + 1 in self._left_out:
            line.kind = RowKind.LEFT_OUT
            return line
        filled = self._grid.filled(row)
        if not filled:
            line.kind = RowKind.BLANK
            return line
        if self._is_sum(filled):
            line.kind, line.raw = RowKind.SUM, self._own_cells(row)
            return line
        if repeats(self._grid, row, self._header):
            line.kind = RowKind.HEADER
            return line
        if self._is_note(row, filled, line):
            return line
        line.raw = self._cells(row)
        self._read_days(row, line)
        if any(squeezed(text) in _VOID for _column, text in filled):
            line.kind = RowKind.NOTE
            line.warnings.append(Note("void-row", _("The line is marked 作废 and was left out.")))
        elif _EXAMPLE.match(squeezed(filled[0][1])) or self._is_unfilled(row):
            line.kind = RowKind.NOTE
        line.stated = self._standing
        return line

    def _is_sum(self, filled: list[tuple[int, str]]) -> bool:
        labels = [text for _column, text in filled[:4] if not squeezed(text).replace(".", "").isdigit()]
        if not any(is_sum(text) for text in labels):
            return False
        named = [text for column, text in filled if self._whole.get(column) in self._names]
        return all(is_sum(text) for text in named)

    def _is_note(self, row: int, filled: list[tuple[int, str]], line: Line) -> bool:
        told = {self._whole.get(column) for column, _text in filled} - {None}
        days = {each.name for each in self._shape.day_fields}
        first = filled[0][1]
        signed = (is_signature(first) and len(filled) <= 6) or all(is_label(text) for _column, text in filled)
        if signed and not (set(self._needed()) <= told and self._counts_something(row)):
            for _column, text in filled:
                self._noted(line, text)
            return True
        if not told and not any(column in self._parts for column, _text in filled):
            for _column, text in filled:
                self._noted(line, text)
            if all(text.replace(".", "").isdigit() for _column, text in filled):
                line.kind = RowKind.BLANK  # a numbered line that nobody filled in
            return True
        if len(filled) == 1 and told <= days | set(self._names) and len(first) > 3:
            return self._lonely(row, line, first, told & days)
        if not told & self._content() and len(filled) <= 3:
            for _column, text in filled:
                self._noted(line, text)  # 2024年1月5日 beside 天气：晴
            if told & days or any(column in self._parts for column, _text in filled):
                self._read_days(row, line)  # a day standing alone above its rows
            line.kind = RowKind.BLANK
            line.problems = []
            return True
        return False

    def _lonely(self, row: int, line: Line, text: str, day: set[str | None]) -> bool:
        """A single text in a line: a remark, a stated day, or a title of the next page."""
        stated = read_title(text)
        if day or stated.day:
            self._read_days(row, line, text)
        line.problems = []
        return self._noted(line, text)

    def _noted(self, line: Line, text: str) -> bool:
        line.kind = RowKind.NOTE
        stated = read_title(text)
        self._standing = Stated(
            stated.school or self._standing.school,
            stated.day or self._standing.day,
            stated.unit or self._standing.unit,
            stated.month or self._standing.month,
        )
        if stated.day:
            for each in self._shape.day_fields[:1]:
                self._last_day.pop(each.name, None)
                self._bad_day.pop(each.name, None)
        return True

    def _counts_something(self, row: int) -> bool:
        """Stands a number in a column of numbers? ``填表人：… 审核人：…`` may lie under any columns."""
        columns = (column for column, name in self._whole.items() if self._fields[name].type in _NUMERIC)
        return any(any(char.isdigit() for char in self._grid.text(row, column)) for column in columns)

    def _content(self) -> set[str]:
        """Fields of which a line of its own holds at least one: those it needs, else all but its day."""
        return set(self._needed()) or {name for name in self._fields if self._fields[name].type is not FieldType.DAY}

    def _is_unfilled(self, row: int) -> bool:
        """A line of a form printed in advance: it names something, but nobody wrote a figure, a day or anything else."""
        cells = self._own_cells(row)
        figures = {each.name for each in self._shape.fields if each.type in _NUMERIC}
        if any(cells.get(name) is not None for name in figures):
            return False
        told = {name for name, cell in cells.items() if cell is not None and squeezed(shown(cell))}
        printed = {"unit", "spec", "note", "school", *self._names}
        return bool(figures & set(self._needed())) and told <= printed

    def _needed(self) -> list[str]:
        present = set(self._whole.values())
        names = (each for each in self._shape.fields if each.required and not each.carried)
        return [each.name if each.name in present or not each.or_else else each.or_else for each in names]

    def _own_cells(self, row: int) -> dict[str, Cell]:
        return {name: self._grid.at(row, column) for column, name in self._whole.items()}

    def _cells(self, row: int) -> dict[str, Cell]:
        """Cells by field, filled from merges, ditto marks and (where declared) the line above."""
        raw: dict[str, Cell] = {}
        for column, name in self._whole.items():
            kind = self._fields[name]
            cell = self._grid.at(row, column)
            if cell is None and (top := self._covered.get((row, column))) and kind.type not in _NUMERIC:
                cell = self._grid.at(*top)
            if isinstance(cell, str) and is_ditto(cell):
                cell = self._above.get(name)
            empty = cell is None or (isinstance(cell, str) and not squeezed(cell))
            if empty and kind.carried and kind.type is not FieldType.DAY:
                cell = self._above.get(name)
            raw[name] = cell
        self._above = {**self._above, **{name: cell for name, cell in raw.items() if cell is not None}}
        return raw

    def _read_days(self, row: int, line: Line, alone: str = "") -> None:
        for each in self._shape.day_fields:
            cell = self._day_cell(row, each, alone)
            if cell is None or (isinstance(cell, str) and (not squeezed(cell) or is_nothing(cell))):
                self._carry_day(each, line)
                continue
            try:
                line.days[each.name] = self._last_day[each.name] = self._day(each, cell)
                self._bad_day.pop(each.name, None)
            except Unreadable as error:
                self._unread_day(each, line, error.note)
            alone = ""

    def _day(self, each: Field, cell: Cell) -> DayRead:
        """A day; where only its number stands (``4``, ``4日``) in the month that the sheet states; of a span
        (``2023.6.10-2024.6.9``) in a column of minor weight the last."""
        try:
            return read_day(cell)
        except Unreadable:
            text = squeezed(shown(cell))
            number = re.fullmatch(r"(\d{1,2})(?:\.0)?[日号]?", text)
            if number and self._standing.month and each.carried:
                return read_day(f"{self._standing.month}月{number[1]}日")
            last = re.split(r"[至到~—–]|(?<=\d)-(?=\d{4})", text)[-1] if each.lenient else ""
            if last and last != text:
                return read_day(last)
            raise

    def _day_cell(self, row: int, each: Field, alone: str) -> Cell:
        column = next((c for c, name in self._whole.items() if name == each.name), None)
        if column is not None:
            cell = self._grid.at(row, column)
            if isinstance(cell, str) and is_ditto(cell):
                return None
            if cell is None and (top := self._covered.get((row, column))):
                return self._grid.at(*top)
            return cell
        parts = {m.part: c for c, m in self._parts.items() if m.field == each.name}
        if parts:
            return self._joined(row, parts)
        return alone or None

    def _joined(self, row: int, parts: Mapping[str, int]) -> Cell:
        """月 | 日 over two columns; an empty month is that of the line above."""
        told = {}
        for part, column in parts.items():
            text = squeezed(shown(self._grid.at(row, column))).strip("年月日号")
            told[part] = text or ("" if part == "day" else str(self._above.get(f"_{part}") or ""))
            self._above[f"_{part}"] = told[part]
        if not told.get("day") or not told.get("month"):
            return None
        year = f"{told['year']}年" if told.get("year") else ""
        return f"{year}{told['month']}月{told['day']}日"

    def _carry_day(self, each: Field, line: Line) -> None:
        if not each.carried:
            return
        if each.name in self._bad_day:
            line.problems.append(self._bad_day[each.name])
        elif each.name in self._last_day:
            line.days[each.name] = self._last_day[each.name]
        elif self._standing.day:
            line.days[each.name] = self._standing.day

    def _unread_day(self, each: Field, line: Line, note: Note) -> None:
        if each.lenient:
            line.warnings.append(note)
            return
        line.problems.append(note)
        if each.carried:
            self._last_day.pop(each.name, None)
            self._bad_day[each.name] = Note(
                "day-above", _("Its day stands in line %(line)s and cannot be read there."), {"line": line.number}
            )


def _covered(grid: Grid) -> dict[tuple[int, int], tuple[int, int]]:
    """(row, column) → first cell, for cells hidden under a merge that goes down one column."""
    return {
        (row, merge.left): (merge.top, merge.left)
        for merge in grid.merges
        if merge.left == merge.right
        for row in range(merge.top + 1, min(merge.bottom + 1, len(grid.rows)))
    }


def type_line(line: Line, header: Header, years: YearRule, usual_unit: str, before: date | None) -> RowRead:
    """Give a line its typed values and let the shape finish it."""
    shape = header.shape
    row = RowRead(line.number, line.kind, line.cells, warnings=list(line.warnings), problems=list(line.problems))
    if line.kind is not RowKind.DATA:
        return row
    units = {match.field: match.heading.unit for match in header.matches if match.heading.unit}
    draft = Draft({}, units, line.stated.unit or usual_unit, row.warnings, row.problems)
    for each in shape.fields:
        if each.type is FieldType.DAY:
            _type_day(each, line, draft, years, before)
        else:
            _type_cell(each, line.raw.get(each.name), draft)
    _missing(shape, draft)
    if not draft.problems:
        shape.finish(draft)
    row.values = draft.values
    row.school = next(
        (str(draft.values.get(each.name) or "") for each in shape.fields if each.refers_to == "school"), ""
    ) or line.stated.school  # fmt: skip
    if draft.problems:
        row.kind = RowKind.UNREADABLE
    elif draft.left_out:
        row.kind = RowKind.NOTE
    return row


def _type_cell(each: Field, cell: Cell, draft: Draft) -> None:
    try:
        draft.values[each.name] = read_cell(each.type, cell)
    except Unreadable as error:
        draft.values[each.name] = None
        if each.lenient:
            draft.warnings.append(error.note)
        else:
            draft.problems.append(
                Note("in-column", _("%(column)s: %(reason)s"), {"column": Note("", each.title), "reason": error.note})
            )


def _type_day(each: Field, line: Line, draft: Draft, years: YearRule, before: date | None) -> None:
    read = line.days.get(each.name)
    draft.values[each.name] = None
    if read is None:
        return
    anchor = draft.values.get("day")
    try:
        if read.year is None and each.name != "day" and isinstance(anchor, date):
            found = read.on(anchor.year)  # a production day written without its year lies before the delivery
            if found > anchor and "produced" in each.name:
                found = read.on(anchor.year - 1)
            draft.values[each.name] = found
        else:
            carried = before if each.name == "day" else None
            draft.values[each.name] = years.day(read, carried, draft.warnings if each.name == "day" else None)
    except Unreadable as error:
        (draft.warnings if each.lenient else draft.problems).append(error.note)


def _missing(shape: Shape, draft: Draft) -> None:
    if draft.problems:
        return
    for each in shape.fields:
        made_up = each.or_else and draft.values.get(each.or_else) is not None
        if each.required and draft.values.get(each.name) is None and not made_up:
            draft.refuse("missing", _("%(column)s is missing."), column=Note("", each.title))
