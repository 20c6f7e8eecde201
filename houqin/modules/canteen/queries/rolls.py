"""Who could eat: rolls by class, school facts, absences and night rolls, for many schools and days at once."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from houqin.core.orgs.models import SchoolFacts
from houqin.core.people.models import Pupil
from houqin.lib.classes import class_key
from houqin.modules.canteen.models import Absence, AbsenceKind, MealKind, NightRoll
from houqin.modules.canteen.rules.heads import Away, misses

Asked = tuple[int, date, str]  # school, day, meal


@dataclass(frozen=True)
class ClassRoll:
    """A class with the pupils on its roll, and how many of them board. Pupils in no class are a class without a name."""

    group_id: int | None
    name: str
    everybody: int
    boarders: int

    def of(self, meal: str) -> int:
        """Those the meal is for: lunch is for all, breakfast and dinner for the boarders."""
        return self.everybody if meal == MealKind.LUNCH else self.boarders


def rolls_of(asked: Collection[Asked]) -> dict[int, list[ClassRoll]]:
    """Each school → its classes with the pupils on their rolls in the days asked, as a school names them. One query."""
    found: dict[int, list[ClassRoll]] = defaultdict(list)
    if not asked:
        return found
    first, last = min(day for _org, day, _meal in asked), max(day for _org, day, _meal in asked)
    pupils = Pupil.objects.filter(org_id__in={org for org, _day, _meal in asked}, enrolled_on__lte=last)
    pupils = pupils.filter(Q(left_on__isnull=True) | Q(left_on__gt=first)).order_by()
    groups = pupils.values_list("org_id", "class_group_id", "class_group__name").annotate(
        everybody=Count("pk"), boarders=Count("pk", filter=Q(is_boarder=True))
    )
    for org_id, group_id, name, everybody, boarders in sorted(groups, key=lambda row: class_key(row[2] or "")):
        found[org_id].append(ClassRoll(group_id, name or "", everybody, boarders))
    return found


def facts_of(org_ids: Collection[int]) -> dict[int, list[tuple[date, int, int]]]:
    """Pupils and boarders of the schools from day to day. One query."""
    found: dict[int, list[tuple[date, int, int]]] = defaultdict(list)
    rows = SchoolFacts.objects.filter(org_id__in=org_ids).order_by("valid_from")
    for org_id, *fact in rows.values_list("org_id", "valid_from", "enrolment", "boarders"):
        found[org_id].append((fact[0], fact[1], fact[2]))
    return found


def by_facts(facts: list[tuple[date, int, int]], day: date, meal: str) -> int:
    """How many the meal is for by the facts in force that day; the first ones hold for the days before them."""
    if not facts:
        return 0
    held = [fact for fact in facts if fact[0] <= day] or facts[:1]
    _from, pupils, boarders = held[-1]
    return pupils if meal == MealKind.LUNCH else boarders


class Absences:
    """Who is known to be away from some schools in some days. One query, and no name is read."""

    def __init__(self, asked: Collection[Asked]) -> None:
        self._rows: dict[int, list[tuple[int | None, int, bool, str, date, date]]] = defaultdict(list)
        if not asked:
            return
        first, last = min(day for _org, day, _meal in asked), max(day for _org, day, _meal in asked)
        rows = Absence.objects.filter(
            org_id__in={org for org, _day, _meal in asked}, first_on__lte=last, last_on__gte=first
        ).order_by("pk")
        rows = rows.filter(Q(pupil__left_on__isnull=True) | Q(pupil__left_on__gt=first))
        fields = ("org_id", "pupil__class_group_id", "pupil_id", "pupil__is_boarder", "kind", "first_on", "last_on")
        for org_id, group, pupil, boards, *absence in rows.values_list(*fields):
            self._rows[org_id].append((group, pupil, boards, *absence))

    def at(self, asked: Asked) -> dict[int | None, Away]:
        """Class → how many of those the meal is for miss it; a pupil recorded twice counts once, as recorded last."""
        org_id, day, meal = asked
        kinds: dict[tuple[int | None, int], str] = {}
        for group, pupil, boards, kind, first, last in self._rows[org_id]:
            if (boards or meal == MealKind.LUNCH) and misses(kind, first, last, day=day, meal=meal):
                kinds[group, pupil] = kind
        counts: dict[int | None, Counter[str]] = defaultdict(Counter)
        for (group, _pupil), kind in kinds.items():
            counts[group][kind] += 1
        return {group: away_of(count) for group, count in counts.items()}


def away_of(count: Counter[str]) -> Away:
    """Absences by their kinds as a report tells them: weekend leave is leave."""
    return Away(count[AbsenceKind.SICK], count[AbsenceKind.LEAVE] + count[AbsenceKind.WEEKEND], count[AbsenceKind.AWAY])


def slept_here(asked: Iterable[Asked]) -> dict[tuple[int, date], int]:
    """(Class, morning) → how many of its boarders slept at school. One query where a breakfast is asked for."""
    mornings = [(org, day) for org, day, meal in asked if meal == MealKind.BREAKFAST]
    if not mornings:
        return {}
    nights = {day - timedelta(days=1) for _org, day in mornings}
    rows = NightRoll.objects.filter(org_id__in={org for org, _day in mornings}, night__in=nights).order_by()
    return {
        (group, night + timedelta(days=1)): present
        for group, night, present in rows.values_list("class_group_id", "night", "present")
    }
