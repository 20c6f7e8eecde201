"""A workbook after its file format is out of the way: named grids of plain cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from houqin.lib.notes import Note
from houqin.lib.text import tidy, visible

Cell = str | float | int | bool | datetime | date | time | timedelta | None


@dataclass(frozen=True)
class Merge:
    """Merged cells, both corners included, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Grid:
    """One sheet. `rows` are as long as they need to be; `at` answers None outside."""

    name: str
    rows: list[list[Cell]]
    merges: tuple[Merge, ...] = ()

    @cached_property
    def width(self) -> int:
        """Columns of the longest row."""
        return max((len(row) for row in self.rows), default=0)

    @cached_property
    def _texts(self) -> list[list[str]]:
        return [["" if cell is None else tidy(shown(cell)) for cell in row] for row in self.rows]

    @cached_property
    def _filled(self) -> list[list[tuple[int, str]]]:
        return [[(column, text) for column, text in enumerate(row) if text] for row in self._texts]

    def forget(self) -> None:
        """Let go of what was worked out of the cells; asked again, it is worked out again."""
        for name in ("width", "_texts", "_filled"):
            self.__dict__.pop(name, None)

    def at(self, row: int, column: int) -> Cell:
        """The cell as stored (merged cells other than the first are empty)."""
        cells = self.rows[row] if 0 <= row < len(self.rows) else []
        value = cells[column] if 0 <= column < len(cells) else None
        return None if value == "" else value

    def text(self, row: int, column: int) -> str:
        """The cell as tidy text."""
        texts = self._texts[row] if 0 <= row < len(self._texts) else []
        return texts[column] if 0 <= column < len(texts) else ""

    def is_blank(self, row: int) -> bool:
        """Has the row no visible character?"""
        return not self._filled[row]

    def filled(self, row: int) -> list[tuple[int, str]]:
        """(column, tidy text) of the cells that say something."""
        return self._filled[row]


def shown(cell: Cell) -> str:
    """A cell as its reader saw it on screen, near enough to recognise it."""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes") if (cell.hour or cell.minute) else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    return visible(cell)


@dataclass
class Book:
    """One file that could be opened. `path` is its place in the folder, with `/`."""

    path: str
    format: str
    grids: list[Grid]
    warnings: list[Note] = field(default_factory=list)

    @property
    def stem(self) -> str:
        """File name without folder and ending."""
        return self.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]

    @property
    def folders(self) -> list[str]:
        """Folders above the file, nearest first."""
        return self.path.split("/")[:-1][::-1]


def column_letter(index: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def as_stored(cell: Cell) -> Any:
    """A cell for a JSON column."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return int(cell)
    if cell is None or isinstance(cell, str | bool | int | float):
        return cell
    return shown(cell)
