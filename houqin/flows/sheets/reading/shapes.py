"""How a module describes one of its sheets: which columns it has, by which names, and what a row must hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from houqin.lib.notes import Note


class FieldType(StrEnum):
    """What a column's cells are read as."""

    TEXT = "text"  # as written
    NAME = "name"  # a name: spaces and full-width letters evened out
    CODE = "code"  # digits and letters kept as text (batch, school code, licence)
    DAY = "day"
    QUANTITY = "quantity"  # number, perhaps with its unit or specification inside
    MONEY = "money"  # integer fen
    UNIT_PRICE = "unit_price"  # integer 0.0001 yuan
    COUNT = "count"
    YES_NO = "yes_no"
    MEAL = "meal"
    SEX = "sex"
    SHELF_LIFE = "shelf_life"
    DISHES = "dishes"


@dataclass(frozen=True)
class Field:
    """One column. `names` are header texts, the usual one first; `never` are words that rule a header out.

    `carried`: an empty cell takes the value of the row above (ledgers write the day once).
    `refers_to`: the cell names a thing kept elsewhere (``school``, ``supplier``, ``product``)."""

    name: str
    title: str
    type: FieldType
    names: tuple[str, ...]
    required: bool = False
    or_else: str = ""  # the field that makes up for this one when it is missing
    carried: bool = False
    refers_to: str = ""
    never: tuple[str, ...] = ()
    secret: bool = False  # used while reading, never kept: identity numbers
    lenient: bool = False  # an unreadable cell is a warning and left empty, not a reason to reject the row


@dataclass
class Draft:
    """A row while it is being read: a shape's `finish` completes values, warns or refuses."""

    values: dict[str, Any]
    header_units: Mapping[str, str] = field(default_factory=dict)
    usual_unit: str = ""  # stated for the whole sheet, or answered by the user
    warnings: list[Note] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)
    left_out: bool = False  # says nothing: neither written nor handed back
    resolve_year: Callable[..., date] | None = None

    def warn(self, code: str, text: str, /, **params: Any) -> None:
        """Something to look at; the row is still taken."""
        self.warnings.append(Note(code, text, params))

    def leave_out(self, code: str, text: str, /, **params: Any) -> None:
        """The row says that nothing happened; it is passed over with a warning."""
        self.left_out = True
        self.warn(code, text, **params)

    def refuse(self, code: str, text: str, /, **params: Any) -> None:
        """The row cannot be taken; it goes back with this sentence."""
        self.problems.append(Note(code, text, params))


def _nothing_more(draft: Draft) -> None:
    """The default `finish`."""


@dataclass(frozen=True)
class Matrix:
    """A sheet with days along one side and `down` values (meals) along the other; each cell is one row."""

    cell: str  # name of the field that the cell's text fills (type DISHES)
    day: str = "day"
    meal: str = "meal"


@dataclass(frozen=True)
class Shape:
    """The look of one kind of sheet. Pure; `flows.sheets.kinds.SheetKind` adds what happens with its rows.

    `hints` are words in titles, sheet and file names that speak for it, `against` those that speak against it.
    `least` is how many of its fields a header must show."""

    code: str
    title: str
    fields: tuple[Field, ...]
    hints: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    least: int = 3
    finish: Callable[[Draft], None] = _nothing_more
    gather: Callable[[list[Any]], list[Any]] | None = None  # typed rows → rows as recorded (a meal over many lines)
    matrix: Matrix | None = None
    sums: tuple[str, ...] = ()  # fields that subtotal rows add up
    belongs_to_school: bool = True  # rows need a school: by column, title, file or sheet name

    def field(self, name: str) -> Field:
        """The field called `name`."""
        return next(each for each in self.fields if each.name == name)

    @property
    def day_fields(self) -> list[Field]:
        """Fields that hold days."""
        return [each for each in self.fields if each.type is FieldType.DAY]
