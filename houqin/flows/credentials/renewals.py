"""Laying out the duties to renew what ends: one duty for each paper and end, whose window moves on at each reminder.

From sixty days before the end it is open until thirty days before, then until seven, then until the end itself. As it is
the same duty that moves on, nobody misses three for one paper; what is missed is missed at the end.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from houqin.core.orgs.models import OrgUnit, paths_down
from houqin.core.people.catalogue import PostKind
from houqin.core.people.posts import holdings, post_kinds
from houqin.core.places.models import Place
from houqin.core.policies.registry import values_of
from houqin.core.scope.models import within
from houqin.core.scope.viewer import Viewer, system_viewer
from houqin.flows.credentials.catalogue import CredentialKind
from houqin.flows.credentials.duties import OTHERWISE, PREFIX
from houqin.flows.credentials.kinds import kinds_on
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.policies import RENEWED_WHEN_VERIFIED
from houqin.flows.credentials.queries import still_there
from houqin.flows.credentials.rules import Stage, stage_on
from houqin.flows.duties.completing import complete
from houqin.flows.duties.models import Duty, DutyState, OwnWindow
from houqin.flows.duties.planning import Asked, Plan
from houqin.flows.duties.policies import DAYS_AHEAD
from houqin.flows.duties.rules import Window
from houqin.flows.duties.writing import hold_writers, write

CHUNK = 1_000
AFTER_END = timedelta(days=31)
"""What ended longer ago is not asked for any more: it stands on the board, and gates know it."""
LATE = timedelta(days=7)
"""Time to renew what had ended already when it came to be known."""
SOON = timedelta(days=200)
"""Before this nothing is asked for, whatever the kind; the job that runs several times a day looks at all."""
OPENS, DUE = time(6), time(18)

Key = tuple[int, str, int, str]
"""School, kind, holder, end: what tells one duty from another, whatever its window."""


@dataclass
class Wanted:
    """What is asked now: the window of each duty and the post that does it."""

    stages: dict[Key, Stage] = field(default_factory=dict)
    posts: dict[Key, str] = field(default_factory=dict)


def lay_out(now: datetime) -> int:
    """Bring the duties of every school up to date; how many rows were made, moved, done or taken away.

    Set-based: a thousand schools at a time, and twice changes nothing more.
    """
    by = system_viewer(now=now)
    changed = _remove(_open().filter(org__closed_on__isnull=False, day__gte=by.today - AFTER_END))
    units = list(OrgUnit.objects.schools().filter(closed_on__isnull=True).order_by("path"))
    for start in range(0, len(units), CHUNK):
        some = units[start : start + CHUNK]
        with transaction.atomic():
            hold_writers([unit.pk for unit in some])
            changed += _settle(some, by=by)
    return changed


def follow_up(holders: Iterable[int], *, by: Viewer, at: OrgUnit | None = None) -> None:
    """Bring the duties about these holders up to date, in the transaction of the deed that changed what they hold.

    ``at`` is the unit that keeps the paper: a firm's are kept by every school it brings goods to. None: wherever kept.
    """
    ids = set(holders)
    if not _concerned(ids, by.today):
        return
    rows = Credential.objects.filter(holder__in=ids).order_by()
    paths = {at.path} if at else set(rows.values_list("org__path", flat=True).distinct())
    upward = {one for path in paths for one in paths_down(path)}
    units = list(OrgUnit.objects.schools().filter(path__in=upward, closed_on__isnull=True).order_by("path"))
    if units:
        _settle(units, by=by, holders=ids)


def _concerned(holders: Collection[int], today: date) -> bool:
    """Whether anything of theirs ends before long, or was asked for: most deeds are about neither. Two queries."""
    soon = Credential.objects.filter(
        holder__in=holders, expires_on__gte=today - AFTER_END, expires_on__lte=today + SOON
    )
    asked = Duty.objects.filter(rule__startswith=PREFIX, about_key__in=holders, day__gte=today - AFTER_END)
    return bool(soon.exists() or asked.exists())


def _settle(units: Sequence[OrgUnit], *, by: Viewer, holders: Collection[int] | None = None) -> int:
    """Compare what is asked with what is laid out, and change what differs."""
    kinds = kinds_on(by.today)
    wanted = _wanted(units, kinds, by.today, holders)
    laid: dict[Key, list[Duty]] = defaultdict(list)
    rows = Duty.objects.filter(org__in=units, rule__startswith=PREFIX, day__gte=by.today - AFTER_END)
    for row in (rows if holders is None else rows.filter(about_key__in=holders)).order_by("pk"):
        laid[row.org_id, row.rule.removeprefix(PREFIX), row.about_key, row.slot].append(row)
    gone = {key: some for key, some in laid.items() if key not in wanted.stages and _is_open(some)}
    return _finish(gone, units, kinds, by=by) + _write(wanted, laid, kinds, by) + _move(wanted, laid, kinds, by.today)


# What is asked -------------------------------------------------------------------------------------------------------------


def _wanted(
    units: Sequence[OrgUnit], kinds: dict[str, CredentialKind], today: date, holders: Collection[int] | None
) -> Wanted:
    ahead = values_of(DAYS_AHEAD, units)
    reminded = {code: kind.reminders for code, kind in kinds.items() if kind.reminders}
    longest = max((max(days) for days in reminded.values()), default=0) + max(map(int, ahead.values()), default=0)
    between = Q(expires_on__gte=today - AFTER_END, expires_on__lte=today + timedelta(days=longest))
    scrapped = Place.objects.filter(closed_on__isnull=False).values("subject")
    passing = Q(holder__kind="lot") | Q(about__kind="lot") | Q(holder__in=scrapped)
    rows: QuerySet[Any] = (
        Credential.objects.standing().filter(between, still_there(), kind__in=reminded).exclude(passing)
    )
    rows = _kept_at(rows if holders is None else rows.filter(holder__in=holders), units)
    schools = _by_path(units)
    found, persons = Wanted(), {}
    for path, holder, person, kind, end in rows.order_by("pk").values_list(
        "org__path", "holder_id", "holder__person_id", "kind", "expires_on"
    ):
        unit = _school(schools, path)
        stage = stage_on(end, today, reminded[kind], ahead=int(ahead[unit.pk])) if unit else None
        if unit is None or stage is None:
            continue
        key = (unit.pk, kind, holder, end.isoformat())
        found.stages[key] = stage
        if person is not None:
            persons[key] = person
    found.posts = _posts(found.stages, persons, kinds, today)
    return found


def _kept_at(rows: QuerySet[Any], units: Sequence[OrgUnit]) -> QuerySet[Any]:
    """Those of few schools by their paths; of many, from the first to the last of them."""
    if len(units) <= 50:
        return rows.filter(within("org__path", tuple(unit.path for unit in units)))
    return rows.filter(org__path__gte=units[0].path, org__path__lt=f"{units[-1].path}~")


def _posts(
    keys: Iterable[Key], persons: dict[Key, int], kinds: dict[str, CredentialKind], today: date
) -> dict[Key, str]:
    """Who renews: the post that the school chose, that the kind names, or the one above the holder's post."""
    posts = post_kinds(today)
    asking = {code: {one.code for one in posts.values() if _asked_of(one, kind)} for code, kind in kinds.items()}
    held: dict[int, list[str]] = defaultdict(list)
    if persons:
        rows = holdings(today).filter(person__in=set(persons.values())).order_by("is_deputy", "from_on", "pk")
        for person, code in rows.values_list("person", "post__kind"):
            held[person].append(code)
    own = OwnWindow.objects.filter(rule__startswith=PREFIX, ended_at__isnull=True).exclude(post="")
    chosen = {(row.org_id, row.rule.removeprefix(PREFIX)): row.post for row in own}
    found = {}
    for key in keys:
        org, code, _holder, _end = key
        mine = [one for one in held.get(persons.get(key, 0), []) if one in asking[code]]
        above = [posts[one].superior for one in (mine or sorted(asking[code], key=list(posts).index)) if one in posts]
        found[key] = chosen.get((org, code)) or kinds[code].post or next(filter(None, above), OTHERWISE)
    return found


