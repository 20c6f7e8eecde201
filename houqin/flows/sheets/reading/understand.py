"""From opened files to what they say: kinds, columns, years, rows; across a folder, so that files help each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property

from houqin.flows.sheets.reading.days import YearRule, decide_year
from houqin.flows.sheets.reading.grids import Book, Grid
from houqin.flows.sheets.reading.headers import Header, find_header, header_words, may_head, repeats
from houqin.flows.sheets.reading.matrix import find_matrix, matrix_rows, week_days, week_start
from houqin.flows.sheets.reading.rows import Line, Lines, type_line
from houqin.flows.sheets.reading.shapes import FieldType, Shape
from houqin.flows.sheets.reading.sums import check_sums
from houqin.flows.sheets.reading.titles import Stated, read_title
from houqin.flows.sheets.reading.understanding import (
    BookRead,
    Correction,
    Question,
    RowKind,
    SchoolHint,
    SheetRead,
    Surroundings,
)
from houqin.lib.notes import Note
from houqin.lib.notes import mark as _
from houqin.lib.text import squeezed
from houqin.lib.years import StatedYear, only_one, spanned, stated_year

_TITLE_ROWS = 6


def understand_folder(books: Sequence[Book], shapes: Sequence[Shape], around: Surroundings) -> list[BookRead]:
    """Understand every book, letting the years that some state serve those that state none."""
    if around.folder_year is None:
        stated = [year for book in books for year in _years_in(book)]
        around = Surroundings(around.today, only_one(stated), around.folder_names, around.corrections)
    reads = [understand(book, shapes, around) for book in books]
    lacking = [index for index, read in enumerate(reads) if any(_asks_year(sheet) for sheet in read.sheets)]
    known = [day for read in reads for sheet in read.sheets for day in _days_of(sheet)] if lacking else []
    year = spanned(known)
    if year and around.folder_year is None:
        around = Surroundings(around.today, year, around.folder_names, around.corrections)
        for index in lacking:
            reads[index] = understand(books[index], shapes, around)
    return reads


def _asks_year(sheet: SheetRead) -> bool:
    return any(question.code == "year" for question in sheet.questions)


def _days_of(sheet: SheetRead) -> Iterable[date]:
    return (day for row in sheet.data if isinstance(day := row.values.get("day"), date))


def understand(book: Book, shapes: Sequence[Shape], around: Surroundings) -> BookRead:
    """Understand one book."""
    read = BookRead(book.path, book.format, warnings=list(book.warnings))
    for grid in book.grids:
        read.sheets += _Sheet(book, grid, shapes, around).read()
        grid.forget()
    return read


def _titles(grid: Grid) -> list[str]:
    """Lines above the table: few cells, mostly text."""
    found = []
    for row in range(min(_TITLE_ROWS, len(grid.rows))):
        filled = grid.filled(row)
        if 0 < len(filled) <= 3:
            found.append(" ".join(text for _column, text in filled))
    return found


def _years_in(book: Book) -> list[StatedYear]:
    """Every year that the book states outside of its rows."""
    texts = [title for grid in book.grids for title in [*_titles(grid), grid.name]] + [book.stem]
    return [year for text in texts if (year := stated_year(text))]


class _Sheet:
    """Reads one grid: usually one table, sometimes several below each other."""

    def __init__(self, book: Book, grid: Grid, shapes: Sequence[Shape], around: Surroundings) -> None:
        self._book, self._grid, self._around = book, grid, around
        self._titles = _titles(grid)
        self._fix = around.correction(book.path, grid.name)
        self._shapes = [shape for shape in shapes if shape.code == self._fix.kind] if self._fix.kind else list(shapes)
        self._spoken = self._said(shapes)

    def _said(self, shapes: Sequence[Shape]) -> str:
        """Words that speak for a kind: titles and sheet name; the file name only when those say nothing."""
        own = squeezed(" ".join([*self._titles, self._grid.name]))
        if any(word in own for shape in shapes for word in shape.hints):
            return own
        return own + squeezed(self._book.stem)

    @cached_property
    def _header_words(self) -> frozenset[str]:
        return header_words(self._shapes)

    def read(self) -> list[SheetRead]:
        """The tables of this sheet; one without any when it is none of the known kinds."""
        if self._fix.skip:
            return [self._passed_over(Note("left-out", _("Left out by hand.")))]
        if not any(self._grid.filled(row) for row in range(len(self._grid.rows))):
            return [self._passed_over(Note("empty-sheet", _("The sheet is empty.")))]
        chosen = dict(self._fix.columns)
        fixed = self._fix.header_row - 1 if self._fix.header_row else None
        for shape in self._shapes:
            if shape.matrix and not chosen and (found := find_matrix(self._grid, shape)):
                return [self._read_matrix(found)]
        header = find_header(self._grid, self._shapes, self._spoken, fixed=fixed, chosen=chosen)
        if header is None:
            return [
                self._passed_over(
                    Note("unknown-sheet", _("None of the known ledgers: no header that I can recognise."))
                )
            ]
        return self._read_tables(header)

    def _read_tables(self, header: Header) -> list[SheetRead]:
        tables: list[SheetRead] = []
        while True:
            follower = self._next_table(header)
            stop = follower.first if follower else len(self._grid.rows)
            tables.append(self._read_list(header, stop, len(tables)))
            if follower is None:
                return tables
            header = follower

    def _next_table(self, header: Header) -> Header | None:
        """A header further down that is not this one again."""
        for row in range(header.last + 1, len(self._grid.rows)):
            cells = [cell for cell in self._grid.rows[row] if cell not in (None, "")]
            if len(cells) < 3 or not all(isinstance(cell, str) for cell in cells) or repeats(self._grid, row, header):
                continue
            if not may_head(self._grid, row, self._header_words):
                continue
            found = find_header(self._grid, self._shapes, self._spoken, fixed=row)
            exact = sum(match.score > 0.9 for match in found.matches) if found else 0
            if found and exact >= found.shape.least and exact * 10 >= len(cells) * 7:
                return found
        return None

    def _new(self, shape: Shape | None, header: Header | None = None, table: int = 0) -> SheetRead:
        name = self._grid.name if table == 0 else f"{self._grid.name}#{table + 1}"
        return SheetRead(self._book.path, name, shape, header, titles=self._titles, width=self._grid.width)

    def _passed_over(self, why: Note) -> SheetRead:
        sheet = self._new(None)
        sheet.note = why
        return sheet

    def _stated(self, above: int) -> tuple[Stated, list[str]]:
        """What the lines above a header say, the nearest winning."""
        total, texts = Stated(), []
        for row in range(max(0, above - 12), above):
            for _column, text in self._grid.filled(row):
                texts.append(text)
                told = read_title(text)
                total = Stated(
                    told.school or total.school,
                    told.day or total.day,
                    told.unit or total.unit,
                    told.month or total.month,
                )
        return total, texts

    def _years_stated(self) -> list[StatedYear]:
        """Years stated around the rows, nearest first: titles, sheet, workbook, file, folders."""
        others = [grid for grid in self._book.grids if grid is not self._grid]
        places = [(title, f"“{title}”") for title in self._titles]
        places.append((self._grid.name, f"“{self._grid.name}”"))
        found = [year for text, where in places if (year := stated_year(text, where))]
        in_book = [
            year for grid in others for text in [*_titles(grid), grid.name] if (year := stated_year(text, f"“{text}”"))
        ]
        agreed = only_one(in_book)
        found += [agreed] if agreed else []
        names = [self._book.stem, *self._book.folders, *self._around.folder_names]
        return found + [year for name in names if (year := stated_year(name, f"“{name}”"))]

    def _school_hints(self, stated: Stated) -> list[SchoolHint]:
        hints = [SchoolHint(self._fix.school, "answer")] if self._fix.school else []
        hints += [SchoolHint(stated.school, "stated")] if stated.school else []
        hints += [SchoolHint(title, "title") for title in self._titles]
        hints += [SchoolHint(self._grid.name, "sheet"), SchoolHint(self._book.stem, "file")]
        return hints + [SchoolHint(name, "folder") for name in self._book.folders]

    def _read_list(self, header: Header, stop: int, table: int) -> SheetRead:
        sheet = self._new(header.shape, header, table)
        stated, above = self._stated(header.first)
        sheet.titles = above or self._titles
        sheet.school_hints = self._school_hints(stated)
        if stated.month is None:
            named = read_title(self._grid.name)
            stated = Stated(stated.school, stated.day, stated.unit, named.month)
        lines = list(Lines(self._grid, header, stated, self._fix.left_out).walk(stop))
        years = self._decide(lines)
        _tell_year(sheet, years)
        sheet.date_styles = tuple(sorted({day.style for line in lines for day in line.days.values()}))
        usual = self._fix.unit or stated.unit
        before: date | None = None
        seen: set[tuple[str, str]] = set()
        for line in lines:
            row = type_line(line, header, years, usual, before)
            day = row.values.get("day")
            before = day if isinstance(day, date) else before
            row.warnings = [each for each in row.warnings if not _told_before(each, seen)]
            sheet.rows.append(row)
        check_sums(sheet, lines, header)
        if header.shape.gather:
            sheet.rows = header.shape.gather(sheet.rows)
        _tell_units(sheet, self._fix)
        return sheet

    def _decide(self, lines: Sequence[Line]) -> YearRule:
        reads = [day for line in lines for name, day in line.days.items() if name == "day"]
        others = [day for line in lines for name, day in line.days.items() if name != "day" and "until" not in name]
        full = [
            date(day.year, day.month, day.day) for day in others if day.year is not None and day.exists_in(day.year)
        ]
        yearless_others = [] if reads else [day for line in lines for day in line.days.values()]
        return decide_year(
            reads or yearless_others,
            self._years_stated(),
            today=self._around.today,
            answered=self._fix.year,
            full_days=full,
            folder=self._around.folder_year,
        )

    def _read_matrix(self, found: object) -> SheetRead:
        from houqin.flows.sheets.reading.matrix import MatrixFound

        assert isinstance(found, MatrixFound)
        sheet = self._new(found.shape)
        stated, above = self._stated(found.first)
        sheet.titles = above or self._titles
        sheet.school_hints = self._school_hints(stated)
        spoken = [*sheet.titles, self._grid.name, self._book.stem]
        years = decide_year(
            found.day_reads or week_days(spoken),
            self._years_stated(),
            today=self._around.today,
            answered=self._fix.year,
            folder=self._around.folder_year,
        )
        _tell_year(sheet, years)
        sheet.date_styles = tuple(sorted({day.style for day in found.day_reads}))
        sheet.rows = matrix_rows(self._grid, found, years, week_start(spoken, years))
        for row in sheet.rows:
            if row.number in self._fix.left_out:
                row.kind = RowKind.LEFT_OUT
        if found.shape.gather:
            sheet.rows = found.shape.gather(sheet.rows)
        return sheet


def _told_before(note: Note, seen: set[tuple[str, str]]) -> bool:
    """A day's own warning is said once, not on every line that carries the day."""
    if note.code not in {"other-weekday", "future-day"}:
        return False
    key = (note.code, str(note.params.get("day")))
    told = key in seen
    seen.add(key)
    return told


