"""The six goals for toilets as the catalogue has them, and how far a school has come in a year (R-141).

A share earns its part of the points; what nothing is known of yet earns and costs nothing, and is named.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.db.models import Count, F, Q, Sum

from houqin.core.catalogues.loading import COMMON, newest_entries, read
from houqin.core.orgs.models import OrgUnit, SchoolFacts
from houqin.core.people.models import Pupil, Sex
from houqin.core.places.models import Place
from houqin.core.places.owners import with_owners
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.ledgers.models import LedgerEntry
from houqin.modules.environment.catalogue import AREA, Evidence, Goal
from houqin.modules.environment.models import HOW_IT_IS, Fittings, Judgement, Saying, Word
from houqin.modules.environment.rules import Places, needed, points

CLEANING = "toilet-cleaning"
Share = tuple[int, int]


def goals_on(day: date) -> list[Goal]:
    """The goals in force on a day, in their order; those of the files where none has been loaded."""
    items = sorted(newest_entries(AREA, day), key=lambda item: item.pk)
    if not items:
        return list(_from_files())
    return [
        Goal.model_validate({**{name: getattr(item, name) for name in COMMON}, "code": item.code, **item.body})
        for item in items
    ]


@cache
def _from_files() -> tuple[Goal, ...]:
    return tuple(entry for _area, entry in read(settings.ROOT / "catalogues", only=AREA) if isinstance(entry, Goal))


@dataclass(frozen=True)
class Scored:
    """One thing that shows how far a goal is reached: its share, and the points of it. ``earned`` None: nothing is known."""

    evidence: Evidence
    part: int
    whole: int
    earned: Decimal | None
    judgement: Judgement | None = None


@dataclass(frozen=True)
class GoalScore:
    """One goal of one school in one year."""

    goal: Goal
    scored: tuple[Scored, ...]

    @property
    def earned(self) -> Decimal:
        """Points earned."""
        return sum((one.earned for one in self.scored if one.earned is not None), Decimal(0))

    @property
    def of(self) -> int:
        """Points that something is known about."""
        return sum(one.evidence.points for one in self.scored if one.earned is not None)

    @property
    def unknown(self) -> int:
        """Points that nothing is known about yet."""
        return sum(one.evidence.points for one in self.scored if one.earned is None)


@dataclass(frozen=True)
class SchoolScore:
    """The six goals of one school in one year."""

    org: OrgUnit
    goals: tuple[GoalScore, ...]
    have: Places
    need: Places
    toilets: int
    uncounted: int

    @property
    def earned(self) -> Decimal:
        """Points of all goals."""
        return sum((one.earned for one in self.goals), Decimal(0))

    @property
    def of(self) -> int:
        """Points that something is known about."""
        return sum(one.of for one in self.goals)

    @property
    def unknown(self) -> int:
        """Points that nothing is known about yet."""
        return sum(one.unknown for one in self.goals)


def scores(orgs: Collection[OrgUnit], year: int, viewer: Viewer) -> list[SchoolScore]:
    """The scores of schools in a year, in the order of the tree. A fixed number of queries, however many schools."""
    units = sorted(orgs, key=lambda org: org.path)
    ids = [org.pk for org in units]
    first, last = date(year, 1, 1), min(date(year, 12, 31), viewer.today)
    goals = goals_on(viewer.today)
    have, need = _have(ids), _need(ids, last)
    shares = _shares(ids, first, last, viewer, have, need)
    toilets = Counter(Place.objects.in_use().filter(org__in=ids, use="toilet").values_list("org_id", flat=True))
    counted = Counter(Fittings.objects.filter(org__in=ids, place__closed_on=None).values_list("org_id", flat=True))
    judged = {(row.org_id, row.evidence): row for row in Judgement.objects.filter(org__in=ids, year=year)}
    return [
        SchoolScore(
            org, tuple(GoalScore(goal, tuple(_scored(org.pk, goal.evidence, shares, judged))) for goal in goals),
            have.get(org.pk, Places()), need.get(org.pk, Places()), toilets[org.pk], toilets[org.pk] - counted[org.pk],
        )
        for org in units
    ]  # fmt: skip


def _scored(
    org_id: int,
    evidence: Iterable[Evidence],
    shares: dict[str, dict[int, Share]],
    judged: dict[tuple[int, str], Judgement],
) -> Iterable[Scored]:
    for one in evidence:
        row = judged.get((org_id, one.code)) if one.measure is None else None
        part, whole = (row.percent, 100) if row else shares.get(one.measure or "", {}).get(org_id, (0, 0))
        yield Scored(one, part, whole, points(one.points, part, whole), row)


def _have(ids: Collection[int]) -> dict[int, Places]:
    """Squats, urinals and basins of schools whose toilets were counted."""
    rows = Fittings.objects.filter(org__in=ids, place__closed_on=None).order_by().values("org_id")
    names = ("boys_squats", "boys_urinals", "girls_squats", "basins")
    found = rows.annotate(**{f"all_{name}": Sum(name) for name in names})
    return {row["org_id"]: Places(*(row[f"all_{name}"] for name in names)) for row in found}


def _need(ids: Collection[int], day: date) -> dict[int, Places]:
    """What the pupils on the roll need; where the roll does not say who is a girl, half of those not told count as such."""
    told: dict[int, Counter[str]] = defaultdict(Counter)
    rows = Pupil.objects.on_roll(day).filter(org__in=ids).order_by().values("org_id", "sex").annotate(count=Count("pk"))
    for row in rows:
        told[row["org_id"]][row["sex"]] += row["count"]
    facts = SchoolFacts.objects.in_force(day).filter(org__in=ids).values_list("org_id", "enrolment")
    found = {}
    for org_id, enrolment in facts:
        known = told[org_id]
        rest = max(enrolment - known[Sex.FEMALE] - known[Sex.MALE], 0)
        found[org_id] = needed(known[Sex.MALE] + rest // 2, known[Sex.FEMALE] + rest - rest // 2)
    return found


def _shares(
    ids: Collection[int], first: date, last: date, viewer: Viewer, have: dict[int, Places], need: dict[int, Places]
) -> dict[str, dict[int, Share]]:
    """Every measure by school, as a part of a whole."""
    places = {
        name: {pk: (min(getattr(have[pk], name), getattr(one, name)), getattr(one, name)) for pk, one in need.items() if pk in have}
        for name in ("boys_squats", "boys_urinals", "girls_squats", "basins")
    }  # fmt: skip
    return places | {
        "owners": _owned(ids, viewer.today),
        "cleaned_in_time": _in_time(ids, Q(rule=f"ledger:{CLEANING}"), first, last, viewer),
        "reports_in_time": _in_time(ids, Q(rule__startswith="toilet:"), first, last, viewer),
        "satisfied": _satisfied(ids, first, last),
        **_checked(ids, first, last),
    }


def _owned(ids: Collection[int], day: date) -> dict[int, Share]:
    rows = with_owners(Place.objects.in_use().filter(org__in=ids, use="toilet"), day)
    whole, part = Counter[int](), Counter[int]()
    for org_id, name in rows.values_list("org_id", "owner_name"):
        whole[org_id] += 1
        part[org_id] += name is not None
    return {pk: (part[pk], count) for pk, count in whole.items()}


def _in_time(ids: Collection[int], which: Q, first: date, last: date, viewer: Viewer) -> dict[int, Share]:
    """Duties that had to be done by now, and those done not later than their end."""
    done = Q(state=DutyState.DONE)
    due = done | Q(state=DutyState.OPEN, due_at__lt=viewer.now)
    rows = Duty.objects.filter(which, due, org__in=ids, day__range=(first, last)).order_by().values("org_id")
    found = rows.annotate(whole=Count("pk"), part=Count("pk", filter=done & Q(done_at__lte=F("due_at"))))
    return {row["org_id"]: (row["part"], row["whole"]) for row in found}


def _satisfied(ids: Collection[int], first: date, last: date) -> dict[int, Share]:
    rows = Word.objects.filter(org__in=ids, day__range=(first, last), saying__in=HOW_IT_IS).order_by().values("org_id")
    found = rows.annotate(whole=Count("pk"), part=Count("pk", filter=Q(saying=Saying.GOOD)))
    return {row["org_id"]: (row["part"], row["whole"]) for row in found}


def _checked(ids: Collection[int], first: date, last: date) -> dict[str, dict[int, Share]]:
    """Toilets as the cleaning ledger found them: each line of each entry that stands. One query."""
    rows = LedgerEntry.objects.standing().filter(org__in=ids, ledger=CLEANING, day__range=(first, last))
    whole, clean, supplied = Counter[int](), Counter[int](), Counter[int]()
    for org_id, body in rows.values_list("org_id", "body").iterator(chunk_size=2_000):
        for line in json.loads(body)["lines"]:
            whole[org_id] += 1
            clean[org_id] += line.get("clean") is True and line.get("disinfected") is True
            supplied[org_id] += line.get("supplies") is True
    return {
        "clean": {pk: (clean[pk], count) for pk, count in whole.items()},
        "supplied": {pk: (supplied[pk], count) for pk, count in whole.items()},
    }


def years(today: date) -> list[int]:
    """The years that can be looked at: this one and the three before."""
    return [today.year - number for number in range(4)]


def reports(orgs: Collection[int], first: date, last: date) -> dict[str, int]:
    """How often each thing was said at the doors of these schools' toilets. One query."""
    rows = Word.objects.filter(org__in=orgs, day__range=(first, last)).order_by().values_list("saying")
    return dict(rows.annotate(count=Count("pk")))
