"""What pages show of duties besides their columns: why a duty is asked, and what each post of a school does when."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.utils.formats import time_format
from django.utils.translation import ngettext

from houqin.core.grants.models import Grant
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.posts import holders, post_kinds
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.models import Announcement, Duty, DutyState, OwnWindow
from houqin.flows.duties.planning import Schools, read_schools
from houqin.flows.duties.registry import Rule, rules_on, url_of
from houqin.flows.duties.schedule import ON_RECORD, Every, Schedule
from houqin.flows.duties.words import EVERY, post_names, rules_of, slot_of
from houqin.ui.formats import listed


@dataclass(frozen=True)
class Line:
    """One duty of a post: what, how often, within which time, by whose demand; ``own`` is the school's own time."""

    rule: Rule
    slot: str
    rhythm: str
    times: str
    places: int
    own: OwnWindow | None
    minutes: str
    changeable: bool


@dataclass(frozen=True)
class PostDuties:
    """One post of a school with its duties and who holds it; ``by_role``: whose accounts do it where nobody is appointed."""

    code: str
    name: str
    holders: tuple[str, ...]
    by_role: tuple[str, ...]
    lines: tuple[Line, ...]


def page_facts(row: Duty, viewer: Viewer) -> dict[str, Any]:
    """Why the duty is asked, where it is done, and whether it rests."""
    rule = rules_of([row], viewer.today).get(row.rule)
    open_now = row.state == DutyState.OPEN and row.opens_at <= viewer.now
    warned = row.rule.startswith("warning:")
    return {
        "rule": rule,
        "minutes": minutes_of(rule) if rule else "",
        "rhythm": rhythm_of(rule.schedules) if rule else "",
        "write_url": url_of(row) if open_now and viewer.may("duties.do", row.org.path) else "",
        "rests": row.state == DutyState.SUSPENDED,
        "warnings": _warnings(row) if warned else (),
    }


def _warnings(row: Duty) -> list[Announcement]:
    event = row.rule.removeprefix("warning:")
    paths = [*row.org.ancestor_paths, row.org.path]
    rows = Announcement.objects.filter(
        org__path__in=paths, event=event, since__lte=row.opens_at, until__gte=row.opens_at
    )
    return list(rows.select_related("org"))


def minutes_of(rule: Rule) -> str:
    """What one such duty takes."""
    whole, tenth = divmod(rule.tenth_minutes, 10)
    figure = f"{whole}.{tenth}" if tenth else str(whole)
    return ngettext("%(minutes)s minute", "%(minutes)s minutes", whole) % {"minutes": figure}


def rhythm_of(schedules: Iterable[Schedule]) -> str:
    """How often, in words."""
    return listed(dict.fromkeys(str(EVERY[one.every]) for one in schedules))


def duties_of_posts(org: OrgUnit, today: date) -> list[PostDuties]:
    """What each post of a school does, when and by whose demand. A fixed number of queries."""
    rules = list(rules_on(today).values())
    schools = read_schools([org], rules, today)
    asked_here = _ever_asked(org, rules, today)
    by_post: dict[str, list[Line]] = defaultdict(list)
    for rule in rules:
        if (
            rule.code not in asked_here
            or org.pk not in schools.concerned[rule.code]
            or (rule.uses and not schools.abouts(rule, org.pk))
        ):
            continue
        for schedule in rule.schedules:
            line = _line(org, rule, schedule, schools)
            by_post[(line.own.post if line.own else "") or rule.post].append(line)
    held = holders([org], by_post, today)
    names, kinds, accounts = post_names(today), post_kinds(today), _accounts_by_role(org, today)
    order = list(kinds)
    found = [
        PostDuties(
            code,
            names.get(code, code),
            tuple(one.person.name for one in held.get((org.pk, code), [])),
            tuple(name for role in (kinds[code].roles if code in kinds else ()) for name in accounts.get(role, [])),
            _sorted(lines),
        )
        for code, lines in by_post.items()
    ]
    return sorted(found, key=lambda one: order.index(one.code) if one.code in order else len(order))


def _ever_asked(org: OrgUnit, rules: Iterable[Rule], today: date) -> frozenset[str]:
    """The rules less those on papers of which none came near its end here within a year. One query."""
    before_end = {rule.code for rule in rules if rule.schedules[0].every == Every.BEFORE_END}
    rows = Duty.objects.filter(org=org, rule__in=before_end, day__gte=today - timedelta(days=365)).order_by()
    some = frozenset(rows.values_list("rule", flat=True).distinct()) if before_end else frozenset()
    return some | {rule.code for rule in rules if rule.code not in before_end}


def _accounts_by_role(org: OrgUnit, today: date) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    rows = Grant.objects.on(today).filter(org=org, account__is_active=True).order_by("account__display_name")
    for role, name in rows.values_list("role", "account__display_name"):
        found[role].append(name)
    return found


def _sorted(lines: list[Line]) -> tuple[Line, ...]:
    order = list(Every)
    return tuple(sorted(lines, key=lambda one: (order.index(one.rule.schedules[0].every), one.times, str(one.rule))))


def _line(org: OrgUnit, rule: Rule, schedule: Schedule, schools: Schools) -> Line:
    own_times = schools.own.get((org.pk, rule.code), {})
    own = own_times.get(schedule.slot) or own_times.get("")
    return Line(
        rule=rule,
        slot=slot_of(schedule.slot),
        rhythm=rhythm_of([schedule]),
        times=_times(schedule),
        places=len(schools.abouts(rule, org.pk)) if rule.uses else 0,
        own=own,
        minutes=minutes_of(rule),
        changeable=schedule.every not in ON_RECORD,
    )


def _times(schedule: Schedule) -> str:
    if schedule.every == Every.MEAL:
        return f"{_around(schedule.opens_minutes)} – {_around(schedule.due_minutes)}"
    if schedule.every == Every.BEFORE_END:
        days = schedule.days_before
        return ngettext("from %(days)s day before", "from %(days)s days before", days) % {"days": days}
    if schedule.every in ON_RECORD:
        return ngettext("within %(hours)s hour", "within %(hours)s hours", schedule.within_hours) % {
            "hours": schedule.within_hours
        }
    return f"{_clock(schedule.opens)} – {_clock(schedule.due)}"


def _around(minutes: int) -> str:
    size = abs(minutes)
    if minutes < 0:
        return ngettext("%(minutes)s minute before serving", "%(minutes)s minutes before serving", size) % {
            "minutes": size
        }
    return ngettext("%(minutes)s minute after serving", "%(minutes)s minutes after serving", size) % {"minutes": size}


def _clock(at: time) -> str:
    return time_format(at, "H:i")
