"""Leaf tables are partitioned by day on PostgreSQL and plain on SQLite."""

from datetime import date

import pytest
from django.apps import apps
from django.db import connection

from houqin.core.audit.models import AuditEntry
from houqin.core.tables.partitions import month_after, monthly_partitions

LEAVES = ["audit.AuditEntry", "events.Event", "canteen.StockMove"]


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
