"""The cells of a file, row after row: what many rows share (the school, the goods, the kind) is read and worded once.

Where each column is decided by one value of the row, as in most long lists, only those values are read and no row is built.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import JSONField, Model, QuerySet, prefetch_related_objects

from houqin.ui.screens.columns import Cell, Column, fields_along
from houqin.ui.screens.look import Look

CHUNK = 2_000
MOST_KNOWN = 20_000  # words kept of one column


def cells_of(rows: Iterable[Any], columns: Sequence[Column], look: Look) -> Iterator[list[Cell]]:
    """One list a row, in the order of the columns. A list of the database is read in pieces and never held whole."""
    if not isinstance(rows, QuerySet):
        for row in rows:
            yield [column.cell(row, look) for column in columns]
        return
    known = {column: words for column in columns if (words := _words_of(column, rows.model, look)) is not None}
    if len(known) == len(columns) and not rows.query.distinct:
        yield from _of_values(rows, [known[column] for column in columns])
    else:
        yield from _of_rows(rows, columns, known, look)


class _Words(dict[Any, Cell]):
    """What a column says of a value: of another row's key or of a choice once it was learnt, of a plain value as it comes."""

    def __init__(self, column: Column, model: type[Model], key: str, look: Look, *, shared: bool) -> None:
        super().__init__()
        self.column, self.model, self.key, self.look, self.shared = column, model, key, look, shared

    def __missing__(self, value: Any) -> Cell:
        if len(self) > MOST_KNOWN:
            self.clear()
        cell = self[value] = self.column.plain(value)
        return cell

    def learn(self, values: Iterable[Any]) -> None:
        """Read and word what is said for the first time, all of it together."""
        if not self.shared:
            return
        if len(self) > MOST_KNOWN:
            self.clear()
        rows = {value: self.model(**{self.key: value}) for value in set(values) - self.keys()}
        if rows and (joins := self.column.joins(self.model)):
            prefetch_related_objects(list(rows.values()), *joins)
        self.update((value, self.column.cell(row, self.look)) for value, row in rows.items())


def _words_of(column: Column, model: type[Model], look: Look) -> _Words | None:
    """Where one value of the row alone decides what the cell says: a key to another row, a choice, or a plain value."""
    along = fields_along(model, column.name)
    if not along or column.computed or column.mask:
        return None
    first, alone = along[0], len(along) == 1
    pointing = first.is_relation and first.concrete and not first.many_to_many
    if pointing or (alone and first.choices):
        return _Words(column, model, str(first.attname), look, shared=True)
    worded = hasattr(model, f"get_{column.name}_display") or isinstance(first, JSONField)
    if not alone or not first.concrete or worded or column.related or column.prefetch:
        return None
    return _Words(column, model, str(first.attname), look, shared=False)


def _of_values(rows: QuerySet[Any], known: Sequence[_Words]) -> Iterator[list[Cell]]:
    keys = list(dict.fromkeys(words.key for words in known))
    read = [(words, keys.index(words.key)) for words in known]
    found = rows.select_related(None).prefetch_related(None).values_list(*keys).iterator(chunk_size=CHUNK)
    while piece := list(islice(found, CHUNK)):
        for words, at in read:
            words.learn(row[at] for row in piece)
        for row in piece:
            yield [words[row[at]] for words, at in read]


def _of_rows(
    rows: QuerySet[Any], columns: Sequence[Column], known: dict[Column, _Words], look: Look
) -> Iterator[list[Cell]]:
    read = [_reader(column, known.get(column), look) for column in columns]
    found = rows.iterator(chunk_size=CHUNK)
    while piece := list(islice(found, CHUNK)):
        for words in known.values():
            words.learn(getattr(row, words.key) for row in piece)
        for row in piece:
            yield [cell(row) for cell in read]


def _reader(column: Column, words: _Words | None, look: Look) -> Callable[[Any], Cell]:
    if words is None:
        return lambda row: column.cell(row, look)
    return lambda row: words[getattr(row, words.key)]
