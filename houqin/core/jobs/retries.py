"""A failed job is tried again a bounded number of times; a job of a dead worker is handed out again."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks.signals import task_finished
from django_tasks_db.models import DBTaskResult

from houqin.core.jobs.models import Worker

ATTEMPTS = 3
BACKOFF = timedelta(seconds=30)


@receiver(task_finished, dispatch_uid="jobs.retry")
def try_again(sender: Any, task_result: Any, **kwargs: Any) -> None:
    """Put a failed job back, later each time, until its attempts are used up."""
    if task_result.status != TaskResultStatus.FAILED:
        return
    attempts = len(task_result.worker_ids)
    if attempts >= ATTEMPTS:
        return
    DBTaskResult.objects.filter(pk=task_result.id, status=TaskResultStatus.FAILED).update(
        status=TaskResultStatus.READY,
        run_after=timezone.now() + BACKOFF * 2 ** (attempts - 1),
        finished_at=None,
    )


def reap() -> int:
    """Hand out again the running jobs whose worker gave no sign of life; returns how many."""
    alive = set(Worker.objects.alive().values_list("id", flat=True))
    reaped = 0
    with transaction.atomic():
        for row in DBTaskResult.objects.running().select_for_update():
            if row.worker_ids and row.worker_ids[-1] in alive:
                continue
            again = len(row.worker_ids) < ATTEMPTS
            row.status = TaskResultStatus.READY if again else TaskResultStatus.FAILED
            row.finished_at = None if again else timezone.now()
            row.save(update_fields=["status", "finished_at"])
            reaped += 1
    return reaped
