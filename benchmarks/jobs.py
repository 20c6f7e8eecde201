"""Claim: four workers do 200 jobs a second; none is lost and none done twice.

Real worker processes and jobs as verbs leave them: an event whose subscriber writes a row.
"""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from houqin.core.audit.models import AuditEntry
from houqin.core.audit.trail import record
from houqin.core.events.bus import SUBSCRIBERS, emit, on
from houqin.core.events.models import HandledEvent
from houqin.core.jobs import worker
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.scope.viewer import system_viewer

JOBS = {"postgresql": 20_000, "sqlite": 4_000}
WORKERS = 4
# A process of its own learns the subscriber before it works.
WORKER = "import django; django.setup(); from benchmarks import jobs; jobs.work()"


def run(shared: Path, *, jobs: int = 0) -> dict[str, Any]:
    """Jobs a second, those lost and those done twice."""
    jobs = jobs or JOBS[connection.vendor]
    _subscribe()
    _leave(jobs)
    began = time.perf_counter()
    processes = [subprocess.Popen([sys.executable, "-c", WORKER]) for _n in range(WORKERS)]
    for process in processes:
        process.wait()
    taken = time.perf_counter() - began
    done = AuditEntry.objects.filter(event="bench.done").count()
    return {
        "workers": WORKERS, "jobs": jobs, "seconds, with the start of the workers": round(taken, 1),
        "jobs a second": round(jobs / taken), "lost": jobs - HandledEvent.objects.count(), "done twice": done - jobs,
        "failed": DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).count(),
    }  # fmt: skip


def _subscribe() -> None:
    if not SUBSCRIBERS["bench.left"]:

        @on("bench.left", mode="job")
        def react(event: Any) -> None:
            record("bench.done", None, by=system_viewer(), org=None, number=event.payload["number"])


def _leave(jobs: int) -> None:
    by = system_viewer()
    unit = OrgUnit.objects.create(kind=Kind.CITY, name="任务市", path="0007")
    with transaction.atomic():
        for number in range(jobs):
            emit("bench.left", by=by, org=unit, number=number)


def work() -> None:
    """Until no job waits."""
    _subscribe()
    worker.run(batch=True)
