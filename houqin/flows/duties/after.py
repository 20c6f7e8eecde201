"""Duties that follow when something happens: 48 hours after a sample was taken, on a warning of a typhoon."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils import timezone

from houqin.core.events.bus import on
from houqin.core.events.models import Event
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.flows.duties.models import DutyState
from houqin.flows.duties.planning import Asked, Plan, Schools, read_schools
from houqin.flows.duties.registry import Rule, rules_on
from houqin.flows.duties.rules import after_record
from houqin.flows.duties.schedule import ON_RECORD, Schedule
from houqin.flows.duties.writing import write

SOME = 1_000


def happened(
    event: str,
    org: OrgUnit,
    *,
    at: datetime,
    slot: str = "",
    about_id: int = 0,
    until: datetime | None = None,
    post: str = "",
) -> int:
    """Make the duties that follow at a school, or at every school below a unit; how many. In the caller's transaction.

    ``slot`` keeps several of a day apart (the meal of a sample), ``about_id`` is the place, ``post``
    who answers for it where that is not the post of the rule. Twice makes nothing more.
    """
    following = _following(event, at)
    if not following:
        return 0
    units = list(OrgUnit.objects.under(org.path).schools().filter(closed_on__isnull=True).order_by("path"))
    if not units and org.kind == Kind.CAMPUS:
        units = list(OrgUnit.objects.schools().filter(path__in=org.ancestor_paths))
    made = 0
    for start in range(0, len(units), SOME):
        schools = read_schools(units[start : start + SOME], {rule for rule, _one in following}, timezone.localdate(at))
        made += write(_plan(schools, following, at, slot, about_id, until, post))
    return made


def follow(event: str) -> Callable[[Event], None]:
    """Let the duties that rules ask for after an event of the bus be made with it. Called once, at start."""

    @on(event, mode="inline")
    def make_following(told: Event) -> None:
        org = OrgUnit.objects.get(path=told.org_path)
        happened(told.name, org, at=told.at, slot=str(told.payload.get("slot", "")))

    return make_following


def _following(event: str, at: datetime) -> list[tuple[Rule, Schedule]]:
    rules = rules_on(timezone.localdate(at)).values()
    return [(rule, one) for rule in rules for one in rule.schedules if one.every in ON_RECORD and one.event == event]


def _plan(
    schools: Schools,
    following: Iterable[tuple[Rule, Schedule]],
    at: datetime,
    slot: str,
    about_id: int,
    until: datetime | None,
    post: str,
) -> Plan:
    found = Plan()
    local = timezone.make_naive(at)
    end = timezone.make_naive(until) if until else None
    for rule, schedule in following:
        window = after_record(schedule, local, slot, end)
        for unit in schools.units:
            if unit.pk not in schools.concerned[rule.code]:
                continue
            rests = rule.destroys_evidence and unit.pk in schools.resting
            state = DutyState.SUSPENDED if rests else DutyState.OPEN
            asked = Asked(rule.code, post or rule.post, rule.red_line, state.value, window)
            for about in schools.abouts(rule, unit.pk) if not about_id else [about_id]:
                found.add(asked, [unit.pk], about)
    return found
