"""Load balancers and Prometheus are answered without HTTPS, name or account; nobody else learns figures."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from houqin.config.watch import probes, readiness
from houqin.core.jobs.models import Worker

HOSTILE = {"HTTP_HOST": "10.20.30.40:8000"}


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    readiness._Kept.state = None
    yield
    readiness._Kept.state = None


@pytest.fixture
def worker(db: None) -> Worker:
    now = timezone.now()
    return Worker.objects.create(id="w", started_at=now, seen_at=now)


def ready() -> tuple[int, dict[str, Any]]:
    readiness._Kept.state = None
    answer = Client().get("/readyz", **HOSTILE)
    return answer.status_code, answer.json()


def test_that_it_lives_is_answered_without_a_database_by_any_name_and_never_redirected(settings: Any) -> None:
    """No database mark: a query would fail this test."""
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/healthz", **HOSTILE)
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"ok\n", "no-store")
    assert not answer.cookies
    assert Client().head("/healthz", **HOSTILE).status_code == 200
    assert Client().post("/healthz", **HOSTILE).status_code == 405


def test_ready_when_all_four_answer(worker: Worker, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    fine = {"database": "ok", "migrations": "ok", "cache": "ok", "workers": "ok"}
    assert ready() == (200, {"status": "ready", "checks": fine})


def test_without_a_worker_pages_work_and_it_says_so(worker: Worker) -> None:
    Worker.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    status, told = ready()
    assert (status, told["status"], told["checks"]["workers"]) == (200, "degraded", "silent")


def test_without_the_cache_pages_work_and_it_says_so(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*words: Any) -> None:
        raise ConnectionError("redis://:secret@cache")

    monkeypatch.setattr(cache, "set", broken)
    status, told = ready()
    assert (status, told["status"], told["checks"]["cache"]) == (200, "degraded", "broken")
    assert "secret" not in str(told)


def test_a_database_that_lacks_changes_takes_no_visitors(worker: Worker) -> None:
    MigrationRecorder.Migration.objects.filter(app="jobs").delete()
    status, told = ready()
    assert (status, told["status"]) == (503, "unready")
    assert told["checks"] == {"database": "ok", "migrations": "missing", "cache": "unknown", "workers": "unknown"}


@pytest.mark.django_db
def test_a_silent_database_takes_no_visitors_and_its_address_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(recorder: Any) -> None:
        raise OperationalError("connection to server at db.internal, user houqin, failed")

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", silent)
    status, told = ready()
    assert (status, told["checks"]["database"]) == (503, "broken")
    assert "internal" not in str(told)


def test_asking_often_costs_no_queries(
    worker: Worker, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "KEPT_SECONDS", 600)
    ready()
    with django_assert_num_queries(0):
        for _again in range(20):
            assert Client().get("/readyz").status_code == 200


def test_who_waits_for_a_look_that_hangs_is_told_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "PATIENCE_SECONDS", 0.01)
    with readiness._Kept.lock:
        answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "silent")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "behind_proxy", "request_says", "answer"),
    [
        ("", False, {"REMOTE_ADDR": "127.0.0.1"}, 200),
        ("", False, {"REMOTE_ADDR": "::1"}, 200),
        ("", False, {"REMOTE_ADDR": "10.0.0.9"}, 401),
        ("", False, {"REMOTE_ADDR": "not an address"}, 401),
        ("", True, {"REMOTE_ADDR": "127.0.0.1"}, 401),
        ("", False, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.5"}, 401),
        ("s3cret", True, {"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer s3cret"}, 200),
        ("s3cret", True, {"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer guess"}, 401),
        ("", True, {"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer "}, 401),
    ],
)
def test_figures_are_for_the_token_or_this_machine(
    settings: Any, token: str, behind_proxy: bool, request_says: dict[str, str], answer: int
) -> None:
    settings.METRICS_TOKEN, settings.BEHIND_PROXY = token, behind_proxy
    told = Client().get("/metrics", **HOSTILE, **request_says)
    assert told.status_code == answer
    assert (b"houqin_build_info" in told.content) is (answer == 200)


def test_no_page_of_the_program_lies_under_these_addresses() -> None:
    from django.urls import Resolver404, resolve

    for address in probes.ANSWERS:
        with pytest.raises(Resolver404):
            resolve(address)
