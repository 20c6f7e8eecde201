"""Inserting rows quickly, for deeds that hold others up while they write."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import Any, TypeVar

from django.db import connection, models

from houqin.core.tables.statements import Statement

M = TypeVar("M", bound=models.Model)
BATCH = 500
PLAIN = (models.IntegerField, models.BooleanField, models.CharField, models.TextField)


def insert_rows(rows: Iterable[M]) -> list[M]:
    """What ``bulk_create`` does, ids and all, at a fraction of its cost: plain values go to the database as they stand.

    For rows made just now, of one table with a generated id; related rows have theirs already.
    """
    found = list(rows)
    with connection.cursor() as cursor:
        for start, (sql, given) in zip(range(0, len(found), BATCH), insertions(found), strict=True):
            cursor.execute(sql, given)
            for row, (pk,) in zip(found[start : start + BATCH], cursor.fetchall(), strict=True):
                _is_stored(row, pk)
    return found


def insertions(rows: Sequence[models.Model]) -> Iterator[Statement]:
    """The statements that insert many rows of one table, for a verb that needs none of their ids afterwards."""
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        table = _table(type(some[0]), connection.vendor)
        yield Statement(
            f"{table.insert} VALUES {', '.join([table.row_of] * len(some))} {table.returning}",
            list(chain.from_iterable(table.values(row) for row in some)),
        )


def insertion(row: models.Model, *, unique: Sequence[str] = ()) -> Statement:
    """The statement that inserts one row and returns its id; none when one with the same values in ``unique`` is there.

    These fields are those of a unique constraint. A transaction that is inserting the same one is waited for.
    """
    model, vendor = type(row), connection.vendor
    return Statement(_of_one(model, vendor, tuple(unique)), list(_table(model, vendor).values(row)))


def is_inserted(row: models.Model, returned: tuple[Any, ...] | None) -> bool:
    """Give the row the id that its insertion returned; False when the same row was there before."""
    if returned is not None:
        _is_stored(row, returned[0])
    return returned is not None


def _is_stored(row: models.Model, pk: int) -> None:
    row.pk = pk
    row._state.adding, row._state.db = False, connection.alias


@dataclass(frozen=True)
class _Table:
    """The parts of an INSERT into one table, and how a row becomes its values."""

    insert: str
    row_of: str
    returning: str
    values: Callable[[models.Model], Iterator[Any]]


@cache
def _table(model: type[models.Model], vendor: str) -> _Table:
    meta = model._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    assert meta.pk is not None
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    return _Table(
        f"INSERT INTO {quote(meta.db_table)} ({columns})",  # our own names
        f"({', '.join(['%s'] * len(fields))})",
        f"RETURNING {quote(str(meta.pk.column))}",
        _reader(fields),
    )


@cache
def _of_one(model: type[models.Model], vendor: str, unique: tuple[str, ...]) -> str:
    """The text of ``insertion``."""
    table = _table(model, vendor)
    columns = [str(model._meta.get_field(name).column) for name in unique]  # type: ignore[union-attr]
    otherwise = f"ON CONFLICT ({', '.join(map(connection.ops.quote_name, columns))}) DO NOTHING " if unique else ""
    return f"{table.insert} VALUES {table.row_of} {otherwise}{table.returning}"


def _reader(fields: list[Any]) -> Callable[[models.Model], Iterator[Any]]:
    """From a row to what the database is given: only days, moments, ids and JSON are adapted."""
    read = itemgetter(*(field.attname for field in fields))
    adapt = [
        None if isinstance(field.target_field if field.is_relation else field, PLAIN) else field.get_db_prep_save
        for field in fields
    ]

    def values(row: models.Model) -> Iterator[Any]:
        for value, change in zip(read(row.__dict__), adapt, strict=True):
            yield value if change is None or value is None else change(value, connection)

    return values
