"""Jobs: bounded retries, orphans handed out again, periodic jobs once a slot."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from houqin.core.jobs import progress, registry, retries, worker
from houqin.core.jobs.models import LEASE, PeriodicSlot, Worker
from houqin.core.jobs.registry import Periodic
from tests.jobs import run_jobs

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
    Worker.objects.create(id="dead", started_at=timezone.now(), seen_at=timezone.now() - 2 * LEASE)
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


def test_a_worker_that_was_away_for_an_hour_catches_up_once(monkeypatch) -> None:
    from houqin.core.events.bus import deliver

    monkeypatch.setattr(worker, "PERIODIC", {"often": Periodic("often", timedelta(minutes=5), deliver)})
    before = datetime(2024, 3, 4, 4, 0, tzinfo=UTC)
    assert worker.enqueue_due(before) == ["often"]
    assert worker.enqueue_due(before + timedelta(hours=1)) == ["often"]
    assert worker.enqueue_due(before + timedelta(hours=1, minutes=1)) == []
    assert DBTaskResult.objects.count() == 2, "twelve slots were missed, one is made up for"


def test_what_a_clock_that_was_a_day_ahead_took_is_given_back(monkeypatch) -> None:
    from houqin.core.events.bus import deliver

    monkeypatch.setattr(worker, "PERIODIC", {"daily": Periodic("daily", timedelta(days=1), deliver)})
    today = datetime(2024, 3, 4, 4, 0, tzinfo=UTC)
    assert worker.enqueue_due(today) == ["daily"]
    assert worker.enqueue_due(today + timedelta(days=1)) == ["daily"], "the clock is wrong"
    assert worker.enqueue_due(today) == [], "it is right again; today ran"
    assert worker.enqueue_due(today + timedelta(days=1)) == ["daily"], "tomorrow came and runs"


def test_while_the_clock_jumps_no_job_is_taken_from_a_worker_that_lives() -> None:
    clock, now = worker.SteadyClock(), timezone.now()
    assert clock.may_judge(now)
    assert not clock.may_judge(now + timedelta(hours=1))
    assert not clock.may_judge(now + timedelta(hours=1, seconds=1)), "the others have not given a sign in the new time"
    clock._judge_from = 0.0
    assert clock.may_judge(now + timedelta(hours=1, seconds=2))
    assert not clock.may_judge(now), "back again"


def test_a_sign_of_life_from_the_future_counts_for_nothing() -> None:
    orphan = running(["dead"])
    Worker.objects.create(id="dead", started_at=timezone.now(), seen_at=timezone.now() + timedelta(hours=1))
    assert retries.reap() == 1
    orphan.refresh_from_db()
    assert orphan.status == TaskResultStatus.READY


def test_a_worker_outlives_its_database_and_goes_on_under_a_new_name(monkeypatch) -> None:
    lives: list[bool] = []

    def life(*, batch: bool, interval: float) -> None:
        lives.append(batch)
        if len(lives) < 3:
            raise OperationalError("the database is away")

    monkeypatch.setattr(worker, "_work", life)
    monkeypatch.setattr(worker, "AWAY_SECONDS", 0.0)
    worker.run()
    assert len(lives) == 3
    lives.clear()
    with pytest.raises(OperationalError):
        worker.run(batch=True)


def test_a_poisoned_job_is_given_up_and_the_others_go_on() -> None:
    from houqin.core.events.bus import deliver
    from houqin.core.files.jobs import sweep_files

    deliver.enqueue(event_id=-1, day="2024-03-04", subscriber="nobody")
    sweep_files.enqueue()
    poisoned, sound = DBTaskResult.objects.order_by("enqueued_at")
    for _attempt in range(retries.ATTEMPTS + 1):
        run_jobs(failures_expected=True)
        DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(run_after=timezone.now())
    poisoned.refresh_from_db()
    sound.refresh_from_db()
    assert (poisoned.status, len(poisoned.worker_ids)) == (TaskResultStatus.FAILED, retries.ATTEMPTS)
    assert "DoesNotExist" in poisoned.traceback
    assert (sound.status, len(sound.worker_ids)) == (TaskResultStatus.SUCCESSFUL, 1)


def test_jobs_of_a_month_ago_are_forgotten_and_no_others() -> None:
    from houqin.core.jobs.housekeeping import KEPT, forget_jobs

    old, new, waiting = running([]), running([]), running([])
    long_ago = timezone.now() - KEPT - timedelta(days=1)
    DBTaskResult.objects.filter(pk=old.pk).update(status=TaskResultStatus.SUCCESSFUL, finished_at=long_ago)
    DBTaskResult.objects.filter(pk=new.pk).update(status=TaskResultStatus.FAILED, finished_at=timezone.now())
    DBTaskResult.objects.filter(pk=waiting.pk).update(enqueued_at=long_ago)
    PeriodicSlot.objects.create(job="daily", slot=long_ago)
    PeriodicSlot.objects.create(job="daily", slot=timezone.now())
    forget_jobs.call()
    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == {new.pk, waiting.pk}
    assert PeriodicSlot.objects.count() == 1
