"""The result of an import as one JSON object: what its content amounts to as recorded, and what changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from houqin.flows.sheets.kinds import in_order
from houqin.flows.sheets.models import ImportFile, ImportProposal, ImportRow, ImportRun
from houqin.flows.sheets.models.runs import in_words
from houqin.lib.notes import Note

if TYPE_CHECKING:
    from houqin.flows.sheets.writing import Writing

_SHOWN_PLACES = 5


def result_of(run: ImportRun, writing: Writing) -> dict[str, Any]:
    """Counts and sums describe the content of the files as it is recorded now, also when nothing changed."""
    result: dict[str, Any] = {}
    for kind in in_order():
        targets = writing.targets.get(kind.code, [])
        result[kind.code] = len(targets)
        result |= kind.summarise(targets)
    result["schools"] = len(writing.schools)
    counts = writing.counts.values()
    for name in ("created", "changed", "reversed", "unchanged"):
        result[name] = sum(each[name] for each in counts)
    result["rejected"] = ImportRow.objects.filter(run=run, state=ImportRow.State.REJECTED).count()
    result["extra_warnings"] = [note.as_json() for _row, note in writing.warnings]
    return result


def told(run: ImportRun, seconds: float | None = None) -> dict[str, Any]:
    """The stored result in the reader's language, with proposals, warnings and files."""
    result = {name: value for name, value in run.result.items() if name != "extra_warnings"}
    result["import"] = str(run.public_id)
    result["under"] = run.org.path
    result["proposals"] = [proposal_told(each) for each in run.proposals.all()]
    result["warnings"] = warnings_of(run)
    result["rejected_rows"] = [row_told(row) for row in _rejected(run)[:200]]
    result["files"] = [file_told(file) for file in run.files.all()]
    if seconds is not None:
        result["seconds"] = round(seconds, 2)
    return result


def proposal_told(proposal: ImportProposal) -> dict[str, Any]:
    """One proposal for a program."""
    return {
        "id": str(proposal.public_id),
        "sort": proposal.sort,
        "kind": "same_as" if proposal.is_merge else "new",
        "name": proposal.name,
        "same_as": proposal.same_as,
        "decision": proposal.decision,
        "why": proposal.why_text,
        "undo": f"houqin sheets undo {proposal.public_id}" if proposal.can_be_undone else "",
    }


def _rejected(run: ImportRun) -> Any:
    return ImportRow.objects.filter(run=run, state=ImportRow.State.REJECTED).select_related("file")


def row_told(row: ImportRow) -> dict[str, Any]:
    """One rejected line for a program."""
    return {"file": row.file.path, "sheet": row.sheet, "line": row.place, "reasons": row.problem_texts}


def file_told(file: ImportFile) -> dict[str, Any]:
    """One file for a program."""
    sheets = [
        {
            "sheet": each["name"],
            "kind": each.get("kind", ""),
            "rows": each["counts"].get("data", 0),
            "note": in_words(each.get("note")),
        }
        for each in file.understood
        if each.get("name")
    ]
    return {"file": file.path, "problem": file.problem_text, "sheets": sheets}


def warnings_of(run: ImportRun, *, of_rows_only: bool = False) -> list[dict[str, Any]]:
    """Every warning, equal kinds together: how many, the first in words, the first places.

    The page shows questions and broken files by themselves and asks for the others only."""
    groups: dict[str, dict[str, Any]] = {}
    asked = {"ask-year", "ask-unit", "ask-school"}
    broken = {file.problem["code"] for file in run.files.all() if file.problem}
    for place, note in _all_warnings(run):
        if of_rows_only and (note["code"] in asked or note["code"] in broken):
            continue
        group = groups.setdefault(
            note["code"], {"code": note["code"], "text": in_words(note), "count": 0, "places": []}
        )
        group["count"] += 1
        if len(group["places"]) < _SHOWN_PLACES:
            group["places"].append(place)
    return sorted(groups.values(), key=lambda group: (-group["count"], group["code"]))


def _all_warnings(run: ImportRun) -> Iterable[tuple[str, dict[str, Any]]]:
    for note in run.result.get("extra_warnings", []):
        yield "", note
    for file in run.files.all():
        if file.problem:
            yield file.path, file.problem
        for sheet in file.understood:
            place = f"{file.path} › {sheet['name']}" if sheet["name"] else file.path
            for note in sheet.get("warnings", []):
                yield place, note
            for question in sheet.get("questions", []):
                yield place, question["note"]
    rows = ImportRow.objects.filter(run=run).exclude(warnings=[]).select_related("file")
    for row in rows.only("warnings", "sheet", "place", "file__path"):
        for note in row.warnings:
            yield f"{row.file.path} › {row.sheet} › {row.place}", note


def notes_in_words(notes: Iterable[Note]) -> list[str]:
    """Notes in the reader's language."""
    return [note.in_words(gettext) for note in notes]
