"""Leaf tables partitioned by day on PostgreSQL, with the plain table as their twin on SQLite.

A leaf table (stock moves, audit, events) is written much and read by time. Nothing holds a foreign key to it, and its
primary key on PostgreSQL is (day, id), so that a month can be detached by its retention class.

New months are laid and old ones shed while everybody works: a month is made apart and then attached, which waits for no
reader; detaching holds the table for a moment and gives up when it cannot have it soon.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection, migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState
from django.db.models import QuerySet

MONTHS_BEHIND = 2
MONTHS_AHEAD = 3
BATCH = 20_000  # rows deleted in one go
PATIENCE = "SET LOCAL lock_timeout = '5s'"  # others queue behind one who waits for a table
DETACHED = "detached "  # begins the comment of a table that was detached, the day follows


def month_after(day: date, months: int) -> date:
    """The first day of the month that lies ``months`` after that of ``day``."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def monthly_partitions(table: str, first: date, last: date) -> Iterator[str]:
    """SQL that makes the partition of each month from ``first`` to ``last``, both included."""
    month = month_after(first, 0)
    while month <= last:
        following = month_after(month, 1)
        yield (
            f'CREATE TABLE IF NOT EXISTS "{table}_{month:%Y%m}" PARTITION OF "{table}" '
            f"FOR VALUES FROM ('{month}') TO ('{following}')"
        )
        month = following


