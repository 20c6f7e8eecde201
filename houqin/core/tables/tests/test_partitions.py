"""Leaf tables are partitioned by day on PostgreSQL and plain on SQLite."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from houqin.core.audit.jobs import GRACE, keep, keep_months, leaves
from houqin.core.audit.models import AuditEntry
from houqin.core.tables.partitions import CreatePartitionedModel, lay_months, month_after, monthly_partitions
from houqin.edge.api.models import Reading
from houqin.edge.api.tests.caller import caller
from houqin.flows.cases.models import Case, CaseState
from tests.world import NOON, TODAY, World

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


class TestHolds:
    """What a unit with an open matter needs stays past its time, and goes a night after the matter is closed."""

    TODAY, OLD = date(2022, 2, 10), date(2019, 1, 3)

    @pytest.fixture
    def case(self, world: World) -> Case:
        return Case.objects.create(
            org=world.school_a, lead=world.school_a, kind="transfer", number="AJ-1", title="x", day=TODAY, opened_at=NOON
        )  # fmt: skip

    def enter(self, world: World, day: date) -> None:
        """A deed and a reading at either school, and a deed at none."""
        for org, account in ((world.school_a, world.gao), (world.school_b, world.hu)):
            AuditEntry.objects.create(day=day, at=NOON, event="x", actor_name="x", channel="job", org_path=org.path)
            scale = caller(account).token
            Reading.objects.create(
                day=day, at=NOON, received_at=NOON, org=org, device=scale, metric="weight_grams", value=1, public_id=uuid4()
            )  # fmt: skip
        AuditEntry.objects.create(day=day, at=NOON, event="x", actor_name="x", channel="job")

    def left(self) -> tuple[list[str], list[str]]:
        rows = AuditEntry.objects.filter(day=self.OLD).order_by("pk").values_list("org_path", flat=True)
        return list(rows), list(Reading.objects.filter(day=self.OLD).values_list("org__path", flat=True))

    def keep(self) -> None:
        keep(AuditEntry, self.TODAY)
        keep(Reading, self.TODAY)

    @pytest.mark.parametrize("laid", [pytest.param(True, marks=on_postgresql), False], ids=["in its month", "outside"])
    @pytest.mark.django_db
    def test_the_rows_of_one_unit_outlive_their_month(self, world: World, case: Case, laid: bool) -> None:
        if laid:
            lay_months(AUDIT, self.OLD, self.OLD)
            lay_months(Reading._meta.db_table, self.OLD, self.OLD)
        self.enter(world, self.OLD)
        kept = list(AuditEntry.objects.filter(org_path=world.school_a.path, day=self.OLD).values())
        self.keep()
        assert self.left() == ([world.school_a.path], [world.school_a.path])
        assert list(AuditEntry.objects.filter(day=self.OLD).values()) == kept, "as they were, under the same key"
        assert AuditEntry.objects.filter(event="audit.months_shed").latest("pk").detail["held"] == 1
        entries = AuditEntry.objects.count()
        self.keep()
        assert (self.left(), AuditEntry.objects.count()) == (([world.school_a.path],) * 2, entries)
        Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED, closed_at=NOON, outcome="done")
        self.keep()
        assert self.left() == ([], [])

    @on_postgresql
    @pytest.mark.django_db
    def test_the_month_that_stands_apart_no_longer_holds_them(self, world: World, case: Case) -> None:
        lay_months(AUDIT, self.OLD, self.OLD)
        self.enter(world, self.OLD)
        self.keep()
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT org_path FROM "{AUDIT}_201901" ORDER BY 1')
            assert cursor.fetchall() == [("",), (world.school_b.path,)]
            cursor.execute(f"SELECT org_path FROM \"{AUDIT}_rest\" WHERE day = '{self.OLD}'")
            assert cursor.fetchall() == [(world.school_a.path,)]
        keep(AuditEntry, self.TODAY + GRACE + timedelta(days=1))
        assert self.left()[0] == [world.school_a.path]

    @on_postgresql
    @pytest.mark.django_db
    def test_a_month_that_stands_apart_stays_while_a_later_matter_needs_it(self, world: World) -> None:
        lay_months(AUDIT, self.OLD, self.OLD)
        self.enter(world, self.OLD)
        self.keep()
        late = Case.objects.create(
            org=world.school_b, lead=world.school_b, kind="transfer", number="AJ-2", title="x", day=TODAY, opened_at=NOON
        )  # fmt: skip
        keep(AuditEntry, self.TODAY + GRACE + timedelta(days=1))
        assert self.stands_apart()
        Case.objects.filter(pk=late.pk).update(state=CaseState.CLOSED, closed_at=NOON, outcome="done")
        keep(AuditEntry, self.TODAY + GRACE + timedelta(days=1))
        assert not self.stands_apart()

    def stands_apart(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s)", [f"{AUDIT}_201901"])
            return cursor.fetchone()[0] is not None

    @pytest.mark.django_db
    def test_young_rows_of_a_held_unit_are_no_matter_of_it(self, world: World, case: Case) -> None:
        self.enter(world, self.TODAY)
        before = AuditEntry.objects.count()
        self.keep()
        assert AuditEntry.objects.count() == before
