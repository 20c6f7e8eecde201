"""The one button: write what was understood."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, verb
from houqin.core.events.bus import emit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.sheets.models import ImportRun
from houqin.flows.sheets.results import result_of
from houqin.flows.sheets.writing import Staged, Writing


@verb
def apply_import(run: ImportRun, *, by: Viewer, staged: Staged | None = None) -> ImportRun:
    """Write every line that can be written, or nothing at all. Lines that are known already change nothing; corrected
    lines reverse what they said before. ``staged`` was read before, so that others wait the less for this."""
    require(by, "sheets.import", at=run.org)
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("org").get(pk=run.pk)
    if run.state == ImportRun.State.DONE:
        raise Refused(_("This import has been written already."))
    if run.state not in {ImportRun.State.READY, ImportRun.State.WRITING}:
        raise Refused(_("This import is not ready to be written. Wait until it has been read."))
    if staged is None or not staged.holds(run):
        staged = Staged(run)
    if not staged.rows:
        raise Refused(_("There is nothing to write: no line could be read. See the reasons beside the files."))
    writing = Writing(run, staged, by=by)
    writing.write()
    writing.save_rows()
    run.state, run.finished_at = ImportRun.State.DONE, timezone.now()
    run.result = result_of(run, writing)
    run.save(update_fields=["state", "finished_at", "result"])
    told = {name: run.result[name] for name in ("created", "changed", "reversed", "unchanged", "rejected")}
    record("sheets.written", run, by=by, org=run.org, **told)
    emit("sheets.written", by=by, org=run.org, subject=run, **told)
    return run
