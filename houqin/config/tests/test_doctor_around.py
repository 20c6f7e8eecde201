"""The doctor looks at what lies around the program: connections, cache, partitions, clock, storage, mail."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from houqin.config.health import capacity, surroundings
from houqin.config.health.findings import Finding
from houqin.core.jobs.models import Worker


def of(findings: Any, check: str) -> list[Finding]:
    return [finding for finding in findings if finding.check == check]


def levels(findings: Any, check: str) -> list[str]:
    return [finding.level for finding in of(findings, check)]


@pytest.mark.django_db
def test_connections_are_counted_as_processes_times_pool_and_two_for_each_job_worker(settings: Any) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL's limit")
    now = timezone.now()
    for name in "abc":
        Worker.objects.create(id=name, started_at=now, seen_at=now)
    settings.WEB_WORKERS, settings.DATABASE_POOL, settings.PGBOUNCER = 4, 5, False
    [found] = of(capacity.examine(), "connections")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
        )
        allowed = cursor.fetchone()[0]
    for word in ("4", "5", "3", "29", str(allowed)):  # 4 × 5 + 3 × 2 + 3
        assert word in found.message
    assert found.level == "fine"
    settings.WEB_WORKERS = allowed // 5
    assert levels(capacity.examine(), "connections") == ["mend"]
    settings.PGBOUNCER = True
    assert levels(capacity.examine(), "connections") == ["fine"]


@pytest.mark.django_db
def test_more_threads_than_connections_are_noted(settings: Any) -> None:
    settings.WEB_THREADS, settings.DATABASE_POOL = 12, 8
    assert levels(capacity.examine(), "threads") == (["note"] if connection.vendor == "postgresql" else [])
    settings.DATABASE_POOL = 12
    assert levels(capacity.examine(), "threads") == []


@pytest.mark.django_db
def test_several_processes_want_a_database_server_and_a_cache_that_they_share(settings: Any) -> None:
    assert levels(capacity.examine(), "cache") == ["fine"]
    settings.WEB_WORKERS = 2
    assert levels(capacity.examine(), "cache") == ["mend"], "the tests' cache lies in the memory of one process"
    assert levels(capacity.examine(), "processes") == ([] if connection.vendor == "postgresql" else ["note"])


@pytest.mark.django_db
def test_a_cache_that_does_not_answer_must_be_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*words: Any) -> None:
        raise ConnectionError("redis://:secret@cache")

    monkeypatch.setattr(cache, "set", broken)
    [found] = of(capacity.examine(), "cache")
    assert (found.level, "ConnectionError" in found.message, "secret" in found.message) == ("mend", True, False)


@pytest.mark.django_db
def test_the_end_of_the_partitions_is_told_in_time() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has partitions")
    [found] = of(capacity.examine(), "partitions")
    assert found.level == "fine"
    with connection.cursor() as cursor:
        cursor.execute(capacity.PARTITIONS)
        ends = [bounds.split("TO ('")[1][:10] for _parent, bounds in cursor.fetchall() if "TO (" in bounds]
    end = datetime.fromisoformat(max(ends)).replace(tzinfo=UTC)
    for days, level in ((-1, "mend"), (5, "mend"), (20, "note"), (40, "fine")):
        with time_machine.travel(end - timedelta(days=days), tick=False):
            assert levels(capacity._partitions(), "partitions") == [level]


@pytest.mark.django_db
def test_a_clock_that_went_back_must_be_mended() -> None:
    assert levels(surroundings._clock(), "clock")[0] in {"fine", "note"}
    MigrationRecorder.Migration.objects.create(app="x", name="later", applied=timezone.now() + timedelta(days=400))
    assert levels(surroundings._clock(), "clock") == ["mend"]


@pytest.mark.django_db
def test_clocks_that_differ_must_be_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "_clock_of_database", lambda: datetime.now(UTC) - timedelta(seconds=30))
    [found] = surroundings._clock()
    assert (found.level, "30" in found.message) == ("mend", True)


@pytest.mark.django_db
@pytest.mark.parametrize(("says", "level"), [(True, "fine"), (False, "note"), (None, "fine")])
def test_a_clock_that_nothing_keeps_right_is_noted(
    monkeypatch: pytest.MonkeyPatch, says: bool | None, level: str
) -> None:
    monkeypatch.setattr(surroundings, "_kept_by_network", lambda: says)
    assert levels(surroundings._clock(), "clock") == [level]


def test_a_storage_that_keeps_nothing_must_be_mended(settings: Any, tmp_path: Any) -> None:
    (tmp_path / "files").write_text("a file in the place of the folder")
    options = {"location": tmp_path / "files"}
    folder = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "files": folder}
    assert levels(surroundings._storage(), "files") == ["mend"]
    options["location"] = tmp_path / "folder"
    settings.STORAGES = {**settings.STORAGES, "files": folder}
    assert levels(surroundings._storage(), "files") == ["fine"]
    assert list((tmp_path / "folder").iterdir()) == []


def test_mail_is_noted_when_there_is_none_and_must_be_mended_when_it_is_deaf(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert levels(surroundings._mail(), "mail") == ["note"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert levels(surroundings._mail(), "mail") == ["mend"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert levels(surroundings._mail(), "mail") == ["fine"]


def test_behind_a_proxy_figures_need_a_token(settings: Any) -> None:
    settings.BEHIND_PROXY, settings.METRICS_TOKEN = True, ""
    assert levels(surroundings._figures(), "metrics") == ["note"]
    settings.METRICS_TOKEN = "x"
    assert levels(surroundings._figures(), "metrics") == []


def test_the_data_of_time_zones_is_here() -> None:
    assert list(surroundings._zones()) == []


@pytest.mark.django_db
def test_redis_without_its_python_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*words: Any) -> None:
        raise ModuleNotFoundError("No module named 'redis'", name="redis")

    monkeypatch.setattr(cache, "set", missing)
    [found] = of(capacity.examine(), "cache")
    assert (found.level, found.mend.endswith("redis")) == ("mend", True)
