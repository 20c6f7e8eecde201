"""Many rows at once: COPY on PostgreSQL, one prepared statement on SQLite. Ids come with the rows."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.management.color import no_style
from django.db import connection, models, transaction

from houqin.core.tables.partitions import monthly_partitions

Row = tuple[Any, ...]
WANTED = object()


class Rows:
    """Rows by table, as they come. What is not said has the model's default."""

    def __init__(self) -> None:
        self.of: dict[type[models.Model], list[Row]] = defaultdict(list)

    def add(self, model: type[models.Model], **values: Any) -> None:
        """One row: values by column, JSON as text."""
        known = _DEFAULTS.get(model) or _defaults(model)
        row = {**known, **values}
        if len(row) != len(known):
            raise ValueError(f"{model.__name__} has no {set(row) - set(known)}")
        self.of[model].append(tuple(row.values()))

    def write(self, taken: "Taken") -> int:
        """Send all of it; how many rows."""
        written = 0
        for model, rows in self.of.items():
            began = time.perf_counter()
            _send(model, rows)
            taken.count(model._meta.db_table, len(rows), time.perf_counter() - began)
            written += len(rows)
        self.of.clear()
        return written


class Taken:
    """Rows and seconds by table."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = defaultdict(int)
        self.seconds: dict[str, float] = defaultdict(float)

    def count(self, table: str, rows: int, seconds: float) -> None:
        """So many more."""
        self.rows[table] += rows
        self.seconds[table] += seconds

    def join(self, other: "Taken") -> None:
        """What another process took."""
        for table, rows in other.rows.items():
            self.count(table, rows, other.seconds[table])


_DEFAULTS: dict[type[models.Model], dict[str, Any]] = {}


def _defaults(model: type[models.Model]) -> dict[str, Any]:
    found = {field.column: _default(field) for field in model._meta.local_concrete_fields}
    return _DEFAULTS.setdefault(model, found)


def _default(field: Any) -> Any:
    """The default of a column; ids have none, since each call would give another."""
    if field.primary_key or (
        field.has_default() and callable(field.default) and not isinstance(field, models.JSONField)
    ):
        return WANTED
    value = field.get_default()
    if isinstance(field, models.JSONField):
        return None if value is None else json.dumps(value)
    return WANTED if value is None and not field.null else getattr(value, "value", value)


def _send(model: type[models.Model], rows: list[Row]) -> None:
    columns = list(_DEFAULTS[model])
    unsaid = [column for column, value in zip(columns, rows[0], strict=True) if value is WANTED]
    if unsaid:
        raise ValueError(f"{model.__name__}: say {unsaid}")
    table, named = model._meta.db_table, ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({named}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            sql = f'INSERT INTO "{table}" ({named}) VALUES ({places})'
            cursor.executemany(sql, [[_PLAIN.get(type(one), _same)(one) for one in row] for row in rows])


def _same(value: Any) -> Any:
    return value


def _moment(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


_PLAIN: dict[type, Callable[[Any], Any]] = {datetime: _moment, date: date.isoformat, UUID: lambda value: value.hex}


@contextmanager
def unchecked() -> Iterator[None]:
    """One transaction that leaves out the check of each foreign key, where this user may: the generator names what exists."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit = off")
                if cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()[0]:
                    cursor.execute("SET LOCAL session_replication_role = replica")
        yield


def make_partitions(first: date, last: date) -> None:
    """A partition for each month of each table that is partitioned."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT partrelid::regclass::text FROM pg_partitioned_table ORDER BY 1")
        for (table,) in cursor.fetchall():
            for statement in monthly_partitions(table, first, last):
                cursor.execute(statement)


def finish(tables: Iterable[type[models.Model]]) -> None:
    """Let the next ids come after those given here, and let the planner know what is there."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
