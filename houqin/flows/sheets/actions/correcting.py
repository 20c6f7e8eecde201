"""Correcting by hand what was understood, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, verb
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.sheets.kinds import KINDS
from houqin.flows.sheets.models import ImportFile, ImportProposal, ImportRun
from houqin.flows.sheets.naming.schools import match_school
from houqin.flows.sheets.resolving import Schools
from houqin.lib.specs import GRAMS_A_UNIT
from houqin.lib.years import stated_year


def _open_run(run: ImportRun, by: Viewer) -> ImportRun:
    require(by, "sheets.import", at=run.org)
    found: ImportRun = ImportRun.objects.select_for_update(of=("self",)).select_related("org").get(pk=run.pk)
    if found.state not in {ImportRun.State.READY, ImportRun.State.READING}:
        raise Refused(_("This import can no longer be corrected. Hand the files in again."))
    return found


@verb
def correct_sheet(
    run: ImportRun,
    *,
    by: Viewer,
    path: str,
    sheet: str,
    skip: bool | None = None,
    kind: str | None = None,
    header_row: int | None = None,
    columns: Mapping[int, str | None] | None = None,
    year: str | None = None,
    unit: str | None = None,
    school: str | None = None,
    left_out: list[int] | None = None,
) -> ImportRun:
    """Say how a sheet is to be read: its kind, header line, columns, year, unit, school, or lines to leave out.

    What is not given stays as decided before. The run has to be read again afterwards."""
    run = _open_run(run, by)
    if not ImportFile.objects.filter(run=run, path=path).exists():
        raise Refused(_("This import has no file %(path)s.") % {"path": path})
    given: dict[str, Any] = {
        "skip": skip, "kind": kind, "header_row": header_row, "year": year, "unit": unit, "school": school,
        "left_out": left_out, "columns": {str(c): name for c, name in columns.items()} if columns is not None else None,
    }  # fmt: skip
    given = {name: value for name, value in given.items() if value is not None}
    _check(run, given)
    told = next(
        (each for each in run.decisions.get("sheets", []) if (each["path"], each["sheet"]) == (path, sheet)), None
    )
    if told is None:
        told = {"path": path, "sheet": sheet}
        run.decisions.setdefault("sheets", []).append(told)
    if "columns" in given:
        given["columns"] = {**told.get("columns", {}), **given["columns"]}
    told.update(given)
    run.state = ImportRun.State.READING
    run.save(update_fields=["decisions", "state"])
    record("sheets.corrected", run, by=by, org=run.org, file=path, sheet=sheet, **given)
    return run


def _check(run: ImportRun, given: dict[str, Any]) -> None:
    if given.get("kind") and given["kind"] not in KINDS:
        raise Refused(_("This kind of sheet is not known."), field="kind")
    if given.get("year") and stated_year(given["year"]) is None:
        raise Refused(_("Write the year as 2024, or the school year as 2023-2024."), field="year")
    if given.get("unit") and given["unit"].strip().casefold() not in GRAMS_A_UNIT:
        raise Refused(_("Write a unit of weight: 公斤, 斤, 克."), field="unit")
    if given.get("school"):
        names = Schools(run.org).names
        proposed = list(
            ImportProposal.objects.filter(run=run, sort="school", same_as="").values_list("name", flat=True)
        )
        if match_school(given["school"], [*names, *proposed]) is None:
            raise Refused(_("No school here is called “%(name)s”.") % {"name": given["school"]}, field="school")


@verb
def decide_proposal(proposal: ImportProposal, *, by: Viewer, decision: str) -> ImportProposal:
    """Accept a proposal or keep the two names apart; a new school kept apart leaves its lines out."""
    run = _open_run(proposal.run, by)
    if decision not in ImportProposal.Decision.values:
        raise Refused(_("Accept it, or keep the names apart."), field="decision")
    proposal = ImportProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if proposal.sort != "school" and not proposal.is_merge and decision == ImportProposal.Decision.APART:
        raise Refused(_("A new name is recorded as it stands. To leave its lines out, correct the sheet."))
    proposal.decision = decision
    proposal.save(update_fields=["decision"])
    run.decisions.setdefault("proposals", {})[f"{proposal.sort}:{proposal.name}"] = decision
    run.save(update_fields=["decisions"])
    record("sheets.decided", run, by=by, org=run.org, name=proposal.name, same_as=proposal.same_as, decision=decision)
    return proposal
