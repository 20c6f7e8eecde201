"""What somebody wrote down, before it is sealed: is it complete, possible, in time; what of it is out of order."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Person, Pupil
from houqin.core.places.models import Place
from houqin.core.policies.registry import standing
from houqin.core.scope.models import within
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import Viewer, covers
from houqin.core.subjects.models import Subject
from houqin.flows.ledgers.columns import Column
from houqin.flows.ledgers.definitions import Resolved
from houqin.flows.ledgers.policies import BACK_DAYS, NIGHT_UNTIL
from houqin.flows.ledgers.rules.judging import LINE, REMARK, Doubt, Finding, doubts, findings, missing
from houqin.flows.ledgers.rules.timing import When, clock_is_ahead, is_ahead, stands
from houqin.flows.ledgers.values import TEXT, Untypable, checked
from houqin.flows.ledgers.words import doubts_in_words, title_of, wanted
from houqin.ui import formats

MOST_LINES = 1000


class Implausible(Refused):
    """Values that are hardly possible: they are asked again, and taken when their keys are ``confirmed``."""

    def __init__(self, message: str, doubts: Sequence[Doubt]) -> None:
        super().__init__(message, field=doubts[0].key)
        self.doubts = tuple(doubts)


@dataclass(frozen=True)
class Draft:
    """One entry as it comes in. ``lines`` hold their values and, under ``line``, whom or what each is about.

    Judging fills ``findings`` with what is out of order and ``sure`` with the hardly possible values that were confirmed.
    """

    resolved: Resolved
    day: date
    values: Mapping[str, Any]
    lines: Sequence[Mapping[str, Any]] = ()
    nothing_to_report: bool = False
    confirmed: Collection[str] = ()
    findings: list[Finding] = field(default_factory=list)
    sure: list[str] = field(default_factory=list)

    def remark_at(self, key: str) -> str:
        """What was done about a value: the remark of its line, else of the entry."""
        number, dot, _code = key.rpartition(".")
        of_line = str(self.lines[int(number)].get(REMARK) or "") if dot else ""
        return of_line or str(self.values.get(REMARK) or "")

    def parts(self) -> Iterator[tuple[str, Sequence[Column], Mapping[str, Any]]]:
        """The head and every line: where it stands, its columns, its values."""
        yield "", self.resolved.columns, self.values
        inner = self.resolved.lines.columns if self.resolved.lines else []
        for number, line in enumerate(self.lines):
            yield f"{number}.", inner, line


def judge(draft: Draft, *, by: Viewer) -> Draft:
    """Refuse in words what cannot be taken; gather what is out of order. No query."""
    _check_shape(draft)
    for at, columns, values in draft.parts():
        _check_values(draft, at, columns, values, by)
    if not draft.nothing_to_report:
        _check_complete(draft)
    odd = [doubt for at, columns, values in draft.parts() for doubt in doubts(columns, values, at=at)]
    draft.sure.extend(doubt.key for doubt in odd if doubt.key in draft.confirmed)
    if open_doubts := [doubt for doubt in odd if doubt.key not in draft.confirmed]:
        raise Implausible(doubts_in_words(open_doubts), open_doubts)
    for at, columns, values in draft.parts():
        draft.findings.extend(findings(columns, values, at, draft.values))
    for found in draft.findings:
        if found.needs_remark and not draft.remark_at(found.key).strip():
            raise Refused(
                _("%(what)s should be: %(wanted)s. Write under remark what was done about it.")
                % {"what": title_of(found.key, found.column), "wanted": wanted(found)},
                field=REMARK,
            )
    return draft


def check_time(org: OrgUnit, draft: Draft, *, by: Viewer, late_because: str, from_paper: bool) -> None:
    """Not ahead of its day, not too long after, and late only with a cause. Asks what holds here only when it is late."""
    captured = localtime(by.moment)
    if draft.day == captured.date() and by.captured_at is None:
        return
    back, night = (0, "00:00") if draft.day >= captured.date() else _how_late(org)
    how = stands(draft.day, captured, by.now, back_days=back, night_until=time.fromisoformat(night))
    if how == When.AHEAD:
        raise Refused(_("This day has not come yet. A ledger is written when the thing was done."), field="day")
    if from_paper or how == When.IN_TIME:
        return
    if how == When.TOO_LATE:
        raise Refused(
            _("This is more than %(count)s days ago. Copy it from the paper ledger, and mark it so.") % {"count": back},
            field="day",
        )
    if not late_because.strip():
        raise Refused(
            _("This is for %(day)s and written later. Say why: power cut, no network, forgotten …")
            % {"day": formats.day(draft.day)},
            field="late_because",
        )


def _how_late(org: OrgUnit) -> tuple[int, str]:
    held = standing([BACK_DAYS, NIGHT_UNTIL], [org])[org.pk]
    return int(held[BACK_DAYS].value), str(held[NIGHT_UNTIL].value)


def check_belongs(org: OrgUnit, about: Subject | None, draft: Draft) -> list[int]:
    """What the entry names is of this unit, else it does not exist here (404). Returns the subjects of its places."""
    if about is not None and about.org_id != org.pk and not covers(org.path, about.org.path):
        raise NotVisible
    place_ids, person_ids = _named(draft)
    subjects: list[int] = []
    if place_ids:
        rows = Place.objects.filter(within("org__path", (org.path,), inherited=True), public_id__in=place_ids)
        subjects = list(rows.values_list("subject_id", flat=True))
        if len(subjects) < len(place_ids):
            raise NotVisible
    if person_ids:
        known = _known_persons(org, person_ids)
        if known < len(person_ids):
            raise NotVisible
    return subjects


def _known_persons(org: OrgUnit, ids: set[str]) -> int:
    """Staff of the unit, of those below and above it (a relief cook of the town), or its pupils."""
    staff = Person.objects.filter(within("org__path", (org.path,), inherited=True), public_id__in=ids).count()
    if staff == len(ids):
        return int(staff)
    return int(staff + Pupil.objects.filter(within("org__path", (org.path,)), public_id__in=ids).count())


def _named(draft: Draft) -> tuple[set[str], set[str]]:
    """Public ids of the places and of the persons that it names."""
    places: set[str] = set()
    persons: set[str] = set()
    of = draft.resolved.lines.of if draft.resolved.lines else ""
    for _at, columns, values in draft.parts():
        for column in columns:
            if column.kind in ("place", "person") and values.get(column.code):
                (places if column.kind == "place" else persons).add(values[column.code]["id"])
        if of in ("places", "staff") and LINE in values:
            (places if of == "places" else persons).add(values[LINE]["id"])
    return places - {""}, persons - {""}


def _check_shape(draft: Draft) -> None:
    lines = draft.resolved.lines
    if draft.nothing_to_report:
        if not draft.resolved.may_be_empty:
            raise Refused(_("This ledger asks for its values: there is always something to report."))
        if draft.lines or any(key != REMARK for key in draft.values):
            raise Refused(_("Nothing to report, or these values: one of the two."))
    elif draft.lines and lines is None:
        raise Refused(_("This ledger has no list."))
    elif lines is not None and not draft.lines:
        raise Refused(_("The list is empty. Fill in a line, or say that there is nothing to report."), field="lines")
    if len(draft.lines) > MOST_LINES:
        raise Refused(_("At most %(count)s lines in one entry.") % {"count": MOST_LINES}, field="lines")


def _check_values(draft: Draft, at: str, columns: Sequence[Column], values: Mapping[str, Any], by: Viewer) -> None:
    by_code = {column.code: column for column in columns}
    for code, value in values.items():
        column = by_code.get(code)
        if column is None:
            _check_reserved(at, code, value)
            continue
        try:
            checked(column, value)
        except Untypable as wrong:
            raise Refused(
                _("%(what)s: %(wrong)s") % {"what": title_of(at + code, column), "wrong": wrong}, field=at + code
            ) from None
        if value is not None and not column.ahead and _lies_ahead(column, value, draft.day, by):
            raise Refused(
                _("%(what)s: this time has not come yet. Write it down when it is done.")
                % {"what": title_of(at + code, column)},
                field=at + code,
            )


def _check_reserved(at: str, code: str, value: Any) -> None:
    """The remark, and whom or what a line is about."""
    if code == REMARK and isinstance(value, str) and len(value) <= TEXT:
        return
    if code == LINE and at and isinstance(value, Mapping) and set(value) == {"id", "name"}:
        return
    raise Refused(_("This ledger has no field “%(code)s”.") % {"code": code}, field=at + code)


def _lies_ahead(column: Column, value: Any, day: date, by: Viewer) -> bool:
    if column.kind == "moment":
        return is_ahead(datetime.fromisoformat(value), by.moment)
    return column.kind == "clock" and clock_is_ahead(day, value, localtime(by.moment))


def _check_complete(draft: Draft) -> None:
    lacking = [one for at, columns, values in draft.parts() for one in missing(columns, values, at, draft.values)]
    if lacking:
        names = formats.listed(title_of(one.key, one.column) for one in lacking[:5])
        raise Refused(_("Not complete. Still to be filled in: %(names)s.") % {"names": names}, field=lacking[0].key)
