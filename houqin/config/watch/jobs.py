"""Every run of a job is timed and named on its log lines."""

import logging
from typing import Any

from django_tasks import TaskResultStatus

from houqin.config.watch import now
from houqin.config.watch.measures import JOB_SECONDS, QUERIES, QUERY_SECONDS

log = logging.getLogger("houqin.access")


def begun(sender: Any, task_result: Any, **more: Any) -> None:
    """A worker runs one job at a time: what its thread does from here on is this job."""
    now.begin(now.Work(job=task_result.task.module_path, job_id=str(task_result.id)))


def ended(sender: Any, task_result: Any, **more: Any) -> None:
    """Counted with its outcome; the next job begins anew."""
    work = now.current()
    if work.job_id != str(task_result.id):
        return
    outcome = "done" if task_result.status == TaskResultStatus.SUCCESSFUL else "failed"
    seconds = (task_result.finished_at - task_result.started_at).total_seconds()
    JOB_SECONDS.labels(work.job, outcome).observe(seconds)
    QUERIES.labels(work.job).inc(work.queries)
    QUERY_SECONDS.labels(work.job).inc(work.query_seconds)
    log.info(
        "job %s %s, %d ms", work.job, outcome, round(seconds * 1000),
        extra={"ms": round(seconds * 1000), "outcome": outcome, "queries": work.queries},
    )  # fmt: skip
    now.begin(now.Work())