def _asked_of(post: PostKind, kind: CredentialKind) -> bool:
    return bool({kind.code, *kind.stands_for} & set(post.requires))


# What is changed -----------------------------------------------------------------------------------------------------------


def _write(wanted: Wanted, laid: dict[Key, list[Duty]], kinds: dict[str, CredentialKind], by: Viewer) -> int:
    """Make those that are not there; what was excused is asked again when its next window opens."""
    plan = Plan()
    for key, stage in wanted.stages.items():
        rows = laid.get(key, [])
        if not _is_open(rows) and all(row.day < stage.due for row in rows):
            org, kind, holder, end = key
            due = stage.due if stage.due >= by.today else by.today + LATE
            opens = max(stage.opens, by.today)
            window = Window(due, end, datetime.combine(opens, OPENS), datetime.combine(due, DUE))
            red = _is_red(kinds[kind], stage)
            plan.add(Asked(f"{PREFIX}{kind}", wanted.posts[key], red, DutyState.OPEN.value, window), [org], holder)
    return write(plan)


def _move(wanted: Wanted, laid: dict[Key, list[Duty]], kinds: dict[str, CredentialKind], today: date) -> int:
    """Give open ones their next window and their post of today; one UPDATE for all that become alike."""
    alike: dict[tuple[Stage, str, bool, bool], list[Duty]] = defaultdict(list)
    for key, stage in wanted.stages.items():
        for row in laid.get(key, []):
            if row.state == DutyState.OPEN and (row.day < stage.due or row.post != wanted.posts[key]):
                alike[stage, wanted.posts[key], _is_red(kinds[key[1]], stage), row.day < stage.due].append(row)
    for (stage, post, red, is_next), rows in alike.items():
        values: dict[str, Any] = {"post": post}
        if is_next:
            values |= {"day": stage.due, "due_at": _moment(stage.due, DUE), "red_line": red}
            values |= {"opens_at": _moment(max(stage.opens, today), OPENS)}
        _open().filter(day__gte=today - AFTER_END, pk__in=[row.pk for row in rows]).update(**values)
    return sum(map(len, alike.values()))


