"""Leaf tables partitioned by day on PostgreSQL, with the plain table as their twin on SQLite.

A leaf table (stock moves, audit, events) is written much and read by time. Nothing holds a foreign key to it, and its
primary key on PostgreSQL is (day, id), so that a month can be detached by its retention class.
"""

from collections.abc import Iterator
from datetime import date

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

MONTHS_BEHIND = 2
MONTHS_AHEAD = 3


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
