"""Jobs: bounded retries, orphans handed out again, periodic jobs once a slot."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from houqin.core.jobs import progress, registry, retries, worker
from houqin.core.jobs.models import PeriodicSlot, Worker
from houqin.core.jobs.registry import Periodic

pytestmark = pytest.mark.django_db


def running(workers: list[str]) -> DBTaskResult:
    return DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING, task_path="houqin.core.events.bus.deliver", backend_name="default",
        args_kwargs={"args": [], "kwargs": {}}, worker_ids=workers, run_after=timezone.now(), exception_class_path="",
        traceback="",
    )  # fmt: skip


def test_a_job_of_a_silent_worker_is_handed_out_again_and_given_up_in_the_end() -> None:
    orphan, tired, alive = running(["dead"]), running(["dead"] * retries.ATTEMPTS), running(["here"])
    Worker.objects.create(id="here", started_at=timezone.now(), seen_at=timezone.now())
    Worker.objects.create(id="dead", started_at=timezone.now(), seen_at=timezone.now() - 2 * retries.LEASE)
    assert retries.reap() == 2
    states = {row.pk: row.status for row in DBTaskResult.objects.all()}
    assert states[orphan.pk] == TaskResultStatus.READY
    assert states[tired.pk] == TaskResultStatus.FAILED
    assert states[alive.pk] == TaskResultStatus.RUNNING


def test_a_failed_job_is_tried_again_later() -> None:
    row = running(["one"])
    row.set_failed(ValueError("x"))
    retries.try_again(None, task_result=row.task_result)
    row.refresh_from_db()
    assert row.status == TaskResultStatus.READY
    assert row.run_after > timezone.now()
    row.worker_ids = ["one"] * retries.ATTEMPTS
    row.save()
    row.set_failed(ValueError("x"))
    retries.try_again(None, task_result=row.task_result)
    row.refresh_from_db()
    assert row.status == TaskResultStatus.FAILED


def test_a_periodic_job_is_enqueued_once_a_slot(monkeypatch) -> None:
    from houqin.core.events.bus import deliver

    monkeypatch.setattr(worker, "PERIODIC", {"hourly": Periodic("hourly", timedelta(hours=1), deliver)})
    monkeypatch.setattr(registry, "PERIODIC", {})
    now = datetime(2024, 3, 4, 4, 20, tzinfo=UTC)
    assert worker.enqueue_due(now) == ["hourly"]
    assert worker.enqueue_due(now + timedelta(minutes=30)) == []
    assert worker.enqueue_due(now + timedelta(minutes=50)) == ["hourly"]
    assert PeriodicSlot.objects.count() == 2
    assert DBTaskResult.objects.count() == 2


def test_progress_is_told_and_forgotten() -> None:
    assert progress.read("import-1") is None
    progress.report("import-1", 3, 12, "reading")
    step = progress.read("import-1")
    assert step is not None
    assert (step.percent, step.message) == (25, "reading")
    progress.forget("import-1")
    assert progress.read("import-1") is None
