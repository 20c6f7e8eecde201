"""What was understood of one sheet: the preview shows it, a person corrects it, the import writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from houqin.flows.sheets.reading.headers import Header, Heading, Match
from houqin.flows.sheets.reading.shapes import Shape
from houqin.lib.notes import Note
from houqin.lib.years import StatedYear


class RowKind(StrEnum):
    """What a line of a sheet is."""

    TITLE = "title"
    HEADER = "header"
    DATA = "data"
    SUM = "sum"
    BLANK = "blank"
    NOTE = "note"
    UNREADABLE = "unreadable"
    LEFT_OUT = "left_out"  # by hand


@dataclass(slots=True)
class RowRead:
    """One line as read. `number` is the line number that Excel shows."""

    number: int
    kind: RowKind
    cells: list[Any]
    values: dict[str, Any] = field(default_factory=dict)
    warnings: list[Note] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)
    school: str = ""  # as written in this row, if it says

    @property
    def place(self) -> str:
        """``12``, or ``B4`` for a cell of a matrix."""
        return str(self.values.get("cell") or self.number)


@dataclass(frozen=True)
class Question:
    """Something only a person knows: the year, the unit, the school."""

    code: str
    note: Note


@dataclass(frozen=True)
class SchoolHint:
    """A text that may name the school of a whole sheet, and where it stands."""

    text: str
    where: str  # "column", "title", "sheet", "file", "folder"


@dataclass(frozen=True)
class Correction:
    """What a person decided about one sheet; empty means: as understood."""

    skip: bool = False
    kind: str = ""
    header_row: int | None = None  # counted from 1, as shown
    columns: Mapping[int, str | None] = field(default_factory=dict)
    year: str = ""
    unit: str = ""
    school: str = ""
    left_out: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Surroundings:
    """What reading a sheet may know of the world outside it."""

    today: date
    folder_year: StatedYear | None = None  # what the other files of the folder agree on
    folder_names: tuple[str, ...] = ()
    corrections: Mapping[tuple[str, str], Correction] = field(default_factory=dict)  # (file path, sheet) → …

    def correction(self, path: str, sheet: str) -> Correction:
        """The decisions for one sheet."""
        return self.corrections.get((path, sheet), _NONE)


_NONE = Correction()


@dataclass
class SheetRead:
    """One sheet as understood; `shape` is None when it is none of the kinds that anyone declared."""

    path: str
    name: str
    shape: Shape | None
    header: Header | None = None
    rows: list[RowRead] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    school_hints: list[SchoolHint] = field(default_factory=list)
    year: StatedYear | None = None
    year_how: Note | None = None
    date_styles: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    questions: list[Question] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    note: Note | None = None  # why it was passed over
    width: int = 0

    @property
    def columns(self) -> list[Match]:
        """Columns that are used, from left to right."""
        return sorted(self.header.matches, key=lambda match: match.heading.column) if self.header else []

    @property
    def unused(self) -> list[Heading]:
        """Columns with a heading that nothing takes."""
        return self.header.unused if self.header else []

    @property
    def data(self) -> list[RowRead]:
        """Rows that can be written."""
        return [row for row in self.rows if row.kind is RowKind.DATA]

    @property
    def unreadable(self) -> list[RowRead]:
        """Rows that go back."""
        return [row for row in self.rows if row.kind is RowKind.UNREADABLE]


@dataclass
class BookRead:
    """One file as understood, or the reason why it could not be opened."""

    path: str
    format: str = ""
    sheets: list[SheetRead] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    problem: Note | None = None
