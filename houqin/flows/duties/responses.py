"""How long alerts waited until somebody answered them (R-032): by kind and by the level that had to be told. Counts beside.

Everything that has to be answered is a duty, so all of it climbs by the same local rules. A duty made when something
happened (a warning, a value out of limits, a report from a toilet) waits from then; any other becomes an alert when its
window is over and waits from there. The middle is the median: of an even number the mean of the middle two.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import F, Q

from houqin.core.orgs.models import OrgUnit
from houqin.flows.duties.models import Duty, DutyState, Step
from houqin.flows.duties.registry import rules_on
from houqin.flows.duties.reminding import Bundle
from houqin.flows.duties.schedule import Every

RED, OVERDUE = "red", "overdue"
_READ = ("pk", "org_id", "rule", "post", "person_id", "day", "opens_at", "due_at", "red_line", "state", "done_at")


@dataclass(frozen=True)
class Alert:
    """One alert: its kind (the code of the rule that answers it, else red or overdue) and the highest level told of it.

    ``waited`` is until its answer; open, until now. ``row`` is the duty.
    """

    row: int
    org: int
    rule: str
    kind: str
    level: int
    since: datetime
    waited: timedelta
    is_answered: bool


@dataclass(frozen=True)
class Waits:
    """Alerts that belong together: how many, how many answered, how long these waited, how many still wait."""

    key: Any
    count: int
    answered: int
    middle: timedelta | None
    worst: timedelta | None
    open: int
    longest: timedelta | None


def alerts(orgs: Collection[int], first: date, last: date, now: datetime) -> list[Alert]:
    """The alerts of these units in a span of days, the newest first. Three queries, however many."""
    events = [code for code, rule in rules_on(last).items() if any(one.every == Every.EVENT for one in rule.schedules)]
    rows = Duty.objects.filter(org__in=orgs, day__range=(first, last)).exclude(
        state__in=(DutyState.EXCUSED, DutyState.SUSPENDED)
    )
    late = Q(state=DutyState.DONE, done_at__gt=F("due_at")) | Q(state=DutyState.OPEN, due_at__lt=now)
    came = Q(rule__in=events, opens_at__lte=now)
    found = [_Row(*one) for one in rows.filter(late | came).order_by("-due_at", "-pk").values_list(*_READ)]
    levels = _levels(orgs, {one.day for one in found})
    return [_alert(one, levels, frozenset(events), now) for one in found]


@dataclass(frozen=True)
class _Row:
    pk: int
    org_id: int
    rule: str
    post: str
    person_id: int | None
    day: date
    opens_at: datetime
    due_at: datetime
    red_line: bool
    state: str
    done_at: datetime | None

    @property
    def key(self) -> str:
        """What its steps up are recorded under."""
        return Bundle(self.org_id, self.post, self.person_id, self.day, self.due_at, self.red_line, self.opens_at).key


def _levels(orgs: Collection[int], days: Collection[date]) -> dict[tuple[int, date, str], int]:
    """The highest level that was told of each bundle of overdue duties. One query."""
    found: dict[tuple[int, date, str], int] = defaultdict(int)
    steps = Step.objects.filter(kind=Step.Kind.CLIMBED, org__in=orgs, day__in=days) if days else Step.objects.none()
    for org, day, key in steps.values_list("org_id", "day", "key"):
        level, _bar, bundle = key.partition("|")
        found[org, day, bundle] = max(found[org, day, bundle], int(level))
    return found


def _alert(row: _Row, levels: dict[tuple[int, date, str], int], events: frozenset[str], now: datetime) -> Alert:
    came = row.rule in events
    since = row.opens_at if came else row.due_at
    kind = row.rule if came else RED if row.red_line else OVERDUE
    until = row.done_at if row.state == DutyState.DONE and row.done_at else now
    level = levels.get((row.org_id, row.day, row.key), 0)
    return Alert(
        row.pk, row.org_id, row.rule, kind, level, since, max(until - since, timedelta()), row.state == DutyState.DONE
    )


def waits(found: Iterable[Alert], by: str) -> list[Waits]:
    """The alerts by ``kind``, ``level`` or ``org``, each with its counts, the middle and the worst."""
    groups: dict[Any, list[Alert]] = defaultdict(list)
    for one in found:
        groups[getattr(one, by)].append(one)
    return [summed(key, some) for key, some in sorted(groups.items())]


def summed(key: Any, some: Sequence[Alert]) -> Waits:
    """One line of counts and times."""
    answered = [one.waited for one in some if one.is_answered]
    still = [one.waited for one in some if not one.is_answered]
    middle = timedelta(seconds=median(one.total_seconds() for one in answered)) if answered else None
    return Waits(
        key, len(some), len(answered), middle, max(answered, default=None), len(still), max(still, default=None)
    )


def in_tree_order(orgs: Iterable[OrgUnit], found: Sequence[Alert]) -> list[tuple[OrgUnit, Waits]]:
    """A line for each school, in the order of the tree: no league."""
    by_org = {one.key: one for one in waits(found, "org")}
    return [(org, by_org.get(org.pk) or summed(org.pk, [])) for org in sorted(orgs, key=lambda one: one.path)]
