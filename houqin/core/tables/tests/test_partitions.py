"""Leaf tables are partitioned by day on PostgreSQL and plain on SQLite."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from houqin.core.audit.jobs import GRACE, keep, keep_months, leaves
from houqin.core.audit.models import AuditEntry
from houqin.core.tables.partitions import CreatePartitionedModel, lay_months, month_after, monthly_partitions

AUDIT = AuditEntry._meta.db_table
LEAVES = [model._meta.label for model in leaves()]


def test_months_follow_each_other() -> None:
    assert month_after(date(2024, 11, 30), 3) == date(2025, 2, 1)
    assert month_after(date(2024, 1, 31), -2) == date(2023, 11, 1)
    statements = list(monthly_partitions("moves", date(2024, 11, 15), date(2025, 1, 2)))
    assert [sql.split('"')[1] for sql in statements] == ["moves_202411", "moves_202412", "moves_202501"]


@pytest.mark.parametrize("label", LEAVES)
def test_nothing_points_at_a_leaf(label: str) -> None:
    leaf = apps.get_model(label)
    pointing = [
        field
        for model in apps.get_models()
        for field in model._meta.fields
        if getattr(field, "related_model", None) is leaf
    ]
    assert pointing == []


@pytest.mark.django_db
@pytest.mark.parametrize("label", LEAVES)
def test_a_leaf_is_partitioned_by_day_where_the_database_can(label: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite holds the plain twin of the table")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_partkeydef(oid), (SELECT count(*) FROM pg_inherits WHERE inhparent = pg_class.oid) "
            "FROM pg_class WHERE relname = %s",
            [apps.get_model(label)._meta.db_table],
        )
        key, partitions = cursor.fetchone()
    assert key == "RANGE (day)"
    assert partitions >= 6


@pytest.mark.django_db
def test_rows_of_any_day_find_their_partition(world) -> None:
    for day in (date(2019, 1, 1), date(2024, 3, 4), date.today()):
        AuditEntry.objects.create(day=day, at=world.system.now, event="x", actor_name="x", channel="job")
    assert AuditEntry.objects.count() == 3
    assert AuditEntry.objects.filter(day=date(2024, 3, 4)).count() == 1


def names_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = %s::regclass ORDER BY 1",
            [table],
        )
        return [name for (name,) in cursor.fetchall()]


on_postgresql = pytest.mark.skipif(
    "postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="SQLite holds the plain twin of the table"
)


def enter(world, *days: date) -> None:
    for day in days:
        AuditEntry.objects.create(day=day, at=world.system.now, event="x", actor_name="x", channel="job")


def test_what_says_that_it_is_partitioned_was_made_so() -> None:
    loader = MigrationLoader(None)
    made = {
        f"{app}.{operation.name}"
        for (app, _name), migration in loader.disk_migrations.items()
        for operation in migration.operations
        if isinstance(operation, CreatePartitionedModel)
    }
    assert {model._meta.label for model in leaves()} == made


@pytest.mark.django_db
@on_postgresql
def test_a_month_is_laid_although_its_rows_came_before_it(world) -> None:
    enter(world, date(2031, 5, 1), date(2031, 5, 31), date(2031, 6, 1))
    assert lay_months(AUDIT, date(2031, 5, 20), date(2031, 5, 20)) == [f"{AUDIT}_203105"]
    assert lay_months(AUDIT, date(2031, 5, 20), date(2031, 5, 20)) == []
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{AUDIT}_203105"')
        assert cursor.fetchone() == (2,)
        cursor.execute(f"SELECT count(*) FROM \"{AUDIT}_rest\" WHERE day > '2031-01-01'")
        assert cursor.fetchone() == (1,)
    enter(world, date(2031, 5, 7))
    assert AuditEntry.objects.filter(day__year=2031).count() == 4
    assert AuditEntry.objects.get(day=date(2031, 5, 7)).pk


@pytest.mark.django_db
@on_postgresql
def test_the_indexes_and_the_key_of_a_new_month_are_those_of_the_others(world) -> None:
    lay_months(AUDIT, date(2031, 5, 1), date(2031, 5, 1))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, array_agg(regexp_replace(indexdef, '.* USING', '') ORDER BY 1) FROM pg_indexes "
            "WHERE tablename IN (%s, %s) GROUP BY 1",
            [f"{AUDIT}_203105", f"{AUDIT}_{date.today():%Y%m}"],
        )
        (_one, first), (_two, second) = cursor.fetchall()
    assert sorted(first) == sorted(second)


@pytest.mark.django_db
@on_postgresql
def test_an_old_month_is_detached_and_dropped_after_its_grace(world) -> None:
    lay_months(AUDIT, date(2019, 1, 1), date(2019, 2, 1))
    enter(world, date(2019, 1, 3), date(2019, 2, 3))
    today = date(2022, 2, 10)
    keep(AuditEntry, today)
    assert list(AuditEntry.objects.filter(day__year=2019).values_list("day", flat=True)) == [date(2019, 2, 3)]
    assert f"{AUDIT}_201901" not in names_of(AUDIT)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{AUDIT}_201901"')
        assert cursor.fetchone() == (1,)
    told = AuditEntry.objects.get(event="audit.months_shed").detail
    assert told["detached"] == [f"{AUDIT}_201901"]
    keep(AuditEntry, today + GRACE + timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"{AUDIT}_201901"])
        assert cursor.fetchone() == (None,)


@pytest.mark.django_db
def test_rows_outside_the_months_go_when_their_time_is_over(world) -> None:
    enter(world, date(1999, 12, 31), date(2000, 1, 1), date(2003, 1, 1))
    keep(AuditEntry, date(2003, 1, 15))
    assert list(AuditEntry.objects.filter(day__lt=date(2010, 1, 1)).order_by("day").values_list("day", flat=True)) == [
        date(2000, 1, 1),
        date(2003, 1, 1),
    ]
    assert AuditEntry.objects.get(event="audit.months_shed").detail["rows"] == 1


@pytest.mark.django_db
def test_nothing_is_told_where_nothing_was_shed(world) -> None:
    before = AuditEntry.objects.count()
    keep_months.call()
    keep_months.call()
    assert AuditEntry.objects.count() == before
