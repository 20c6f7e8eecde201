"""Which duties are asked of which schools: rules × days × schools, with each school's own times, before anything is written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from houqin.core.orgs.models import CanteenMode, OrgUnit, SchoolFacts
from houqin.core.places.models import Place
from houqin.core.scope.models import within
from houqin.core.scope.viewer import covers, topmost
from houqin.flows.duties.days import facts_of
from houqin.flows.duties.models import DutyState, OwnWindow, Suspension
from houqin.flows.duties.registry import Rule, meals_of
from houqin.flows.duties.rules import DayFact, Window, at_meals, facts_needed, narrowed, windows
from houqin.flows.duties.schedule import ON_RECORD, Applies, Every, Schedule

Scheduled = list[tuple[Rule, Schedule]]
OwnTimes = dict[tuple[int, str], dict[str, OwnWindow]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One window of one rule as it is asked of schools: all that a duty holds besides school and place."""

    rule: str
    post: str
    red_line: bool
    state: str
    window: Window


@dataclass
class Plan:
    """Duties to write: ``asked[n]`` for the school and the place (0: none) that stand beside ``n``."""

    asked: list[Asked] = field(default_factory=list)
    org_ids: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    abouts: list[int] = field(default_factory=list)
    _known: dict[Asked, int] = field(default_factory=dict)

    def number_of(self, asked: Asked) -> int:
        """Its place in the list; the same window stands there once."""
        found = self._known.setdefault(asked, len(self.asked))
        if found == len(self.asked):
            self.asked.append(asked)
        return found

    def add(self, asked: Asked, org_ids: Sequence[int], about: int = 0) -> None:
        """Ask it of these schools."""
        number = self.number_of(asked)
        self.org_ids += org_ids
        self.numbers += [number] * len(org_ids)
        self.abouts += [about] * len(org_ids)

    def keys(self) -> set[tuple[date, int, str, str, int]]:
        """What makes each duty the one it is: day, school, rule, slot, place."""
        named = [(one.window.day, one.rule, one.window.slot) for one in self.asked]
        return {
            (named[number][0], org_id, named[number][1], named[number][2], about)
            for org_id, number, about in zip(self.org_ids, self.numbers, self.abouts, strict=True)
        }

    def without(self, numbers: set[int]) -> "Plan":
        """The plan less these windows."""
        found = Plan(self.asked)
        for org_id, number, about in zip(self.org_ids, self.numbers, self.abouts, strict=True):
            if number not in numbers:
                found.org_ids.append(org_id)
                found.numbers.append(number)
                found.abouts.append(about)
        return found

    def __len__(self) -> int:
        return len(self.org_ids)


@dataclass(frozen=True)
class Schools:
    """What the rules ask about these schools, read once for all of them."""

    units: tuple[OrgUnit, ...]
    concerned: dict[str, frozenset[int]]
    own: OwnTimes
    resting: frozenset[int]
    places: dict[str, dict[int, list[int]]]

    def abouts(self, rule: Rule, org_id: int) -> list[int]:
        """The places of the school at which it is done; 0, where the rule is for the school as a whole."""
        if not rule.uses:
            return [0]
        return [about for use in rule.uses for about in self.places.get(use, {}).get(org_id, [])]


def read_schools(units: Sequence[OrgUnit], rules: Iterable[Rule], day: date) -> Schools:
    """Facts, own times, resting schools and places of the schools: four queries."""
    asked = list(rules)
    having = _having(units, {rule.applies for rule in asked}, day)
    return Schools(
        tuple(units),
        {rule.code: _concerned(rule, units, having[rule.applies]) for rule in asked},
        _own_times(units),
        _resting(units),
        _places(units, {use for rule in asked for use in rule.uses}),
    )


def plan(schools: Schools, rules: Iterable[Rule], first: date, last: date) -> Plan:
    """Every duty whose window is open on some day from ``first`` to ``last``."""
    found = Plan()
    for rule, window, org_ids in _asked_of(schools, list(rules), first, last):
        if window.day >= rule.since:
            _place(found, schools, rule, window, org_ids)
    return found


def _asked_of(
    schools: Schools, rules: list[Rule], first: date, last: date
) -> Iterator[tuple[Rule, Window, Sequence[int]]]:
    scheduled = [(rule, one) for rule in rules for one in rule.schedules if one.every not in ON_RECORD]
    needed = [facts_needed(one, first, last) for _rule, one in scheduled if one.every != Every.MEAL]
    if needed:
        begins, ends = min(days[0] for days in needed), max(days[1] for days in needed)
        for days, org_ids in facts_of(schools.units, begins, ends):
            yield from _by_calendar(schools, scheduled, days, org_ids, first, last)
    if any(one.every == Every.MEAL for _rule, one in scheduled):
        yield from _by_meal(schools, scheduled, first, last)


def _by_calendar(
    schools: Schools, scheduled: Scheduled, days: tuple[DayFact, ...], org_ids: Sequence[int], first: date, last: date
) -> Iterator[tuple[Rule, Window, Sequence[int]]]:
    for rule, schedule in scheduled:
        found = windows(schedule, days, first, last)
        if found:
            concerned = schools.concerned[rule.code]
            chosen = [pk for pk in org_ids if pk in concerned]
            yield from ((rule, window, chosen) for window in found if chosen)


