"""Reading an import: stored bytes → understood sheets → staged rows and proposals. Outside of any write lock;
safe to run again after each correction, since it only replaces what it staged before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from houqin.core.tables.inserting import insert_rows
from houqin.flows.sheets.intake import limits
from houqin.flows.sheets.kinds import shapes
from houqin.flows.sheets.models import ImportFile, ImportProposal, ImportRow, ImportRun, RecordedRow
from houqin.flows.sheets.reading.books import read_book
from houqin.flows.sheets.reading.grids import Book, column_letter
from houqin.flows.sheets.reading.understand import understand_folder
from houqin.flows.sheets.reading.understanding import (
    BookRead,
    Correction,
    RowKind,
    RowRead,
    SheetRead,
    Surroundings,
)
from houqin.flows.sheets.resolving import Resolved, resolve
from houqin.flows.sheets.staging import encode
from houqin.lib.notes import Note, Unreadable
from houqin.lib.notes import mark as _

Report = Callable[[int, int, str], None]


def quiet(done: int, total: int, message: str = "") -> None:
    """Nobody watches."""


def understand_run(run: ImportRun, *, today: Any, report: Report = quiet) -> None:
    """Read all files of a run, resolve names, and stage everything in one short transaction."""
    files = list(run.files.select_related("content"))
    books: list[Book] = []
    problems: dict[str, Note] = {}
    seen: dict[str, str] = {}
    for number, file in enumerate(files, 1):
        report(number, len(files) + 2, file.path)
        if file.sha256 in seen:
            problems[file.path] = Note(
                "twin", _("The same file as %(other)s; read once."), {"other": seen[file.sha256]}
            )
            continue
        if file.content is None:
            continue
        seen[file.sha256] = file.path
        try:
            books.append(read_book(file.path, bytes(file.content.data), limits()))
        except Unreadable as error:
            problems[file.path] = error.note
    around = Surroundings(today, None, tuple(part for part in [run.folder] if part), corrections_of(run))
    reads = understand_folder(books, shapes(), around)
    del books  # what they say is read; the cells themselves would stay in memory until all is staged
    report(len(files) + 1, len(files) + 2, gettext("Comparing names"))
    resolved = resolve(run, reads)
    _stage(run, files, reads, problems, resolved)
    report(len(files) + 2, len(files) + 2, gettext("Everything is read"))


def corrections_of(run: ImportRun) -> dict[tuple[str, str], Correction]:
    """The sheet corrections among a run's decisions."""
    found = {}
    for told in run.decisions.get("sheets", []):
        found[(told["path"], told["sheet"])] = Correction(
            skip=told.get("skip", False),
            kind=told.get("kind", ""),
            header_row=told.get("header_row"),
            columns={int(column): name for column, name in told.get("columns", {}).items()},
            year=told.get("year", ""),
            unit=told.get("unit", ""),
            school=told.get("school", ""),
            left_out=frozenset(told.get("left_out", [])),
        )
    return found


def _stage(
    run: ImportRun, files: list[ImportFile], reads: list[BookRead], problems: dict[str, Note], resolved: Resolved
) -> None:
    rows = list(_staged(run, files, reads, problems, resolved))
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.state not in {ImportRun.State.READING, ImportRun.State.READY}:
            return  # discarded or written while it was being read
        ImportRow.objects.filter(run=run).delete()
        ImportProposal.objects.filter(run=run).delete()
        ImportFile.objects.bulk_update(files, ["format", "problem", "understood"])
        insert_rows(rows)
        for proposal in resolved.proposals:
            proposal.run, proposal.org = run, run.org
            proposal.decision = _decided(run, proposal)
        ImportProposal.objects.bulk_create(resolved.proposals)
        run.state = ImportRun.State.READY
        run.save(update_fields=["state"])


def _staged(
    run: ImportRun, files: list[ImportFile], reads: list[BookRead], problems: dict[str, Note], resolved: Resolved
) -> Iterable[ImportRow]:
    """The rows of all files; what was understood of each file is noted on it."""
    by_path = {read.path: read for read in reads}
    for file in files:
        read = by_path.get(file.path)
        file.format = read.format if read else ""
        file.problem = (
            problems[file.path].as_json() if file.path in problems else (file.problem if not file.content else None)
        )
        file.understood = [_told(sheet, resolved) for sheet in read.sheets] if read else []
        if read and read.warnings:
            file.understood[:0] = [{"name": "", "warnings": [note.as_json() for note in read.warnings], "counts": {}}]
        for sheet in read.sheets if read else []:
            yield from _rows(run, file, sheet, resolved)
            sheet.rows.clear()  # staged: a hundred thousand lines stand in memory once, not twice


