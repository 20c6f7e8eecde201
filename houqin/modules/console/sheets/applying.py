"""Rosters → schools with their facts, staff with their posts, pupils with their classes; through core's verbs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from houqin.core.orgs.actions import record_school_facts
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.actions.pupils import PupilLine, correct_pupil, enrol_pupils, leave_school
from houqin.core.people.actions.staff import RosterLine, correct_person, leave, record_roster
from houqin.core.people.catalogue import PostKind
from houqin.core.people.models import Person, Pupil
from houqin.core.people.posts import kind_of_title, post_kinds
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.sheets.kinds import ApplyContext, Outcome, RowToWrite, Work
from houqin.lib.notes import Note
from houqin.lib.notes import mark as _
from houqin.lib.years import school_year_start
from houqin.modules.console.sheets.certificates import keep_health_certificates

_FACTS = ("school_type", "classes", "enrolment", "boarders", "staff", "canteen_mode", "principal_name", "phone")
_LONGEST = {"school_type": 20, "principal_name": 40, "phone": 30}


def apply_schools(work: Mapping[str, Work], *, context: ApplyContext, by: Viewer) -> Mapping[str, Sequence[Outcome]]:
    """A school's facts hold from the day they were counted; a list without a day holds for the school year of the
    ledgers that came with it. A school is never closed because a list leaves it out."""
    usual = school_year_start(context.first_day or context.today)
    return {code: [_school(row, usual, by) for row in each.rows] for code, each in work.items()}


def _school(row: RowToWrite, usual: date, by: Viewer) -> Outcome:
    facts = {name: row.values.get(name) for name in _FACTS}
    told = {
        name: str(value or "")[: _LONGEST[name]] if name in _LONGEST else value or 0 for name, value in facts.items()
    }
    told["canteen_mode"] = facts["canteen_mode"] or "own"
    try:
        record_school_facts(row.org, by=by, valid_from=row.values.get("counted_on") or usual, **told)
    except Refused as refusal:
        return Outcome(None, _refusal(refusal))
    return Outcome(row.org.public_id)


def _refusal(refusal: Refused) -> Note:
    return Note("refused", str(refusal.message).replace("%", "%%"))


def apply_staff(work: Mapping[str, Work], *, context: ApplyContext, by: Viewer) -> Mapping[str, Sequence[Outcome]]:
    """Each line is a person with a post; a corrected line corrects the person, one that vanished has left."""
    since = context.first_day or context.today
    kinds = post_kinds(context.today)

    def new(org: OrgUnit, rows: Sequence[RowToWrite]) -> list[Person]:
        lines = [_roster_line(row, since, kinds) for row in rows]
        return record_roster(org, by=by, lines=lines, from_on=school_year_start(since))

    def correct(person: Person, row: RowToWrite) -> Person:
        return correct_person(person, by=by, line=_roster_line(row, since, kinds))

    each = work["staff"]
    outcomes = _recorded(each, Person, new, correct)
    for person in Person.objects.filter(public_id__in=each.reverse, left_on__isnull=True):
        leave(person, by=by, on=context.today)
    told = [_with_certificate(row, outcome, since) for row, outcome in zip(each.rows, outcomes, strict=True)]
    return {"staff": keep_health_certificates(each.rows, told, by)}


def _roster_line(row: RowToWrite, since: date, kinds: dict[str, PostKind]) -> RosterLine:
    values = row.values
    age = values.get("age")
    born = values.get("birth_year") or (since.year - age if age else None)
    return RosterLine(
        name=values["name"][:40],
        post=_canteen_post(str(values.get("post") or "")[:40], kinds),
        sex=values.get("sex") or "",
        birth_year=born,
        phone=str(values.get("phone") or "")[:30],
    )


def _canteen_post(title: str, kinds: dict[str, PostKind]) -> str:
    """A cleaner on the canteen's roster is the canteen's: what the catalogue knows under that name touches food."""
    food = {code for code, kind in kinds.items() if kind.handles_food}
    canteens = f"食堂{title}"[:40]
    if title and kind_of_title(title, kinds) not in food and kind_of_title(canteens, kinds) in food:
        return canteens
    return title


def _with_certificate(row: RowToWrite, outcome: Outcome, since: date) -> Outcome:
    """Who handled food with a certificate that had run out when the ledgers begin."""
    until = row.values.get("valid_until")
    if outcome.target is None or not until or until >= since:
        return outcome
    told = {"name": row.values["name"], "until": until.isoformat(), "day": since.isoformat()}
    note = Note("certificate-expired", _("%(name)s: the health certificate ended on %(until)s, before %(day)s."), told)
    return Outcome(outcome.target, None, (*outcome.warnings, note))


def apply_pupils(work: Mapping[str, Work], *, context: ApplyContext, by: Viewer) -> Mapping[str, Sequence[Outcome]]:
    """Each line is a child on the roll; one that vanished from the list has left."""
    since = school_year_start(context.first_day or context.today)

    def new(org: OrgUnit, rows: Sequence[RowToWrite]) -> list[Pupil]:
        return enrol_pupils(org, by=by, lines=[_pupil_line(row) for row in rows], enrolled_on=since)

    def correct(pupil: Pupil, row: RowToWrite) -> Pupil:
        return correct_pupil(pupil, by=by, line=_pupil_line(row))

    each = work["pupils"]
    outcomes = _recorded(each, Pupil, new, correct)
    for pupil in Pupil.objects.filter(public_id__in=each.reverse, left_on__isnull=True):
        leave_school(pupil, by=by, on=context.today)
    return {"pupils": outcomes}


def _pupil_line(row: RowToWrite) -> PupilLine:
    values = row.values
    grade, group = str(values.get("grade") or ""), str(values.get("class_name") or "")
    name = group if not grade or group.startswith(grade[:2]) else f"{grade}{group}"
    return PupilLine(
        name=values["name"][:40], sex=values.get("sex") or "", grade=grade[:20], class_name=name[:40],
        is_boarder=bool(values.get("is_boarder")),
    )  # fmt: skip


def _recorded(
    work: Work,
    model: Any,
    new: Callable[[OrgUnit, Sequence[RowToWrite]], Iterable[Any]],
    correct: Callable[[Any, RowToWrite], Any],
) -> list[Outcome]:
    """New rows school by school in one go, corrected ones each by itself."""
    outcomes: dict[int, Outcome] = {}
    fresh: dict[int, list[int]] = defaultdict(list)
    before: dict[UUID, Any] = {
        row.public_id: row
        for row in model.objects.filter(public_id__in=[row.replaces for row in work.rows if row.replaces])
    }
    for n, row in enumerate(work.rows):
        known = before.get(row.replaces) if row.replaces else None
        if known is None:
            fresh[row.org.pk].append(n)
            continue
        try:
            outcomes[n] = Outcome(correct(known, row).public_id)
        except Refused as refusal:
            outcomes[n] = Outcome(None, _refusal(refusal))
    for numbers in fresh.values():
        rows = [work.rows[n] for n in numbers]
        try:
            made = new(rows[0].org, rows)
        except Refused as refusal:
            outcomes |= {n: Outcome(None, _refusal(refusal)) for n in numbers}
        else:
            outcomes |= {n: Outcome(each.public_id) for n, each in zip(numbers, made, strict=True)}
    return [outcomes[n] for n in range(len(work.rows))]
