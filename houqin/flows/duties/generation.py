"""Laying out duties ahead, in sets; and laying out anew what has not begun when something changes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.jobs.registry import job
from houqin.core.orgs.models import OrgUnit
from houqin.core.policies.registry import value_of, values_of
from houqin.core.scope.models import within
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.duties.planning import Plan, Schools, plan, read_schools
from houqin.flows.duties.policies import DAYS_AHEAD
from houqin.flows.duties.registry import Rule, rules_on
from houqin.flows.duties.schedule import ON_RECORD
from houqin.flows.duties.writing import hold_writers, write

CHUNK = 1_000
AT_ONCE = 60
_DAY = timedelta(days=1)


def generate(first: date, last: date, *, org: OrgUnit | None = None, now: datetime | None = None) -> int:
    """Make the duties whose window is open on some day from ``first`` to ``last``; how many were made.

    For every school, or those at or below ``org``. With ``now`` none is made that would be late already. Twice makes
    nothing more.
    """
    return _generate(list(_units(org)), first, last, now)


def generate_ahead(now: datetime) -> int:
    """Make the duties of the coming days: of each school as many days as its office lays out ahead."""
    today = timezone.localtime(now).date()
    units = list(_units(None))
    ahead = values_of(DAYS_AHEAD, units)
    alike: dict[int, list[OrgUnit]] = defaultdict(list)
    for unit in units:
        alike[int(ahead[unit.pk])].append(unit)
    return sum(_generate(some, today, today + timedelta(days=days), now) for days, some in alike.items())


def _generate(units: Sequence[OrgUnit], first: date, last: date, now: datetime | None) -> int:
    made = 0
    for rules, begins, ends in runs_of_days(first, last):
        for schools in _chunks(units, rules, begins):
            with transaction.atomic():
                hold_writers([unit.pk for unit in schools.units])
                made += write(_still_possible(plan(schools, rules, begins, ends), now))
    return made


def replan(org: OrgUnit, *, by: Viewer, codes: Iterable[str] | None = None) -> None:
    """Lay out anew what has not begun at a unit and below it, after a change: of all rules, or of those named.

    At once for few schools, by a job for many. What is past, begun, done or handed over stays as it is.
    """
    named = None if codes is None else sorted(set(codes))
    if _units(org).count() <= AT_ONCE:
        renew(org, now=by.now, codes=named)
    else:
        lay_out_anew.enqueue(path=org.path, codes=named)


@job(_("Lay out duties anew after a change"))
def lay_out_anew(path: str, codes: list[str] | None = None) -> None:
    """What ``replan`` leaves to a job."""
    renew(OrgUnit.objects.get(path=path), now=timezone.now(), codes=codes)


def renew(org: OrgUnit, *, now: datetime, codes: Sequence[str] | None = None) -> int:
    """What ``replan`` does; how many duties were made or changed."""
    today = timezone.localtime(now).date()
    units = list(_units(org))
    changed = 0
    for rules, begins, ends in runs_of_days(today, today + timedelta(days=int(value_of(DAYS_AHEAD, org)))):
        chosen = [rule for rule in rules if codes is None or rule.code in codes]
        for schools in _chunks(units, chosen, begins):
            wanted = _still_possible(plan(schools, chosen, begins, ends), now)
            with transaction.atomic():
                hold_writers([unit.pk for unit in schools.units])
                gone = _remove_unwanted(schools, wanted, codes, begins, ends, now)
                changed += gone + write(wanted, refresh_after=now)
    return changed


def _units(org: OrgUnit | None) -> QuerySet[OrgUnit]:
    """Schools in use, at or below a unit; of a part of a school, the school."""
    rows: QuerySet[OrgUnit] = OrgUnit.objects.schools().filter(closed_on__isnull=True).order_by("path")
    return rows.filter(within("path", (org.path,)) | Q(path__in=org.ancestor_paths)) if org else rows


def _chunks(units: Sequence[OrgUnit], rules: Sequence[Rule], day: date) -> Iterator[Schools]:
    """The schools in lots that fit into memory with all their duties."""
    for start in range(0, len(units), CHUNK):
        yield read_schools(units[start : start + CHUNK], rules, day)


def runs_of_days(first: date, last: date) -> Iterator[tuple[list[Rule], date, date]]:
    """The days in runs on which the same rules are in force."""
    begins, rules = first, rules_on(first)
    for day in (first + timedelta(days=number) for number in range(1, (last - first).days + 1)):
        following = rules_on(day)
        if following != rules:
            yield _scheduled(rules), begins, day - _DAY
            begins, rules = day, following
    yield _scheduled(rules), begins, last


def _scheduled(rules: dict[str, Rule]) -> list[Rule]:
    return [rule for rule in rules.values() if any(one.every not in ON_RECORD for one in rule.schedules)]


def _still_possible(found: Plan, now: datetime | None) -> Plan:
    """Without those that would be late the moment they are made."""
    if now is None:
        return found
    local = timezone.make_naive(now)
    late = {number for number, one in enumerate(found.asked) if one.window.due <= local}
    return found.without(late) if late else found


def _remove_unwanted(
    schools: Schools, wanted: Plan, codes: Sequence[str] | None, first: date, last: date, now: datetime
) -> int:
    """Take away what nobody has touched, has not begun and is not asked any more. Duties on a record stay."""
    kept = wanted.keys()
    stays = _on_record(first)
    rows = untouched(now).filter(org__in=[unit.pk for unit in schools.units], day__gte=first)
    if codes is not None:
        rows = rows.filter(rule__in=codes)
    keys = rows.values_list("pk", "day", "org_id", "rule", "slot", "about_key", "opens_at")
    until = _start_of(last + _DAY)
    gone = [
        pk for pk, *key, opens_at in keys.iterator() if opens_at < until and key[2] not in stays and tuple(key) not in kept
    ]  # fmt: skip
    removed = 0
    for start in range(0, len(gone), CHUNK):
        removed += untouched(now).filter(day__gte=first, pk__in=gone[start : start + CHUNK]).delete()[0]
    return removed


def untouched(now: datetime) -> QuerySet[Duty]:
    """Duties that have not begun and that nobody has done, handed over or remarked upon."""
    rows: QuerySet[Duty] = Duty.objects.filter(
        state__in=[DutyState.OPEN, DutyState.SUSPENDED], opens_at__gt=now, person__isnull=True, note=""
    )
    return rows


def _on_record(day: date) -> frozenset[str]:
    """Rules whose duties are made when something happens: no plan knows them."""
    return frozenset(
        code for code, rule in rules_on(day).items() if any(one.every in ON_RECORD for one in rule.schedules)
    )


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
