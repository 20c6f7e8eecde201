"""The cells of a file, row after row: what many rows share (the school, the goods, the kind) is read and worded once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import Model, QuerySet, prefetch_related_objects

from houqin.ui.screens.columns import Cell, Column, fields_along
from houqin.ui.screens.look import Look

CHUNK = 2_000
MOST_KNOWN = 20_000  # words kept of one column


def cells_of(rows: Iterable[Any], columns: Sequence[Column], look: Look) -> Iterator[list[Cell]]:
    """One list a row, in the order of the columns. A list of the database is read in pieces and never held whole."""
    if isinstance(rows, QuerySet):
        yield from _in_pieces(rows, columns, look)
    else:
        for row in rows:
            yield [column.cell(row, look) for column in columns]


def _in_pieces(rows: QuerySet[Any], columns: Sequence[Column], look: Look) -> Iterator[list[Cell]]:
    shared = {column: key for column in columns if (key := _shared_by(column, rows.model))}
    if all(column in shared or _is_own(column, rows.model) for column in columns):
        rows = rows.select_related(None)  # the few that are read of them are fetched below
    known: dict[Column, dict[Any, Cell]] = {column: {} for column in shared}
    found = rows.iterator(chunk_size=CHUNK)
    while piece := list(islice(found, CHUNK)):
        for column, key in shared.items():
            _learn(column, key, piece, known[column], look)
        read = [_reader(column, shared.get(column), known.get(column), look) for column in columns]
        for row in piece:
            yield [cell(row) for cell in read]


def _shared_by(column: Column, model: type[Model]) -> str:
    """The field whose value alone decides what the cell says: a key to another row, or a choice. None: empty."""
    along = fields_along(model, column.name)
    if not along or column.computed or column.mask:
        return ""
    first = along[0]
    pointing = first.is_relation and first.concrete and not first.many_to_many
    return str(first.attname) if pointing or (len(along) == 1 and first.choices) else ""


def _is_own(column: Column, model: type[Model]) -> bool:
    """A plain value of the row itself."""
    along = fields_along(model, column.name)
    return len(along) == 1 and not (column.computed or column.mask or column.related or column.prefetch)


def _learn(column: Column, key: str, piece: Sequence[Any], known: dict[Any, Cell], look: Look) -> None:
    """Read and word what this piece says for the first time, at one row of each."""
    if len(known) > MOST_KNOWN:
        known.clear()
    new = {value: row for row in piece if (value := getattr(row, key)) not in known}
    joins = column.joins(type(piece[0]))
    if joins:
        prefetch_related_objects(list(new.values()), *joins)
    known.update((value, column.cell(row, look)) for value, row in new.items())


def _reader(column: Column, key: str | None, known: dict[Any, Cell] | None, look: Look) -> Callable[[Any], Cell]:
    if key is None or known is None:
        return lambda row: column.cell(row, look)
    return lambda row: known[getattr(row, key)]
