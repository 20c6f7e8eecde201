"""Reading and writing large imports in the background; the page polls and can be left."""

from django.utils.translation import gettext_lazy as _

from houqin.core.grants.viewers import viewer_for
from houqin.core.jobs import progress
from houqin.core.jobs.registry import job
from houqin.core.people.models import Account
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Channel, Viewer, system_viewer
from houqin.flows.sheets.actions.writing import apply_import
from houqin.flows.sheets.models import ImportRun
from houqin.flows.sheets.understanding_runs import understand_run
from houqin.flows.sheets.writing import Staged
from houqin.lib.notes import Note


def _viewer(account_id: int | None) -> Viewer:
    account = Account.objects.filter(pk=account_id, is_active=True).first() if account_id else None
    return viewer_for(account, channel=Channel.IMPORT) if account else system_viewer(channel=Channel.IMPORT)


@job(_("Read spreadsheets"), queue="imports")
def read_import(run: str, account: int | None) -> None:
    """Read a run; safe to run twice."""
    found = ImportRun.objects.select_related("org").get(public_id=run)
    if found.state != ImportRun.State.READING:
        return
    understand_run(
        found,
        today=_viewer(account).today,
        report=lambda done, total, message: progress.report(found.progress_key, done, total, message),
    )
    progress.forget(found.progress_key)


@job(_("Write spreadsheets"), queue="imports")
def write_import(run: str, account: int | None) -> None:
    """Write a run; a refusal is kept with it in words."""
    found = ImportRun.objects.select_related("org").get(public_id=run)
    if found.state != ImportRun.State.WRITING:
        return
    try:
        apply_import(found, by=_viewer(account), staged=Staged(found))
    except Refused as refusal:
        problem = Note("refused", str(refusal.message).replace("%", "%%")).as_json()
        ImportRun.objects.filter(pk=found.pk).update(state=ImportRun.State.READY, problem=problem)