def _decided(run: ImportRun, proposal: ImportProposal) -> str:
    """A person's decision, else: sure ones are accepted, doubtful ones kept apart."""
    told = run.decisions.get("proposals", {}).get(f"{proposal.sort}:{proposal.name}")
    if told:
        return str(told)
    return ImportProposal.Decision.ACCEPT if proposal.is_sure else ImportProposal.Decision.APART


def _rows(run: ImportRun, file: ImportFile, sheet: SheetRead, resolved: Resolved) -> Iterable[ImportRow]:
    if sheet.shape is None:
        return
    secret = _secret_columns(sheet)
    for row in sheet.rows:
        if row.kind not in {RowKind.DATA, RowKind.UNREADABLE}:
            continue
        place = resolved.place_of(sheet, row)
        problems = [*row.problems, *([place.problem] if place.problem else [])]
        yield ImportRow(
            run=run,
            org=run.org,
            file=file,
            sheet=sheet.name[:120],
            position=row.number * 100 + _column_of(row),
            number=row.number,
            place=row.place[:12],
            kind=sheet.shape.code,
            state=ImportRow.State.REJECTED if problems else ImportRow.State.STAGED,
            school=place.name[:120],
            school_key=place.key[:120],
            cells=["•••" if column in secret and cell else cell for column, cell in enumerate(row.cells)],
            values=encode({name: value for name, value in row.values.items() if value is not None}),
            warnings=[note.as_json() for note in [*row.warnings, *place.warnings]],
            problems=[note.as_json() for note in problems],
        )


def _column_of(row: RowRead) -> int:
    letters = "".join(ch for ch in str(row.values.get("cell") or "") if ch.isalpha())
    return min(99, sum((ord(ch) - 64) * int(26**power) for power, ch in enumerate(reversed(letters))))


def _secret_columns(sheet: SheetRead) -> set[int]:
    assert sheet.shape is not None
    names = {each.name for each in sheet.shape.fields if each.secret}
    return {match.heading.column for match in sheet.columns if match.field in names}


def _told(sheet: SheetRead, resolved: Resolved) -> dict[str, Any]:
    """What the preview shows of a sheet."""
    counts = {kind.value: 0 for kind in RowKind}
    for row in sheet.rows:
        counts[row.kind.value] += 1
    place = resolved.sheet_place(sheet)
    return {
        "name": sheet.name,
        "kind": sheet.shape.code if sheet.shape else "",
        "note": sheet.note.as_json() if sheet.note else None,
        "header": [sheet.header.first + 1, sheet.header.last + 1] if sheet.header else None,
        "columns": _columns(sheet),
        "unused": [
            {"column": each.column, "letter": column_letter(each.column), "header": each.label} for each in sheet.unused
        ],
        "titles": sheet.titles[:6],
        "year": sheet.year.label if sheet.year else "",
        "year_how": sheet.year_how.as_json() if sheet.year_how else None,
        "date_styles": list(sheet.date_styles),
        "units": list(sheet.units),
        "school": place.name,
        "school_why": place.why.as_json() if place.why else None,
        "questions": [
            {"code": each.code, "note": each.note.as_json()} for each in [*sheet.questions, *place.questions]
        ],
        "warnings": [note.as_json() for note in [*sheet.warnings, *place.warnings]],
        "counts": counts,
    }


def _columns(sheet: SheetRead) -> list[dict[str, Any]]:
    assert sheet.shape is not None or not sheet.columns
    return [
        {
            "column": match.heading.column,
            "letter": column_letter(match.heading.column),
            "header": match.heading.label,
            "field": match.field,
            "title": sheet.shape.field(match.field).title if sheet.shape else "",
            "unit": match.heading.unit,
            "sure": round(match.score, 2),
            "why": match.why.as_json(),
        }
        for match in sheet.columns
    ]


def recorded_under(run: ImportRun) -> Any:
    """Rows that earlier imports recorded at or below the run's unit."""
    return RecordedRow.objects.under(run.org.path).filter(reversed_by__isnull=True)