def _by_meal(
    schools: Schools, scheduled: Scheduled, first: date, last: date
) -> Iterator[tuple[Rule, Window, Sequence[int]]]:
    for day in (first + timedelta(days=number) for number in range((last - first).days + 1)):
        alike: dict[tuple[tuple[str, datetime], ...], list[int]] = defaultdict(list)
        for org_id, meals in meals_of(schools.units, day).items():
            local = tuple(sorted((kind, timezone.make_naive(at) if at.tzinfo else at) for kind, at in meals))
            alike[local].append(org_id)
        for meals_alike, org_ids in alike.items():
            for rule, schedule in scheduled:
                concerned = schools.concerned[rule.code] if schedule.every == Every.MEAL else frozenset()
                chosen = [pk for pk in org_ids if pk in concerned]
                yield from ((rule, window, chosen) for window in at_meals(schedule, day, meals_alike) if chosen)


def _place(found: Plan, schools: Schools, rule: Rule, window: Window, org_ids: Sequence[int]) -> None:
    """Ask it of the schools, of those with own times at these, of those that rest as resting, at each place."""
    plain: list[int] = []
    for org_id in org_ids:
        own = schools.own.get((org_id, rule.code))
        rests = rule.destroys_evidence and org_id in schools.resting
        if own is None and not rests and not rule.uses:
            plain.append(org_id)
            continue
        asked = _asked(rule, window, (own or {}).get(window.slot) or (own or {}).get(""), rests=rests)
        for about in schools.abouts(rule, org_id):
            found.add(asked, [org_id], about)
    if plain:
        found.add(_asked(rule, window, None), plain)


def _asked(rule: Rule, window: Window, own: OwnWindow | None, *, rests: bool = False) -> Asked:
    state = DutyState.SUSPENDED if rests else DutyState.OPEN
    if own is None:
        return Asked(rule.code, rule.post, rule.red_line, state.value, window)
    held = narrowed(window, own.opens, own.due)
    return Asked(rule.code, own.post or rule.post, rule.red_line, state.value, held)


def _concerned(rule: Rule, units: Sequence[OrgUnit], having: frozenset[int]) -> frozenset[int]:
    """The schools that a rule is for: by what they have, and where it is asked."""
    if not rule.paths:
        return having
    return frozenset(
        unit.pk
        for unit in units
        if unit.pk in having and _is_within(unit, rule.paths) and not _is_within(unit, rule.except_paths)
    )


def _is_within(unit: OrgUnit, paths: Iterable[str]) -> bool:
    return any(covers(path, unit.path) for path in paths)


def _having(units: Sequence[OrgUnit], asked: set[Applies], day: date) -> dict[Applies, frozenset[int]]:
    """Which of the schools have what each rule is for. A school without facts has no canteen and no boarders."""
    rows = SchoolFacts.objects.in_force(day).filter(org__in=[unit.pk for unit in units])
    known = {row[0]: row[1:] for row in rows.values_list("org_id", "canteen_mode", "boarders", "school_type")}
    return {
        one: frozenset(unit.pk for unit in units if applies(one, *known.get(unit.pk, (CanteenMode.NONE, 0, ""))))
        for one in asked
    }


def applies(asked: Applies, canteen_mode: str, boarders: int, school_type: str) -> bool:
    """Whether a rule is for a school with these facts."""
    if asked.canteen and canteen_mode == CanteenMode.NONE:
        return False
    if asked.boarders and not boarders:
        return False
    return not asked.types or school_type in asked.types


def _own_times(units: Sequence[OrgUnit]) -> OwnTimes:
    found: OwnTimes = defaultdict(dict)
    for row in OwnWindow.objects.filter(org__in=[unit.pk for unit in units], ended_at__isnull=True):
        found[row.org_id, row.rule][row.slot] = row
    return dict(found)


def _resting(units: Sequence[OrgUnit]) -> frozenset[int]:
    """Schools at or below a unit whose duties rest."""
    paths = topmost(Suspension.objects.filter(lifted_at__isnull=True).values_list("org__path", flat=True))
    return frozenset(unit.pk for unit in units if any(covers(path, unit.path) for path in paths))


def _places(units: Sequence[OrgUnit], uses: set[str]) -> dict[str, dict[int, list[int]]]:
    """Subjects of the places in use, by what they are for and the school in which (or in a part of which) they are."""
    found: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    if not uses:
        return found
    schools = {unit.path: unit.pk for unit in units}
    rows = Place.objects.in_use().filter(use__in=uses).order_by("name", "pk")
    if len(units) <= 50:
        rows = rows.filter(within("org__path", topmost(schools)))
    for use, path, subject_id in rows.values_list("use", "org__path", "subject_id"):
        school = next((schools[path[:end]] for end in range(len(path), 0, -4) if path[:end] in schools), None)
        if school is not None:
            found[use][school].append(subject_id)
    return found