class CreatePartitionedModel(migrations.CreateModel):
    """CreateModel whose table is partitioned by its ``day`` column where the database can.

    Rows outside the monthly partitions (paper history) stay in the default partition.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model: type[models.Model] = to_state.apps.get_model(app_label, self.name)
        if schema_editor.connection.vendor != "postgresql":
            schema_editor.create_model(model)
            return
        table = model._meta.db_table
        sql, params = schema_editor.table_sql(model)
        keyed = sql.replace('"id" bigint NOT NULL PRIMARY KEY', '"id" bigint NOT NULL', 1)
        if keyed == sql:
            raise ValueError(f"{table}: a partitioned table needs a BigAutoField id")
        closing = keyed.rindex(")")
        schema_editor.execute(
            f'{keyed[:closing]}, PRIMARY KEY ("day", "id")) PARTITION BY RANGE ("day")', params or None
        )
        schema_editor.deferred_sql.extend(schema_editor._model_indexes_sql(model))  # type: ignore[attr-defined]
        schema_editor.execute(f'CREATE TABLE "{table}_rest" PARTITION OF "{table}" DEFAULT')
        today = date.today()
        for statement in monthly_partitions(
            table, month_after(today, -MONTHS_BEHIND), month_after(today, MONTHS_AHEAD)
        ):
            schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Create partitioned model {self.name}"


def lay_months(table: str, first: date, last: date) -> list[str]:
    """Make the months from that of ``first`` to that of ``last`` that are missing; the names of those made.

    Rows that had no month yet move out of the default partition into theirs. Nothing to do where the table is plain.
    """
    if connection.vendor != "postgresql":
        return []
    known, made = set(_months(table)), []
    month = month_after(first, 0)
    while month <= last:
        if (name := f"{table}_{month:%Y%m}") not in known:
            _lay(table, name, month)
            made.append(name)
        month = month_after(month, 1)
    return made


def _lay(table: str, name: str, month: date) -> None:
    days = [month, month_after(month, 1)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PATIENCE)
        cursor.execute(f'CREATE TABLE "{name}" (LIKE "{table}" INCLUDING DEFAULTS INCLUDING CONSTRAINTS)')
        # Nobody may add to the rest between the moving of its rows and the attaching.
        cursor.execute(f'LOCK TABLE "{table}_rest" IN SHARE ROW EXCLUSIVE MODE')
        cursor.execute(
            f'WITH moved AS (DELETE FROM "{table}_rest" WHERE day >= %s AND day < %s RETURNING *) '  # noqa: S608
            f'INSERT INTO "{name}" SELECT * FROM moved',
            days,
        )
        cursor.execute(f'ALTER TABLE "{table}" ATTACH PARTITION "{name}" FOR VALUES FROM (%s) TO (%s)', days)


def shed_rows(table: str, before: date, kept: QuerySet[Any]) -> int:
    """Delete the rows of days ``before`` in a plain table, or in the rest of a partitioned one, but those ``kept``; how many went."""
    part = f"{table}_rest" if connection.vendor == "postgresql" else table
    # A row's place in its table is the quickest way to it, and both databases know it.
    place = "ctid" if connection.vendor == "postgresql" else "rowid"
    ids, values = kept.filter(day__lt=before).values("id").query.sql_with_params()
    gone, more = 0, True
    while more:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f'DELETE FROM "{part}" WHERE {place} IN '  # our own names  # noqa: S608
                f'(SELECT "{part}".{place} FROM "{part}" LEFT JOIN ({ids}) AS kept ON kept.id = "{part}".id '
                f'WHERE "{part}".day < %s AND kept.id IS NULL LIMIT {BATCH})',
                [*values, before],
            )
            gone, more = gone + cursor.rowcount, cursor.rowcount == BATCH
    return gone


def shed_months(table: str, before: date, today: date, kept: QuerySet[Any]) -> list[str]:
    """Detach the months that end ``before`` that day; the names of the tables that now stand apart.

    Nobody finds their rows any more; an operator can still attach one again until ``drop_detached``. The rows ``kept`` move into the
    default partition and are found as before; ``shed_rows`` takes them when they are kept no longer.
    """
    if connection.vendor != "postgresql":
        return []
    old = {name: month for name, month in _months(table).items() if month_after(month, 1) <= before}
    for name, month in old.items():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PATIENCE)
            moving = _take_out(cursor, table, name, kept.filter(day__gte=month, day__lt=month_after(month, 1)))
            cursor.execute(f'ALTER TABLE "{table}" DETACH PARTITION "{name}"')
            cursor.execute(f'INSERT INTO "{table}_rest" SELECT * FROM "{moving}"')  # noqa: S608
            cursor.execute(f"COMMENT ON TABLE \"{name}\" IS '{DETACHED}{today}'")
    return list(old)


def _take_out(cursor: Any, table: str, name: str, kept: QuerySet[Any]) -> str:
    """Move rows out of a month into a table that ends with the transaction; its name. Writers wait until they are moved, readers only
    for the detaching."""
    ids, values = kept.values("id").query.sql_with_params()
    # The whole table first, as every writer takes them: whoever took the month before the table would wait for one who waits for it.
    cursor.execute(f'LOCK TABLE ONLY "{table}" IN SHARE ROW EXCLUSIVE MODE')
    cursor.execute(
        f'CREATE TEMPORARY TABLE "{name}_kept" ON COMMIT DROP AS '  # our own names  # noqa: S608
        f'SELECT * FROM "{name}" WHERE id IN ({ids})',
        values,
    )
    cursor.execute(f'DELETE FROM "{name}" WHERE id IN (SELECT id FROM "{name}_kept")')  # noqa: S608
    return f"{name}_kept"


def drop_detached(table: str, before: date, kept: QuerySet[Any]) -> list[str]:
    """Drop the months of a table that were detached ``before`` that day; their names. One with rows ``kept`` by now stays."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, obj_description(oid, 'pg_class') FROM pg_class "
            "WHERE relkind = 'r' AND NOT relispartition AND relname ~ %s AND obj_description(oid, 'pg_class') LIKE %s",
            [f"^{table}_[0-9]{{6}}$", f"{DETACHED}%"],
        )
        old = sorted(
            name for name, told in cursor.fetchall() if date.fromisoformat(told.removeprefix(DETACHED)) < before
        )
        gone = [name for name in old if not _holds(cursor, table, name, kept)]
        for name in gone:
            cursor.execute(f'DROP TABLE "{name}"')
    return gone


def _holds(cursor: Any, table: str, name: str, kept: QuerySet[Any]) -> bool:
    """Whether a month that stands apart has rows that are kept by now."""
    found, values = kept.values("id").query.sql_with_params()
    there = found.replace(f'"{table}"', f'"{name}"')
    cursor.execute(f"SELECT EXISTS ({there})", values)
    return bool(cursor.fetchone()[0])


def _months(table: str) -> dict[str, date]:
    """The monthly partitions that are attached: name and first day, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT child.relname FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid "
            "WHERE inhparent = %s::regclass AND child.relname ~ %s ORDER BY 1",
            [f'"{table}"', f"^{table}_[0-9]{{6}}$"],
        )
        return {name: date(int(name[-6:-2]), int(name[-2:]), 1) for (name,) in cursor.fetchall()}
