"""What is not put right in time climbs: the answerable post, the posts above, the head of school, then the offices above."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import urlencode

from django.db.models import Exists, F, Max, OuterRef
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.notices.actions import Note, notify_each
from houqin.core.notices.models import Notice
from houqin.core.people.models import Account
from houqin.core.policies.rules import Value
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.climbing import MOST_LEVELS, Rung, ladders
from houqin.flows.duties.policies import QUIET_FROM, QUIET_UNTIL
from houqin.flows.duties.reminding_readers import accounts_of_people, is_quiet, settings_of
from houqin.flows.rectify.days import is_working
from houqin.flows.rectify.models import Climb, Finding, FindingState, Severity
from houqin.flows.rectify.policies import CLIMB_DAYS, CLIMB_LEVELS, CLIMB_SERIOUS_DAYS
from houqin.flows.rectify.rules import levels_reached, working_days_late

MANY = 1_000
_CODES = (CLIMB_DAYS, CLIMB_SERIOUS_DAYS, CLIMB_LEVELS, QUIET_FROM, QUIET_UNTIL)
titled({"rectify.climbed": _("Overdue findings told one level higher")})


@dataclass(frozen=True)
class Step:
    """A finding that has come to a level: who is told there, after how many working days."""

    row: Finding
    due_on: date
    level: int
    late: int
    rung: Rung


@verb
def tell_next_levels(*, by: Viewer) -> int:
    """Tell the next level of every finding that is overdue for so long; how many steps. Two workers never tell twice."""
    if not by.is_system:
        raise Refused(_("Overdue findings climb by themselves."))
    late: Callable[[date], int] = cache(lambda due: working_days_late(due, by.today, is_working))
    told, last = 0, 0
    while rows := _overdue(by.today, last):
        last = rows[-1].pk
        told += _tell(list(_steps(rows, by, late)), by)
    if told:
        record("rectify.climbed", None, by=by, org=None, count=told)
    return told


def _overdue(today: date, after: int) -> list[Finding]:
    """The next ones of which not every level has been told of their day, locked. With a later day it begins anew."""
    all_told = Climb.objects.filter(finding=OuterRef("pk"), due_on=OuterRef("due_on"), level__gte=MOST_LEVELS)
    rows = Finding.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        ~Exists(all_told), state=FindingState.ORDERED, due_on__lt=today, pk__gt=after
    )
    return list(rows.select_related("org").order_by("pk")[:MANY])


def _steps(rows: Sequence[Finding], by: Viewer, late: Callable[[date], int]) -> Iterator[Step]:
    """The levels to which each has come since the last time, as far as somebody stands there."""
    settings = settings_of(_CODES, {row.org_id for row in rows})
    known = _told(rows)
    ready = [
        (row, level)
        for row in rows
        if row.due_on and not is_quiet(by.now, settings[row.org_id])
        for level in range(
            known.get((row.pk, row.due_on), 0) + 1, _reached(row, settings[row.org_id], late(row.due_on)) + 1
        )
    ]
    above = ladders({(row.org_id, row.post) for row, _level in ready}, by.today)
    people = accounts_of_people({row.person_id for row, _level in ready if row.person_id})
    for row, level in ready:
        rungs = _with_person(above[row.org_id, row.post], people.get(row.person_id or 0))
        if level <= len(rungs) and row.due_on:
            yield Step(row, row.due_on, level, late(row.due_on), rungs[level - 1])


def _told(rows: Sequence[Finding]) -> dict[tuple[int, date], int]:
    """Up to which level each was told of a day by which it was to be put right. One query, after they are locked."""
    found = Climb.objects.filter(finding__in=[row.pk for row in rows]).order_by().values_list("finding_id", "due_on")
    return {(pk, due): level for pk, due, level in found.annotate(most=Max("level"))}


def _reached(row: Finding, settings: dict[str, Value], late: int) -> int:
    code = CLIMB_SERIOUS_DAYS if row.severity >= Severity.SERIOUS or row.red_line else CLIMB_DAYS
    return levels_reached(late, int(settings[code]), min(int(settings[CLIMB_LEVELS]), MOST_LEVELS))


def _with_person(rungs: Sequence[Rung], person: Account | None) -> list[Rung]:
    """The ladder with the person who answers for it on its lowest rung; a rung of nobody is left out."""
    first = Rung(rungs[0].post, None, (person,)) if person else rungs[0]
    others = [
        Rung(one.post, one.office, tuple(account for account in one.readers if account != person)) for one in rungs[1:]
    ]
    return [one for one in (first, *others) if one.readers]


def _tell(steps: Sequence[Step], by: Viewer) -> int:
    """Keep each step with whom it told, count it on its finding, and write the notices."""
    Climb.objects.bulk_create(
        Climb(
            finding=step.row, due_on=step.due_on, level=step.level, post=step.rung.post, office_id=step.rung.office,
            told="、".join(str(one) for one in step.rung.readers)[:200], late=step.late, at=by.now,
        )
        for step in steps
    )  # fmt: skip
    reached: dict[int, set[int]] = defaultdict(set)
    for pk, level in {step.row.pk: step.level for step in steps}.items():
        reached[level].add(pk)
    for level, rows in reached.items():
        Finding.objects.filter(pk__in=rows).update(climbed=Greatest(F("climbed"), level))
    notify_each(_notes(steps), by=by)
    return len(steps)


def _notes(steps: Iterable[Step]) -> Iterator[Note]:
    """One notice for each reader and school."""
    by_reader: dict[tuple[int, int], list[Step]] = defaultdict(list)
    accounts: dict[int, Account] = {}
    for step in steps:
        for account in step.rung.readers:
            by_reader[account.pk, step.row.org_id].append(step)
            accounts[account.pk] = account
    for (reader, org), some in by_reader.items():
        with translation.override(accounts[reader].language):
            lines = [_line(step) for step in some]
            title = f"{some[0].row.org.name} · {lines[0]}" + (" …" if len(lines) > 1 else "")
            level = (
                Notice.Level.NOW if any(step.row.severity >= Severity.SERIOUS for step in some) else Notice.Level.SOON
            )
            yield Note(reader, org, title, "\n".join(lines), _address(some), level)


def _line(step: Step) -> str:
    values = {"what": step.row.title, "days": step.late}
    return (
        ngettext("Not put right, %(days)s working day late: %(what)s", "Not put right, %(days)s working days late: %(what)s", step.late)
        % values
    ) + (f" ({gettext('Serious hazard')})" if step.row.severity >= Severity.SERIOUS else "")  # fmt: skip


def _address(some: Sequence[Step]) -> str:
    if len(some) == 1:
        return reverse("rectify:findings-detail", args=[some[0].row.public_id])
    return f"{reverse('rectify:findings')}?{urlencode({'view': 'overdue', 'org': some[0].row.org_id})}"
