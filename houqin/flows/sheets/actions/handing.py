"""Handing spreadsheets in, and throwing a hand-in away."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.sheets import intake
from houqin.flows.sheets.models import ImportContent, ImportFile, ImportRun

titled(
    {
        "sheets.handed_in": _("Spreadsheets handed in"),
        "sheets.discarded": _("Import discarded"),
        "sheets.corrected": _("Import corrected by hand"),
        "sheets.decided": _("Proposal decided"),
        "sheets.written": _("Spreadsheets written"),
        "sheets.undone": _("Proposal undone"),
    }
)


@verb
def start_import(org: OrgUnit, *, by: Viewer, files: Sequence[intake.Handed], folder: str = "") -> ImportRun:
    """Keep the files as they came in; nothing is read yet and nothing changes."""
    require(by, "sheets.import", at=org)
    if not files:
        raise Refused(_("There is no spreadsheet among these files. Choose .xlsx or .xls files."))
    run = ImportRun.objects.create(
        org=org,
        folder=folder[:200],
        digest=intake.digest(files),
        started_by=Account.objects.filter(pk=by.account_id).first(),
        started_at=timezone.now(),
    )
    contents = _contents(org, files)
    seen: dict[str, int] = {}
    rows = []
    for each in files:
        path = _free_path(each.path[:380], seen)
        rows.append(
            ImportFile(
                org=org,
                run=run,
                path=path,
                size=each.size,
                sha256=each.sha256,
                content=contents.get(each.sha256),
                problem=each.problem.as_json() if each.problem else None,
            )
        )
    ImportFile.objects.bulk_create(rows)
    record("sheets.handed_in", run, by=by, org=org, files=len(rows), digest=run.digest)
    return run


def _contents(org: OrgUnit, files: Sequence[intake.Handed]) -> dict[str, ImportContent]:
    """The stored bytes by digest; what is stored already is used again."""
    wanted = {each.sha256: each for each in files if each.problem is None}
    found = {row.sha256: row for row in ImportContent.objects.defer("data").filter(org=org, sha256__in=sorted(wanted))}
    missing = [
        ImportContent(org=org, sha256=digest, size=len(each.data), data=each.data)
        for digest, each in wanted.items()
        if digest not in found
    ]
    ImportContent.objects.bulk_create(missing, ignore_conflicts=True)
    rows = ImportContent.objects.defer("data").filter(org=org, sha256__in=sorted(wanted))
    return {row.sha256: row for row in rows}


def _free_path(path: str, seen: dict[str, int]) -> str:
    """Two uploads of one name (from two folders) stay apart."""
    seen[path] = seen.get(path, 0) + 1
    if seen[path] == 1:
        return path
    stem, dot, ending = path.rpartition(".")
    return f"{stem} ({seen[path]}){dot}{ending}"


@verb
def discard_import(run: ImportRun, *, by: Viewer) -> ImportRun:
    """Throw a hand-in away before it is written. What was written before stays."""
    require(by, "sheets.import", at=run.org)
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("org").get(pk=run.pk)
    if run.state in {ImportRun.State.DONE, ImportRun.State.WRITING}:
        raise Refused(_("This import has been written. Correct the sheet and hand it in again instead."))
    run.state, run.finished_at = ImportRun.State.DISCARDED, timezone.now()
    run.save(update_fields=["state", "finished_at"])
    run.rows.all().delete()
    record("sheets.discarded", run, by=by, org=run.org)
    return run
