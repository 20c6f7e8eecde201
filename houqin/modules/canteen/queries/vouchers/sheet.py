"""A printed form, the same for paper and for Excel: head, table, total in words, signatures and the place of the stamp."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from houqin.lib.capitals import capital_yuan

SHORT = 6  # lines; two forms with no more stand on one page


class Shows(StrEnum):
    """What a column holds."""

    TEXT = "text"
    COUNT = "count"
    WEIGHT = "weight"  # grams, shown as kilograms
    MONEY = "money"  # fen, shown as yuan
    PRICE = "price"  # 0.0001 yuan


@dataclass(frozen=True)
class Col:
    """A column: its heading, its width on A4 in millimetres, what it holds."""

    label: str
    width: int
    shows: Shows = Shows.TEXT

    @property
    def is_number(self) -> bool:
        """Whether its cells are figures."""
        return self.shows != Shows.TEXT

    @property
    def align(self) -> str:
        """Where the cell stands on paper."""
        return {Shows.TEXT: "text", Shows.COUNT: "mid"}.get(self.shows, "end")

    def figure(self, value: Any) -> Decimal:
        """The cell as a spreadsheet holds it."""
        return Decimal(value) / {Shows.WEIGHT: 1000, Shows.MONEY: 100, Shows.PRICE: 10_000}.get(self.shows, 1)

    def text(self, value: Any) -> str:
        """The cell on paper. Nothing is rounded away, so that what stands there adds up."""
        if value is None or not self.is_number:
            return str(value or "")
        if self.shows == Shows.COUNT:
            return str(value)
        figure = self.figure(value).normalize()
        places = max(2, -int(figure.as_tuple().exponent))
        return f"{figure:,.{places}f}"


@dataclass(frozen=True)
class Line:
    """One row. What was taken back is struck out and counts nothing."""

    cells: tuple[Any, ...]
    struck: bool = False


@dataclass(frozen=True)
class Table:
    """Columns and lines; weights and amounts add up in a last row."""

    columns: Sequence[Col]
    lines: Sequence[Line]
    title: str = ""

    def total(self, shows: Shows) -> int:
        """The sum of what stands in the column of this kind."""
        place = next(n for n, column in enumerate(self.columns) if column.shows == shows)
        return sum(line.cells[place] or 0 for line in self.lines if not line.struck)

    @property
    def sums(self) -> list[int | None]:
        """The sums of weights and amounts, each below its column."""
        summed = (Shows.WEIGHT, Shows.MONEY)
        return [self.total(column.shows) if column.shows in summed else None for column in self.columns]

    @property
    def total_cells(self) -> list[str]:
        """The last row as text."""
        sums = [column.text(value) for column, value in zip(self.columns, self.sums, strict=True)]
        return [_("Total"), *sums[1:]]

    @property
    def drawn(self) -> list[tuple[bool, list[tuple[Col, str]]]]:
        """The lines as text, each with whether it is struck out."""
        return [
            (
                line.struck,
                [(column, column.text(value)) for column, value in zip(self.columns, line.cells, strict=True)],
            )
            for line in self.lines
        ]


@dataclass(frozen=True)
class Signature:
    """A place to sign, with who did it in the records."""

    label: str
    known: str = ""


@dataclass(frozen=True)
class PaperSheet:
    """One form. ``due_fen`` is what its amount in words says; None where it tells no amount."""

    kind: str
    title: str
    number: str
    facts: Sequence[tuple[str, str]]
    table: Table
    signatures: Sequence[Signature]
    stamps: Sequence[str]
    due_fen: int | None = None
    others: Sequence[Table] = field(default=())
    notes: Sequence[str] = field(default=())
    mark: str = ""

    @property
    def is_short(self) -> bool:
        """Whether two of its kind fit on a page."""
        return len(self.table.lines) + sum(len(other.lines) + 2 for other in self.others) <= SHORT

    @property
    def in_words(self) -> str:
        """The amount in capital numerals, so that no digit can be changed afterwards."""
        return "" if self.due_fen is None else capital_yuan(self.due_fen)
