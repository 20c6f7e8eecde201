"""Handing long work to the worker."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.sheets.actions.working import read_import, write_import
from houqin.flows.sheets.models import ImportRun

titled({"sheets.queued": _("Import handed to the worker")})


@verb
def queue_reading(run: ImportRun, *, by: Viewer) -> ImportRun:
    """Let the worker read the files; the page shows how far it is and can be left."""
    require(by, "sheets.import", at=run.org)
    read_import.enqueue(run=str(run.public_id), account=by.account_id)
    record("sheets.queued", run, by=by, org=run.org, work="read")
    return run


@verb
def queue_writing(run: ImportRun, *, by: Viewer) -> ImportRun:
    """Let the worker write what was understood."""
    require(by, "sheets.import", at=run.org)
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("org").get(pk=run.pk)
    if run.state != ImportRun.State.READY:
        raise Refused(_("This import is not ready to be written. Wait until it has been read."))
    run.state, run.problem = ImportRun.State.WRITING, None
    run.save(update_fields=["state", "problem"])
    write_import.enqueue(run=str(run.public_id), account=by.account_id)
    record("sheets.queued", run, by=by, org=run.org, work="write")
    return run
