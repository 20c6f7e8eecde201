"""A whole import at once, unattended: the command line, the demo, and small uploads."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.sheets import intake
from houqin.flows.sheets.actions.handing import start_import
from houqin.flows.sheets.actions.writing import apply_import
from houqin.flows.sheets.models import ImportRow, ImportRun
from houqin.flows.sheets.results import told
from houqin.flows.sheets.understanding_runs import Report, quiet, understand_run
from houqin.flows.sheets.writing import Staged


def import_folder(folder: Path, *, under: OrgUnit, by: Viewer, report: Report = quiet) -> dict[str, Any]:
    """Hand in, read, accept what is sure, write. Returns the result; refuses with the reasons when no line can be
    written. Safe to repeat: the same folder again changes nothing."""
    began = time.monotonic()
    files = intake.from_disk(folder)
    run = start_import(under, by=by, files=files, folder=folder.resolve().name)
    understand_run(run, today=by.today, report=report)
    run.refresh_from_db()
    if not ImportRow.objects.filter(run=run, state=ImportRow.State.STAGED).exists():
        raise Refused(_nothing(run))
    report(1, 1, _("Writing"))
    run = apply_import(run, by=by, staged=Staged(run))
    return told(run, time.monotonic() - began)


def _nothing(run: ImportRun) -> str:
    """Why nothing at all could be written: the first reasons, in words."""
    reasons = [f"{file.path}: {file.problem_text}" for file in run.files.all() if file.problem]
    for row in ImportRow.objects.filter(run=run, state=ImportRow.State.REJECTED).select_related("file")[:5]:
        reasons.append(f"{row.file.path} › {row.sheet} › {row.place}: {' '.join(row.problem_texts)}")
    if not reasons:
        reasons = [_("No sheet among them is a ledger that I know.")]
    return _("Nothing was written.") + "\n" + "\n".join(reasons)
