"""Opening a finding: by a person, from a visit, or from a record that shows what is wrong. One door for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.events.bus import emit
from houqin.core.files.actions import keep_photo
from houqin.core.files.models import StoredFile
from houqin.core.files.pictures import Upload
from houqin.core.orgs.acting import own_unit
from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.policies.registry import standing
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer, covers
from houqin.core.subjects.models import Subject
from houqin.core.tables.ids import uuid7
from houqin.flows.rectify.actions.settling import answer_causes, release_sealed
from houqin.flows.rectify.actions.sides import acts_as_office, is_pressed, is_weighty, put_it_right
from houqin.flows.rectify.days import every_day, is_working
from houqin.flows.rectify.models import Cause, CauseKind, Finding, FindingState, Look, LookPhoto, Severity
from houqin.flows.rectify.policies import DAYS, EVERY_DAY_FROM
from houqin.flows.rectify.rules import A_YEAR, due_day, numbered
from houqin.flows.seals.chaining import hold

OPENED = "rectify.opened"
HEARD = frozenset({CauseKind.COMPLAINT, CauseKind.NOTICE})
KEPT = 120
titled(
    {
        OPENED: _("Finding opened"),
        "rectify.seen_again": _("Found again while it was open"),
        "rectify.voided": _("Finding taken back"),
    }
)


@dataclass(frozen=True)
class Found:
    """What was found: ``standard`` is how it should be, ``topic`` what tells that it is the same thing again.

    ``days``: working days that this very thing takes; none: as its severity says.
    """

    title: str
    detail: str = ""
    standard: str = ""
    basis: str = ""
    severity: Severity = Severity.MINOR
    red_line: bool = False
    topic: str = ""
    post: str = ""
    days: int | None = None


@dataclass(frozen=True)
class Source:
    """The record that shows it: its kind (of ``CauseKind``), a key that is never used twice, where it opens.

    ``campaign``: public id of the campaign to which it belongs, so that the three lists print for one campaign.
    """

    kind: str
    key: str
    at: datetime
    label: str = ""
    address: str = ""
    campaign: str = ""


@dataclass(frozen=True)
class Heard:
    """What somebody was told: as a complaint or by another department, in which words, under which number of theirs."""

    kind: CauseKind
    words: str
    number: str = ""


@verb
def report_finding(
    org: OrgUnit, *, by: Viewer, found: Found, place: str = "", photo: Upload | None = None, heard: Heard | None = None
) -> Finding:
    """Report what somebody saw, or was told. What an office reports is ordered at once and looked at again by it; what a
    school reports itself is ordered by its head. A complaint or notice with a number is written down once."""
    unit = own_unit(by, "rectify.find", org)
    source = None
    if heard is not None:
        if heard.kind not in HEARD:
            raise Refused(_("A record of its own tells of this. Choose a complaint or a notice."), field="came")
        if not heard.words.strip():
            raise Refused(_("Write who told it, and how."), field="told")
        number = heard.number.strip()[:KEPT] or str(uuid7())
        label = " ".join(filter(None, [heard.words.strip(), heard.number.strip()]))
        source = Source(heard.kind, f"{heard.kind}:{number}", by.moment, label)
    return open_finding(
        org, by=by, found=found, source=source, place=place, unit=unit, photo=photo, ordered=unit.pk != org.pk
    )


@verb
def open_finding(
    org: OrgUnit,
    *,
    by: Viewer,
    found: Found,
    source: Source | None = None,
    about: Subject | None = None,
    place: str = "",
    unit: OrgUnit | None = None,
    photo: Upload | None = None,
    photos: Sequence[StoredFile] = (),
    ordered: bool = False,
) -> Finding:
    """Open a finding at a unit; ``unit`` found it (its own, when nobody else did).

    The same cause again gives the same finding. Another cause of the same topic and thing, while that finding is open,
    is written beside it, with what was seen now. ``ordered``: the time by which it is put right runs from today, as local rules set it.
    """
    if not by.is_system:
        require(by, "rectify.find", at=org)
    hold(org)
    if source is not None:
        known = Cause.objects.filter(org=org, key=source.key).select_related("finding__org").first()
        if known is not None:
            opened: Finding = known.finding
            return opened
    typed = source is not None and source.kind == CauseKind.VISIT
    before = _before(org, found.topic, about, None if typed else place, by.today)
    open_now = before is not None and before.is_open and (not typed or before.place == place[:120])
    if source is not None and before is not None and open_now and (before := locked(before)).is_open:
        _seen_again(before, by, found, source, unit or org, photo, photos)
        return before
    row = Finding(
        org=org, number=numbered(by.today, Finding.objects.filter(org=org, day=by.today).count()), day=by.today,
        found_at=by.moment, found_by_id=by.account_id, found_org=unit or org, about=about, place=place[:120],
        topic=found.topic, title=found.title[:200], detail=found.detail, standard=found.standard[:300],
        basis=found.basis[:300], severity=found.severity, red_line=found.red_line, post=found.post, repeats=before,
        nth=before.nth + 1 if before else 1,
    )  # fmt: skip
    if ordered:
        set_going(row, by.today, days=found.days)
    row.save()
    if source is not None:
        _caused(row, source)
    look_at(row, Look.Kind.FOUND, by=by, unit=row.found_org, remark="", photo=photo, photos=photos)
    record(OPENED, row, by=by, org=org, cause=source.label if source else "")
    emit(OPENED, by=by, org=org, subject=row)
    return row


def _before(org: OrgUnit, topic: str, about: Subject | None, place: str | None, today: date) -> Finding | None:
    """The newest finding of the same topic and thing here within a year; ``place`` None: wherever it was, since inspectors type
    the place in words of their own."""
    if not topic:
        return None
    rows = Finding.objects.filter(org=org, topic=topic, day__gt=today - A_YEAR)
    if place is not None:
        rows = rows.filter(about=about) if about else rows.filter(about=None, place=place[:120])
    found: Finding | None = rows.exclude(state=FindingState.VOID).order_by("-found_at", "-pk").first()
    return found


def set_going(
    row: Finding, today: date, due_on: date | None = None, check_org: OrgUnit | None = None, days: int | None = None
) -> None:
    """Order it in memory: the day by which it is put right, and who looks again, as local rules say unless given.

    ``days`` take the place of those of the severity, as long as no unit has set fewer.
    """
    row.state = FindingState.ORDERED
    row.due_on = due_on or allowed_until(row, today, days)
    if check_org is not None:
        row.check_org = check_org
    elif not _office_looks_again(row):
        row.check_org = _who_looks_again(row)


def allowed_until(row: Finding, today: date, days: int | None = None) -> date:
    """The last day by which local rules let it be put right when it is ordered today: a red line as a serious hazard.

    ``days`` as of ``set_going``.
    """
    weight = Severity.SERIOUS if row.red_line else Severity(row.severity)
    held = standing([DAYS[weight], EVERY_DAY_FROM], [row.org])[row.org_id]
    counts = every_day if weight >= int(held[EVERY_DAY_FROM].value) else is_working
    rule = held[DAYS[weight]]
    allowed = int(rule.value) if days is None else min(days, int(rule.value)) if rule.setting else days
    return due_day(today, allowed, counts)


def _office_looks_again(row: Finding) -> bool:
    return row.check_org is not None and row.check_org.kind in OFFICES


def _who_looks_again(row: Finding) -> OrgUnit:
    """The office that found it; at what is weighty, or what another school found, the nearest office above; else the unit.

    Another school never looks again, not even at what it found in a cross-check.
    """
    if row.found_org.kind in OFFICES or (covers(row.found_org.path, row.org.path) and not is_weighty(row)):
        return row.found_org
    offices = OrgUnit.objects.filter(path__in=row.org.ancestor_paths, kind__in=OFFICES, closed_on__isnull=True)
    return offices.order_by("-path").first() or row.org


def look_at(
    row: Finding,
    kind: Look.Kind,
    by: Viewer,
    *,
    unit: OrgUnit,
    remark: str,
    photo: Upload | None = None,
    photos: Sequence[StoredFile] = (),
) -> Look:
    """Write down one look at a finding, with a photo just taken or with those that are kept already."""
    look = Look.objects.create(finding=row, kind=kind, remark=remark, at=by.moment, account_id=by.account_id, unit=unit)
    files = list(photos)
    if photo is not None:
        stamp = f"{row.org.name} · {row.place or row.title}"
        name = f"{row.number} {look.get_kind_display()}"
        files.append(keep_photo(row.org, by=by, upload=photo, permission="rectify.view", name=name, stamp=stamp[:120]))
    LookPhoto.objects.bulk_create(LookPhoto(look=look, file=file) for file in files)
    return look


def _seen_again(
    row: Finding,
    by: Viewer,
    found: Found,
    source: Source,
    unit: OrgUnit,
    photo: Upload | None,
    photos: Sequence[StoredFile],
) -> None:
    """Another cause of what is open: what was seen stands beside it, the graver weight holds, the office that saw it looks
    again. What was reported as put right is not, unless it was seen before that report."""
    _caused(row, source)
    was = {"severity_before": row.severity, "state_before": row.state}
    if row.state == FindingState.REPORTED and not row.looks.filter(kind=Look.Kind.FIXED, at__gt=source.at).exists():
        row.state, row.returned = FindingState.ORDERED, row.returned + 1
    _weigh_graver(row, found, by.today)
    if unit.kind in OFFICES and not _office_looks_again(row):
        row.check_org = unit
    row.save(update_fields=["state", "returned", "severity", "red_line", "due_on", "check_org"])
    if by.account_id or found.detail or photo or photos:
        look_at(row, Look.Kind.FOUND, by=by, unit=unit, remark=found.detail, photo=photo, photos=photos)
    record(
        "rectify.seen_again", row, by=by, org=row.org, cause=source.label, severity=int(row.severity), state=row.state, **was
    )  # fmt: skip


def _weigh_graver(row: Finding, found: Found, today: date) -> None:
    """The graver of both weights holds in memory; of what is ordered the day and who looks again follow from it."""
    before = row.severity, row.red_line
    row.severity, row.red_line = max(row.severity, found.severity), row.red_line or found.red_line
    if row.due_on is None or before == (row.severity, row.red_line):
        return
    row.due_on = min(row.due_on, allowed_until(row, today, found.days))
    if not _office_looks_again(row):
        row.check_org = _who_looks_again(row)


def _caused(row: Finding, source: Source) -> Cause:
    made: Cause = Cause.objects.create(
        finding=row, org=row.org, kind=source.kind, key=source.key, label=source.label[:200], address=source.address,
        campaign=source.campaign, at=source.at,
    )  # fmt: skip
    return made


@verb
def void_finding(finding: Finding, *, by: Viewer, reason: str) -> Finding:
    """Take back a finding that was opened by mistake. It stays on record with its reason, and counts no more.

    Once ordered it is taken back by whoever would look again, not by who put it right.
    """
    row = locked(finding)
    require(by, "rectify.order", at=row.found_org)
    if not row.is_open:
        raise Refused(_("This finding is settled already: %(state)s.") % {"state": row.get_state_display()})
    if not reason.strip():
        raise Refused(_("Write the reason."), field="reason")
    _may_take_back(row, by)
    row.state, row.closed_at, row.closed_why = FindingState.VOID, by.now, reason.strip()[:200]
    row.save(update_fields=["state", "closed_at", "closed_why"])
    release_sealed(row, by, reason)
    answer_causes(row, by, reason)
    record("rectify.voided", row, by=by, org=row.org, reason=reason)
    return row


def _may_take_back(row: Finding, by: Viewer) -> None:
    """Stop whoever it binds: what is ordered, or what an office looks at again, is not theirs alone."""
    unit = row.check_org or row.org
    if row.state == FindingState.FOUND and unit.pk == row.org_id:
        return
    if not by.may("rectify.recheck", unit.path):
        raise Refused(_("%(unit)s looks again at this, and takes it back if it is a mistake.") % {"unit": unit})
    if put_it_right(by, row):
        raise Refused(_("Whoever put it right does not take it back. Ask somebody else of your unit."))
    if not acts_as_office(by, "rectify.recheck", row.org) and is_pressed(row):
        raise Refused(_("It is serious, supervised or late: the office above takes it back. Tell them why."))


def locked(finding: Finding) -> Finding:
    """The finding as it stands, held until the verb is over."""
    Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    row: Finding = Finding.objects.select_related(
        "org", "found_org", "check_org", "supervised_by", "person", "subject"
    ).get(pk=finding.pk)
    return row
