"""Who ate: as counted, else the school's pupils at lunch and its boarders at breakfast and dinner, as an estimate."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q

from houqin.core.orgs.models import SchoolFacts
from houqin.core.people.models import Pupil
from houqin.lib.classes import class_key
from houqin.modules.canteen.models import Headcount, Meal, MealKind


@dataclass(frozen=True)
class ClassCount:
    """How many of a class ate, or are on its roll."""

    name: str
    eaters: int


@dataclass(frozen=True)
class Eaters:
    """How many ate a meal, and which classes."""

    number: int
    estimated: bool
    classes: tuple[ClassCount, ...] = ()


@dataclass
class _Counted:
    whole: int | None = None
    classes: list[ClassCount] = field(default_factory=list)


def eaters_of(meals: Collection[Meal]) -> dict[int, Eaters]:
    """Each meal → who ate it. Three queries."""
    counted = _counted(meals)
    uncounted = [meal for meal in meals if meal.pk not in counted]
    facts = _facts({meal.org_id for meal in uncounted})
    rolls = _rolls(meals)
    found: dict[int, Eaters] = {}
    for meal in meals:
        roll = rolls[meal.org_id, meal.kind == MealKind.LUNCH]
        count = counted.get(meal.pk)
        if count:
            whole = count.whole if count.whole is not None else sum(group.eaters for group in count.classes)
            found[meal.pk] = Eaters(whole, False, tuple(count.classes or roll))
        else:
            number = _estimate(meal, facts[meal.org_id], sum(group.eaters for group in roll))
            found[meal.pk] = Eaters(number, True, tuple(group for group in roll if group.name))
    return found


def _counted(meals: Iterable[Meal]) -> dict[int, _Counted]:
    found: dict[int, _Counted] = defaultdict(_Counted)
    rows = Headcount.objects.filter(meal__in=[meal.pk for meal in meals]).order_by()
    counts = rows.values_list("meal_id", "class_group__name", "eaters")
    for meal_id, name, eaters in sorted(counts, key=lambda row: class_key(row[1] or "")):
        if name is None:
            found[meal_id].whole = eaters
        else:
            found[meal_id].classes.append(ClassCount(name, eaters))
    return dict(found)


def _facts(org_ids: Collection[int]) -> dict[int, list[tuple[date, int, int]]]:
    """Pupils and boarders of the schools from day to day."""
    found: dict[int, list[tuple[date, int, int]]] = defaultdict(list)
    rows = SchoolFacts.objects.filter(org_id__in=org_ids).order_by("valid_from")
    for org_id, *fact in rows.values_list("org_id", "valid_from", "enrolment", "boarders"):
        found[org_id].append((fact[0], fact[1], fact[2]))
    return found


def _estimate(meal: Meal, facts: list[tuple[date, int, int]], on_roll: int) -> int:
    """By the facts in force that day (the first ones hold for the days before them), else by the roll."""
    if not facts:
        return on_roll
    held = [fact for fact in facts if fact[0] <= meal.day] or facts[:1]
    _from, pupils, boarders = held[-1]
    return pupils if meal.kind == MealKind.LUNCH else boarders


def _rolls(meals: Collection[Meal]) -> dict[tuple[int, bool], list[ClassCount]]:
    """School and whether all or only boarders → its classes with the pupils on their rolls in the days of the meals."""
    found: dict[tuple[int, bool], list[ClassCount]] = defaultdict(list)
    if not meals:
        return found
    first, last = min(meal.day for meal in meals), max(meal.day for meal in meals)
    pupils = Pupil.objects.filter(org_id__in={meal.org_id for meal in meals}, enrolled_on__lte=last)
    pupils = pupils.filter(Q(left_on__isnull=True) | Q(left_on__gt=first)).order_by()
    groups = pupils.values("org_id", "class_group__grade", "class_group__name").annotate(
        everybody=Count("pk"), boarders=Count("pk", filter=Q(is_boarder=True))
    )
    for row in sorted(groups, key=lambda row: class_key(row["class_group__name"] or "")):
        name = row["class_group__name"] or ""
        found[row["org_id"], True].append(ClassCount(name, row["everybody"]))
        if row["boarders"]:
            found[row["org_id"], False].append(ClassCount(name, row["boarders"]))
    return found
