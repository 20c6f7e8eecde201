"""Jobs in tests: they stay in the database as in the field, and run when the test says so."""

from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult


def run_jobs(*, failures_expected: bool = False, at_most: int = 200) -> int:
    """Run what waits (and what that enqueues) in this thread; returns how many ran. A failed job fails the test."""
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="tests",
        excluded_queue_names=[],
    )
    for done in range(at_most):
        waiting = DBTaskResult.objects.ready().first()
        if waiting is None:
            return done
        waiting.claim("tests")
        worker.run_task(waiting)
        waiting.refresh_from_db()
        failed = waiting.status == TaskResultStatus.FAILED or bool(waiting.traceback)
        assert failures_expected or not failed, waiting.traceback
    raise AssertionError(f"{at_most} jobs ran and there are still more")
