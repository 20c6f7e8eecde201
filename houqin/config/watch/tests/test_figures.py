"""What /metrics tells: requests by view, never by address; jobs, workers, notices and seals by short queries."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from houqin.config.watch import now, queries
from houqin.core.jobs.models import Worker
from houqin.core.notices.models import Notice


def scraped() -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    text = Client().get("/metrics").content.decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.django_db
def test_a_request_is_counted_by_its_view_and_class_of_status(client: Client) -> None:
    before = counted("houqin_request_seconds_count", view="account_login", status="2xx")
    asked = counted("houqin_queries_total", place="account_login")
    client.get("/accounts/login/?next=/people/张三/")
    client.get("/accounts/login/")
    assert counted("houqin_request_seconds_count", view="account_login", status="2xx") == before + 2
    assert counted("houqin_queries_total", place="account_login") >= asked


@pytest.mark.django_db
def test_addresses_that_nobody_has_share_one_name(client: Client) -> None:
    before = counted("houqin_request_seconds_count", view="no-view", status="4xx")
    for number in range(5):
        client.get(f"/no/such/{number}/")
    assert counted("houqin_request_seconds_count", view="no-view", status="4xx") == before + 5
    assert "/no/such" not in client.get("/metrics").content.decode()


@pytest.mark.django_db
def test_queries_are_those_of_the_page_that_asked(client: Client) -> None:
    token = now.begin(now.Work(view="here"))
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.execute("SELECT 2")
        assert now.current().queries == 2
        assert now.current().query_seconds > 0
    finally:
        now.end(token)
    assert connection.execute_wrappers.count(queries.timed) == 1


def job(status: str, **facts: Any) -> DBTaskResult:
    row = DBTaskResult.objects.create(
        status=status, args_kwargs={"args": [], "kwargs": {}}, task_path="houqin.core.files.jobs.sweep", backend_name="default",
        run_after=facts.pop("run_after", get_date_max()), exception_class_path="", traceback="",
    )  # fmt: skip
    DBTaskResult.objects.filter(pk=row.pk).update(**facts)
    return row


@pytest.mark.django_db
def test_jobs_are_told_by_state_with_the_age_of_the_oldest() -> None:
    at = timezone.now()
    job(TaskResultStatus.READY, enqueued_at=at - timedelta(seconds=100))
    job(TaskResultStatus.READY, enqueued_at=at - timedelta(days=1), run_after=at - timedelta(seconds=5))
    job(TaskResultStatus.READY, enqueued_at=at, run_after=at + timedelta(hours=1))
    job(TaskResultStatus.RUNNING, started_at=at - timedelta(seconds=40))
    job(TaskResultStatus.FAILED, finished_at=at)
    job(TaskResultStatus.FAILED, finished_at=at - timedelta(days=8))
    job(TaskResultStatus.SUCCESSFUL, finished_at=at)
    found = scraped()
    states = {labels[0][1]: value for (name, labels), value in found.items() if name == "houqin_jobs"}
    assert states == {"due": 2, "later": 1, "running": 1, "failed": 1}
    assert 100 <= found["houqin_oldest_job_seconds", (("state", "due"),)] < 130
    assert 40 <= found["houqin_oldest_job_seconds", (("state", "running"),)] < 70


@pytest.mark.django_db
def test_workers_notices_and_seals_are_told(world: Any) -> None:
    from houqin.flows.seals.models import Chain

    at = timezone.now()
    Worker.objects.create(id="a", started_at=at, seen_at=at - timedelta(seconds=20))
    Worker.objects.create(id="b", started_at=at, seen_at=at - timedelta(minutes=3))
    Notice.objects.all().delete()
    for level, read_at in ((Notice.Level.NOW, None), (Notice.Level.NOW, at), (Notice.Level.INFO, None)):
        Notice.objects.create(
            account=world.an, org=world.school_a, at=at - timedelta(hours=1), title="x", level=level, read_at=read_at
        )
    Chain.objects.all().delete()
    Chain.objects.create(org=world.school_a, length=7, held_number=4, sealed_at=at - timedelta(days=3))
    Chain.objects.create(org=world.school_b, length=5, held_number=5, sealed_at=at - timedelta(days=9))
    found = {name: value for (name, labels), value in scraped().items() if not labels}
    assert found["houqin_workers"] == 1
    assert 20 <= found["houqin_worker_silence_seconds"] < 50
    assert found["houqin_urgent_notices_unread"] == 1
    assert 3600 <= found["houqin_urgent_notice_oldest_seconds"] < 3630
    assert (found["houqin_seals_unsigned"], found["houqin_chains_late"]) == (3, 1)
    assert found["houqin_database_up"] == 1


@pytest.mark.django_db
def test_the_tables_are_asked_six_times_whatever_they_hold(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(6):
        scraped()


@pytest.mark.django_db
def test_unfinished_jobs_and_unread_notices_have_an_index_of_their_own() -> None:
    """Nothing that is finished or read is looked at: the tables keep months of those."""
    jobs, notices = DBTaskResult.objects.order_by(), Notice.objects.order_by()
    for rows, index in (
        (jobs.filter(status=TaskResultStatus.RUNNING), "jobs_unfinished"),
        (jobs.filter(status=TaskResultStatus.FAILED, finished_at__gte=timezone.now()), "jobs_unfinished"),
        (notices.filter(level=Notice.Level.NOW, read_at__isnull=True).values("at"), "notice_unread"),
    ):
        assert index in plan_of(rows)


def plan_of(rows: Any) -> str:
    """How the database would read them if the table were large."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    return str(rows.explain())


@pytest.mark.django_db
def test_the_documented_alerts_ask_for_figures_that_exist(client: Client) -> None:
    client.get("/accounts/login/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    text = client.get("/metrics").content.decode()
    docs = Path(__file__).resolve().parents[4] / "docs" / "operations"
    named = set(re.findall(r"houqin_[a-z_]+", (docs / "examples" / "alerts.yml").read_text(encoding="utf-8")))
    named |= set(re.findall(r"`(houqin_[a-z_]+)", (docs / "monitoring.md").read_text(encoding="utf-8")))
    assert len(named) > 15
    for name in named:
        assert f"# TYPE {re.sub('_(bucket|count|sum)$', '', name)} " in text, name