def _tell_year(sheet: SheetRead, years: YearRule) -> None:
    sheet.year, sheet.year_how = years.stated, years.how
    sheet.warnings += years.warnings
    if years.asks:
        sheet.questions.append(
            Question(
                "year",
                Note("ask-year", _("Which year is sheet “%(sheet)s” of? It is stated nowhere."), {"sheet": sheet.name}),
            )
        )


def _tell_units(sheet: SheetRead, fix: Correction) -> None:
    """Units used, and whether one has to be asked for."""
    assert sheet.shape is not None
    quantities = [each.name for each in sheet.shape.fields if each.type is FieldType.QUANTITY]
    if not quantities:
        return
    used = {str(row.values.get("unit") or "") for row in sheet.data} - {""}
    used |= {match.heading.unit for match in sheet.columns if match.field in quantities} - {""}
    sheet.units = tuple(sorted(used | ({fix.unit} if fix.unit else set())))
    lacking = [row for row in sheet.unreadable if any(problem.code == "no-unit" for problem in row.problems)]
    if lacking:
        sheet.questions.append(
            Question(
                "unit",
                Note("ask-unit", _("Which unit do the quantities of %(count)s lines have?"), {"count": len(lacking)}),
            )
        )


def all_rows(reads: Iterable[BookRead]) -> Iterable[tuple[SheetRead, object]]:
    """Every row of every understood sheet."""
    for book in reads:
        for sheet in book.sheets:
            for row in sheet.rows:
                yield sheet, row
