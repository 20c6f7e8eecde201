"""The health certificates that a roster of the canteen writes beside its people become credentials."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from houqin.core.people.models import Person
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.finding import subjects_of_persons
from houqin.core.subjects.models import Subject
from houqin.flows.credentials.actions.listing import Listed, ListLine, record_list
from houqin.flows.sheets.kinds import Outcome, RowToWrite
from houqin.lib.notes import Note
from houqin.lib.notes import mark as _

HEALTH = "health-certificate"


def keep_health_certificates(rows: Sequence[RowToWrite], outcomes: Sequence[Outcome], by: Viewer) -> list[Outcome]:
    """Marked from paper and not verified; what cannot be a certificate's number or date is a warning, the person stays."""
    written = {
        outcome.target: row
        for row, outcome in zip(rows, outcomes, strict=True)
        if outcome.target is not None and _said(row) and by.may("credentials.record", row.org.path)
    }
    people = list(Person.objects.filter(public_id__in=written).select_related("org").order_by("pk"))
    holders = subjects_of_persons(people)
    by_unit: dict[int, list[Person]] = defaultdict(list)
    for person in people:
        by_unit[person.org_id].append(person)
    notes: dict[UUID, Note] = {}
    for group in by_unit.values():
        lines = [_line(written[person.public_id], holders[person.pk]) for person in group]
        listed = record_list(group[0].org, by=by, lines=lines)
        for person, done in zip(group, listed, strict=True):
            if note := _note(person, done):
                notes[person.public_id] = note
    return [
        replace(outcome, warnings=(*outcome.warnings, notes[outcome.target])) if outcome.target in notes else outcome
        for outcome in outcomes
    ]


def _said(row: RowToWrite) -> bool:
    return any(row.values.get(name) for name in ("certificate", "valid_until", "certified_on"))


def _line(row: RowToWrite, holder: Subject) -> ListLine:
    values = row.values
    return ListLine(
        holder=holder, kind=HEALTH, number=str(values.get("certificate") or "")[:60],
        issued_on=values.get("certified_on"), expires_on=values.get("valid_until"),
    )  # fmt: skip


def _note(person: Person, done: Listed) -> Note | None:
    if done.refusal is not None:
        told = {"name": person.name, "why": str(done.refusal.message)}
        return Note("certificate-refused", _("%(name)s: the health certificate was not kept. %(why)s"), told)
    if done.left_out_number:
        text = _("%(name)s: an identity number stands where the certificate's number belongs; it was left out.")
        return Note("certificate-identity", text, {"name": person.name})
    return None