def _finish(
    gone: dict[Key, list[Duty]], units: Sequence[OrgUnit], kinds: dict[str, CredentialKind], *, by: Viewer
) -> int:
    """What is not asked any more: done where it has begun and the paper was renewed, else taken away."""
    if not gone:
        return 0
    renewals = _renewals(gone, units)
    strict = {org: bool(value) for org, value in values_of(RENEWED_WHEN_VERIFIED, units).items()}
    schools = {unit.pk: unit for unit in units}
    needless: list[int] = []
    finished = 0
    for key, rows in gone.items():
        org, kind, holder, _end = key
        renewal = renewals.get(key)
        if renewal is not None and strict[org] and kinds[kind].verified and renewal[1] is None:
            continue  # the renewal waits for its second look
        for row in (row for row in rows if row.state in (DutyState.OPEN, DutyState.SUSPENDED)):
            if renewal is None or row.opens_at > by.now:
                needless.append(row.pk)
                continue
            complete(
                schools[org], by=by, rule=row.rule, day=row.day, slot=row.slot, about_ids=[holder], until=row.day,
                evidence_id=renewal[0],
            )  # fmt: skip
            finished += 1
    return finished + _remove(_open().filter(day__gte=by.today - AFTER_END, pk__in=needless))


def _renewals(gone: Iterable[Key], units: Sequence[OrgUnit]) -> dict[Key, tuple[UUID, datetime | None]]:
    """The credentials that came after those of which a duty knows school, kind, holder and end."""
    keys, schools = list(gone), _by_path(units)
    rows = Credential.objects.filter(
        revoked_at__isnull=True, renews__holder__in={key[2] for key in keys}, renews__kind__in={key[1] for key in keys}
    )
    found: dict[Key, tuple[UUID, datetime | None]] = {}
    for path, kind, holder, end, made, verified in rows.values_list(
        "org__path", "renews__kind", "renews__holder_id", "renews__expires_on", "public_id", "verified_at"
    ):
        unit = _school(schools, path)
        if unit is not None and end is not None:
            found[unit.pk, kind, holder, end.isoformat()] = made, verified
    return found


def _by_path(units: Iterable[OrgUnit]) -> dict[str, OrgUnit]:
    return {unit.path: unit for unit in units}


def _school(schools: dict[str, OrgUnit], path: str) -> OrgUnit | None:
    """The school that a unit is, or is a part of."""
    return next((schools[one] for one in reversed(paths_down(path)) if one in schools), None)


def _open() -> QuerySet[Duty]:
    rows: QuerySet[Duty] = Duty.objects.filter(rule__startswith=PREFIX, state__in=[DutyState.OPEN, DutyState.SUSPENDED])
    return rows


def _is_open(rows: Iterable[Duty]) -> bool:
    return any(row.state in (DutyState.OPEN, DutyState.SUSPENDED) for row in rows)


def _remove(rows: QuerySet[Duty]) -> int:
    return int(rows.delete()[0])


def _is_red(kind: CredentialKind, stage: Stage) -> bool:
    """A red line only where its end stops somebody or something, and only in the last window."""
    return bool(kind.gate) and stage.is_last


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
