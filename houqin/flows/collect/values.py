"""One value, three shapes: as verbs take it, as a cell keeps it, as people read it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from houqin.flows.collect.known import Value
from houqin.flows.collect.models import FIGURES, Cell, CollectionColumn, Kind
from houqin.ui import formats


def into_cell(cell: Cell, column: CollectionColumn, value: Value) -> Cell:
    """The cell with this value."""
    if column.kind in FIGURES:
        cell.figure = int(value)  # type: ignore[arg-type]
    elif column.kind == Kind.DATE:
        cell.day = value  # type: ignore[assignment]
    else:
        cell.text = str(value)
    return cell


def of_cell(cell: Cell, column: CollectionColumn) -> Value | None:
    """The value that a cell keeps."""
    if column.kind == Kind.YES_NO:
        return None if cell.figure is None else bool(cell.figure)
    if column.kind in FIGURES:
        return cell.figure
    return cell.day if column.kind == Kind.DATE else cell.text


def as_decimal(column: CollectionColumn, figure: int) -> Decimal:
    """A figure in the unit in which people write it: yuan, or with its decimals."""
    return Decimal(figure).scaleb(-(2 if column.kind == Kind.MONEY else column.decimals))


def in_words(column: CollectionColumn, value: Value | None) -> str:
    """A value as people read it, with its unit."""
    if value is None or value == "":
        return formats.NOTHING
    if column.kind == Kind.YES_NO:
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, date):
        return formats.day(value)
    if column.kind == Kind.MONEY:
        return formats.yuan(int(value))
    if column.kind in FIGURES:
        shown = formats.number(as_decimal(column, int(value)), column.decimals)
        return f"{shown} {column.unit}".strip()
    return str(value)


def for_sheet(column: CollectionColumn, value: Value | None) -> Any:
    """A value as a spreadsheet keeps it: figures stay figures, days stay days."""
    if value is None:
        return None
    if column.kind == Kind.YES_NO:
        return gettext("Yes") if value else gettext("No")
    return as_decimal(column, int(value)) if column.kind in FIGURES else value  # type: ignore[arg-type]
