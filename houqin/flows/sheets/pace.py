"""Small imports at once, large ones by a job: nobody watches a frozen page, nobody waits for a worker in vain."""

from __future__ import annotations

from django.db.models import Sum

from houqin.core.scope.viewer import Viewer
from houqin.flows.sheets.actions.queueing import queue_reading, queue_writing
from houqin.flows.sheets.actions.writing import apply_import
from houqin.flows.sheets.models import ImportRow, ImportRun
from houqin.flows.sheets.understanding_runs import understand_run
from houqin.flows.sheets.writing import Staged

AT_ONCE_BYTES = 1024 * 1024
AT_ONCE_ROWS = 10_000


def read_now_or_later(run: ImportRun, *, by: Viewer) -> None:
    """Read a run: a town's folder takes two seconds, a district's goes to the worker."""
    size = run.files.filter(content__isnull=False).aggregate(size=Sum("size"))["size"] or 0
    if size > AT_ONCE_BYTES:
        queue_reading(run, by=by)
    else:
        understand_run(run, today=by.today)


def write_now_or_later(run: ImportRun, *, by: Viewer) -> None:
    """Write a run."""
    if ImportRow.objects.filter(run=run).count() > AT_ONCE_ROWS:
        queue_writing(run, by=by)
    else:
        apply_import(run, by=by, staged=Staged(run))
