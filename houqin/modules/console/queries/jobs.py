"""The state of background jobs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from houqin.core.jobs.models import Worker
from houqin.core.jobs.registry import JOBS

NEWEST = 50


@dataclass(frozen=True)
class JobRow:
    """One job as the page shows it. Its traceback stays in the log."""

    title: Any
    status: str
    tone: str
    enqueued_at: datetime
    finished_at: datetime | None
    attempts: int
    problem: str


@dataclass(frozen=True)
class JobBoard:
    """Figures first, then the newest jobs."""

    workers: int
    waiting: int
    running: int
    failed: int
    rows: list[JobRow]


TONES = {"FAILED": "danger", "RUNNING": "info", "READY": "soon", "SUCCESSFUL": "plain"}


def job_board() -> JobBoard:
    """Three queries, whatever the number of jobs."""
    counts = dict(DBTaskResult.objects.values_list("status").annotate(count=Count("pk")))
    alive = Worker.objects.alive().count()
    rows = [
        JobRow(
            title=JOBS.get(row.task_path, row.task_path),
            status=str(TaskResultStatus(row.status).label),
            tone=TONES[row.status],
            enqueued_at=row.enqueued_at,
            finished_at=row.finished_at,
            attempts=len(row.worker_ids),
            problem=row.exception_class_path.rpartition(".")[2],
        )
        for row in DBTaskResult.objects.order_by("-enqueued_at")[:NEWEST]
    ]
    return JobBoard(alive, counts.get("READY", 0), counts.get("RUNNING", 0), counts.get("FAILED", 0), rows)
