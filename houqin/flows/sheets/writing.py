"""Writing an import: one transaction, one lock, everything or nothing; what is known already is left alone.

While it is written nobody else writes on SQLite, so whatever needs no lock is worked out before it (``Staged``).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from sys import intern
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.actions import open_unit
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.inserting import insert_rows
from houqin.flows.sheets.diffing import Changes, Incoming, Known, compare
from houqin.flows.sheets.kinds import KINDS, Applier, ApplyContext, Outcome, RowToWrite, SheetKind, Work, in_order
from houqin.flows.sheets.models import ImportProposal, ImportRow, ImportRun, RecordedRow
from houqin.flows.sheets.staging import decode, digest_of, key_of, source_of
from houqin.lib.notes import Note
from houqin.lib.notes import mark as _m

_BATCH = 1000
_DAY = "day"
_ALIKE = ("kind", "state", "school", "school_key", "sheet")  # the same on many rows: kept once


@dataclass(frozen=True, slots=True)
class Line:
    """A staged row with what follows from it alone."""

    key: str
    digest: str
    source: str
    day: date | None
    values: Mapping[str, Any]
    warnings: tuple[Note, ...]


class Staged:
    """The rows of a run that wait to be written, read and worked out without a lock."""

    def __init__(self, run: ImportRun) -> None:
        self.rows: list[ImportRow] = []
        self.lines: dict[int, Line] = {}
        files = run.files.defer("understood").in_bulk()
        for row in _waiting(run).defer("cells").order_by("file__path", "sheet", "position").iterator(_BATCH):
            row.file = files[row.file_id]
            for name in _ALIKE:
                setattr(row, name, intern(getattr(row, name)))
            self.lines[row.pk] = _line(row)
            del row.values  # its line says it
            self.rows.append(row)

    def holds(self, run: ImportRun) -> bool:
        """Whether the same rows wait still, now that they are locked: a run read anew has others."""
        return set(_waiting(run).values_list("pk", flat=True)) == self.lines.keys()


class Writing:
    """One run of `write`; holds what its steps share."""

    def __init__(self, run: ImportRun, staged: Staged, *, by: Viewer) -> None:
        self.run, self.staged, self.by = run, staged, by
        self.orgs: dict[str, OrgUnit] = {}
        self.rows = staged.rows
        self.targets: dict[str, list[UUID]] = defaultdict(list)
        self.counts: dict[str, dict[str, int]] = {}
        self._notes: dict[int, tuple[int, int]] = {}
        self.warnings: list[tuple[ImportRow | None, Note]] = []

    def write(self) -> None:
        """Open schools, compare with what is recorded, apply kind by kind, remember the lineage."""
        self._lock()
        self._notes = {row.pk: (len(row.warnings), len(row.problems)) for row in self.rows}
        self._open_schools()
        self._permitted()
        days = [line.day for line in self.staged.lines.values() if line.day]
        proposals = ImportProposal.objects.filter(run=self.run, decision=ImportProposal.Decision.ACCEPT)
        context = ApplyContext(
            under=self.run.org,
            run=self.run.public_id,
            first_day=min(days, default=None),
            last_day=max(days, default=None),
            today=self.by.today,
            same=_same(proposals),
        )
        for group in _groups():
            self._apply_group(group, context)
        proposals.update(was_applied=True)

    def _lock(self) -> None:
        """One import at a time below a unit: the second waits, then finds everything known already."""
        orgs = OrgUnit.objects.under(self.run.org.path)
        above = OrgUnit.objects.filter(path__in=self.run.org.ancestor_paths[2:])
        list(
            (orgs | above)
            .filter(kind__in=[Kind.TOWN, Kind.SCHOOL, Kind.DISTRICT])
            .order_by("pk")
            .select_for_update(no_key=True)
            .values_list("pk")
        )
        list(OrgUnit.objects.filter(pk=self.run.org_id).select_for_update(no_key=True).values_list("pk"))

    def _open_schools(self) -> None:
        """Schools that the import proposes and nobody has opened meanwhile."""
        names = sorted({row.school_key[4:] for row in self.rows if row.school_key.startswith("new:")})
        refused = set(
            ImportProposal.objects.filter(
                run=self.run, sort="school", same_as="", decision=ImportProposal.Decision.APART
            ).values_list("name", flat=True)
        )
        codes = {
            row.school: str(self.staged.lines[row.pk].values.get("code") or "")
            for row in self.rows
            if KINDS[row.kind].creates_schools
        }
        for name in names:
            if name in refused:
                continue
            found = OrgUnit.objects.filter(parent=self.run.org, name=name, closed_on__isnull=True).first()
            self.orgs[f"new:{name}"] = found or self._open(name, codes.get(name, ""))
        ids = {int(row.school_key[4:]) for row in self.rows if row.school_key.startswith("org:")}
        for unit in OrgUnit.objects.under(self.run.org.path).filter(pk__in=ids, closed_on__isnull=True):
            self.orgs[f"org:{unit.pk}"] = unit
        self.orgs[""] = self.run.org

    def _open(self, name: str, code: str) -> OrgUnit:
        if code and OrgUnit.objects.filter(code=code, closed_on__isnull=True).exists():
            self.warnings.append(
                (
                    None,
                    Note(
                        "code-taken",
                        _m("%(school)s: another school has the code %(code)s; it was left out."),
                        {"school": name, "code": code},
                    ),
                )
            )
            code = ""
        try:
            return open_unit(
                self.run.org, by=self.by, kind=Kind.SCHOOL, name=name, code=code, opened_on=date(2000, 1, 1)
            )
        except PermissionDenied as error:
            raise Refused(
                _("%(school)s is not recorded here yet, and you may not open schools. Ask the head of your office.")
                % {"school": name}
            ) from error

    def _permitted(self) -> None:
        """The permission of each kind at each unit that gets rows of it."""
        for kind_code, key in sorted({(row.kind, row.school_key) for row in self.rows}):
            if key in self.orgs:
                require(self.by, KINDS[kind_code].permission, at=self.orgs[key])

    def _apply_group(self, kinds: Sequence[SheetKind], context: ApplyContext) -> None:
        codes = [kind.code for kind in kinds]
        rows = [row for row in self.rows if row.kind in codes]
        if not rows:
            return
        incoming = [each for row in rows if (each := self._incoming(row))]
        changes = compare(incoming, self._known(incoming, codes))
        self._remember_twins(changes)
        work: dict[str, Work] = {code: Work() for code in codes}
        asked: dict[str, list[tuple[Incoming, Known | None]]] = defaultdict(list)
        replaced = {id(row): before for row, before in changes.changed}
        new = {id(row) for row in changes.created}
        for each in incoming:
            known = replaced.get(id(each))
            if known or id(each) in new:
                work[each.kind].rows.append(self._to_write(each, known))
                asked[each.kind].append((each, known))
        for gone in changes.vanished:
            work[gone.kind].reverse.append(gone.row.target)
        used = {code: each for code, each in work.items() if each.rows or each.reverse}
        outcomes = kinds[0].apply(used, context=context, by=self.by) if used else {}
        self._keep(changes, work)
        self._remember(changes, asked, outcomes)

    def _keep(self, changes: Changes, work: Mapping[str, Work]) -> None:
        """Lines that vanished from their sheet but could not be taken back stay recorded, with a warning."""
        kept = {target: note for each in work.values() for target, note in each.kept.items()}
        changes.vanished = [gone for gone in changes.vanished if gone.row.target not in kept]
        self.warnings += [(None, note) for note in kept.values()]

    def _incoming(self, row: ImportRow) -> Incoming | None:
        org = self.orgs.get(row.school_key)
        if org is None:
            self._reject(row, Note("school-apart", _m("Its school was not accepted.")))
            return None
        line = self.staged.lines[row.pk]
        return Incoming(row, org.pk, row.kind, line.key, line.digest, line.source, line.day)

    def _known(self, incoming: Sequence[Incoming], codes: Sequence[str]) -> list[Known]:
        orgs = {each.org_id for each in incoming}
        recorded = RecordedRow.objects.filter(org_id__in=orgs, kind__in=codes, reversed_by__isnull=True).order_by("pk")
        return [Known(row, row.org_id, row.kind, row.key, row.digest, row.source, row.day) for row in recorded]

    def _to_write(self, each: Incoming, before: Known | None) -> RowToWrite:
        row: ImportRow = each.row
        line = self.staged.lines[row.pk]
        return RowToWrite(
            org=self.orgs[row.school_key],
            values=line.values,
            place=f"{row.file.path} › {row.sheet} › {row.place}",
            warnings=line.warnings,
            replaces=before.row.target if before else None,
        )

    def _remember_twins(self, changes: Changes) -> None:
        for twin, other in changes.twins:
            row: ImportRow = twin.row
            row.state = ImportRow.State.UNCHANGED
            told = {"place": f"{other.row.file.path} › {other.row.sheet} › {other.row.place}"}
            row.warnings.append(Note("twin-row", _m("Stands in %(place)s as well; counted once."), told).as_json())

    def _remember(
        self,
        changes: Changes,
        asked: Mapping[str, Sequence[tuple[Incoming, Known | None]]],
        outcomes: Mapping[str, Sequence[Outcome]],
    ) -> None:
        """Lineage and the state of every row, in a handful of statements."""
        ended: list[RecordedRow] = [gone.row for gone in changes.vanished]
        opened: list[tuple[Incoming, UUID]] = []
        present = {each.origin for rows in asked.values() for each, _before in rows} | {
            each.origin for each, _k in changes.unchanged
        }
        moved = []
        for each, known in changes.unchanged:
            each.row.state = ImportRow.State.UNCHANGED
            self.targets[each.kind].append(known.row.target)
            if known.origin not in present and known.source != each.source:
                known.row.source = each.source
                moved.append(known.row)
        for code, rows in asked.items():
            for (each, before), outcome in zip(rows, outcomes[code], strict=True):
                self._settle(each, before, outcome, ended, opened)
        for old in ended:
            old.reversed_by = self.run
        RecordedRow.objects.bulk_update(ended, ["reversed_by"], batch_size=_BATCH)
        RecordedRow.objects.bulk_update(moved, ["source"], batch_size=_BATCH)
        rows_to_open = self._opened(opened)
        while piece := list(islice(rows_to_open, _BATCH)):
            insert_rows(piece)
        for code in (
            asked.keys() | {each.kind for each, _k in changes.unchanged} | {gone.kind for gone in changes.vanished}
        ):
            self._count(code, changes, asked.get(code, ()))

    def _settle(
        self,
        each: Incoming,
        before: Known | None,
        outcome: Outcome,
        ended: list[RecordedRow],
        opened: list[tuple[Incoming, UUID]],
    ) -> None:
        row: ImportRow = each.row
        row.warnings += [note.as_json() for note in outcome.warnings if note.as_json() not in row.warnings]
        if outcome.refusal or outcome.target is None:
            self._reject(row, outcome.refusal or Note("refused", _m("It could not be recorded.")))
            if before:
                self.targets[each.kind].append(before.row.target)
            return
        row.state = ImportRow.State.CHANGED if before else ImportRow.State.CREATED
        self.targets[each.kind].append(outcome.target)
        if before:
            ended.append(before.row)
        opened.append((each, outcome.target))

    def _opened(self, opened: Sequence[tuple[Incoming, UUID]]) -> Iterator[RecordedRow]:
        """The lineage of new rows, with ordinals among equals that are free."""
        if not opened:
            return
        kinds, orgs = {each.kind for each, _target in opened}, {each.org_id for each, _target in opened}
        standing = RecordedRow.objects.filter(org_id__in=orgs, kind__in=kinds, reversed_by__isnull=True)
        taken: dict[tuple[int, str, str], set[int]] = defaultdict(set)
        for org, kind, key, ordinal in standing.values_list("org_id", "kind", "key", "ordinal"):
            taken[org, kind, key].add(ordinal)
        for each, target in opened:
            used = taken[each.org_id, each.kind, each.key]
            free = next(number for number in range(len(used) + 1) if number not in used)
            used.add(free)
            yield RecordedRow(
                org_id=each.org_id, kind=each.kind, key=each.key, ordinal=free, digest=each.digest, target=target,
                source=each.source, day=each.day, run=self.run,
            )  # fmt: skip

    def _reject(self, row: ImportRow, why: Note) -> None:
        row.state = ImportRow.State.REJECTED
        row.problems.append(why.as_json())

    def _count(self, code: str, changes: Changes, asked: Sequence[tuple[Incoming, Known | None]]) -> None:
        written = [(each, before) for each, before in asked if each.row.state != ImportRow.State.REJECTED]
        self.counts[code] = {
            "created": sum(before is None for _each, before in written),
            "changed": sum(before is not None for _each, before in written),
            "unchanged": sum(each.kind == code for each, _known in changes.unchanged),
            "reversed": sum(gone.kind == code for gone in changes.vanished),
        }

    @property
    def schools(self) -> set[int]:
        """The schools that the rows which stand are about."""
        written = (row for row in self.rows if row.state != ImportRow.State.REJECTED)
        units = (self.orgs[row.school_key] for row in written if row.school_key in self.orgs)
        return {unit.pk for unit in units if unit.kind == Kind.SCHOOL}

    def save_rows(self) -> None:
        """What became of each row: rows of one outcome in one statement, with notes only where some came to them."""
        outcomes: dict[str, tuple[dict[str, Any], list[int]]] = {}
        for row in self.rows:
            told: dict[str, Any] = {} if row.state == ImportRow.State.STAGED else {"state": row.state}
            if (len(row.warnings), len(row.problems)) != self._notes[row.pk]:
                told |= {"warnings": row.warnings, "problems": row.problems}
            if told:
                outcomes.setdefault(json.dumps(told), (told, []))[1].append(row.pk)
        for told, ids in outcomes.values():
            for start in range(0, len(ids), _BATCH):
                ImportRow.objects.filter(pk__in=ids[start : start + _BATCH]).update(**told)


def _waiting(run: ImportRun) -> Any:
    return ImportRow.objects.filter(run=run, state=ImportRow.State.STAGED)


def _line(row: ImportRow) -> Line:
    return Line(
        key=key_of(KINDS[row.kind].key, row.values),
        digest=digest_of(row.values),
        source=source_of(row.file.path, row.sheet),
        day=_day(row),
        values=decode(row.values),
        warnings=tuple(Note.from_json(note) for note in row.warnings),
    )


def _day(row: ImportRow) -> date | None:
    told = row.values.get(_DAY)
    return date.fromisoformat(told["v"]) if isinstance(told, dict) else None


def _same(proposals: Any) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for proposal in proposals:
        if proposal.same_as and proposal.sort != "school":
            found[proposal.sort][proposal.name] = proposal.same_as
    return found


def _groups() -> list[list[SheetKind]]:
    """Kinds in order; those that share an applier together."""
    groups: list[list[SheetKind]] = []
    seen: dict[int, list[SheetKind]] = {}
    for kind in in_order():
        applier: Applier = kind.apply
        if id(applier) in seen:
            seen[id(applier)].append(kind)
        else:
            seen[id(applier)] = [kind]
            groups.append(seen[id(applier)])
    return groups
