"""Who fell ill, by class and by dish: counts only."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import ClassGroup
from houqin.core.policies.registry import standing
from houqin.flows.cases.models import Case
from houqin.lib.classes import class_key
from houqin.modules.canteen.models import SIGNS, CheckKind, ClassSearch, Ill, IllAte, Meal, MealCheck, WellAte
from houqin.modules.canteen.queries.dishes import cooked_dishes
from houqin.modules.canteen.queries.eaters import Eaters, eaters_of
from houqin.modules.canteen.queries.kitchen import SERVED_AT, moment_of
from houqin.modules.canteen.queries.store import MEAL_ORDER
from houqin.modules.canteen.rules.attack import Cells, Finding, points_at, ranked, rate

LOOKED_BACK = timedelta(days=3)  # 72 hours: the longest time after which the usual germs make ill


def meals_before(case: Case) -> list[Meal]:
    """The meals of the 72 hours before the alarm and of the whole day they began on, the latest first; of the last day those that were served by then. Two queries."""
    day = timezone.localdate(case.opened_at)
    held = standing(SERVED_AT.values(), [case.org])[case.org_id]
    later = [kind for kind, code in SERVED_AT.items() if moment_of(day, str(held[code].value)) > case.opened_at]
    begun = MealCheck.objects.filter(meal=OuterRef("pk"), kind=CheckKind.SERVING)
    rows = Meal.objects.filter(org=case.org, day__gte=day - LOOKED_BACK, day__lte=day).select_related("org")
    rows = rows.exclude(Q(day=day, kind__in=later) & ~Exists(begun))
    return sorted(rows, key=lambda meal: (meal.day, MEAL_ORDER[meal.kind]), reverse=True)


def classes_of(org: OrgUnit, day: date) -> list[ClassGroup]:
    """The classes of a school that have pupils on the roll, in its order. One query."""
    on_roll = Q(pupils__enrolled_on__lte=day) & (Q(pupils__left_on__isnull=True) | Q(pupils__left_on__gte=day))
    rows = ClassGroup.objects.filter(on_roll, org=org).select_related("teacher").distinct()
    return sorted(rows, key=lambda group: class_key(group.name))


def sign_word(name: str) -> Any:
    """What a sign is called."""
    field: Any = Ill._meta.get_field(name)
    return field.verbose_name


@dataclass(frozen=True)
class ClassFigures:
    """One class: how many are ill, and of how many who ate the meal looked at; ``well`` once it was searched."""

    group: ClassGroup
    ill: int
    well: int | None
    ate: int | None

    @property
    def rate(self) -> float | None:
        """Attack rate: of those who ate, else of all who were asked."""
        if self.ate:
            return rate(self.ill, max(self.ate, self.ill))
        return None if self.well is None else rate(self.ill, self.ill + self.well)


@dataclass(frozen=True)
class Figures:
    """An incident in numbers. ``unasked``: ill people of whom nobody has asked yet what they ate."""

    ill: int
    grown_up: int
    in_hospital: int
    signs: tuple[tuple[str, int], ...]
    first_at: datetime | None
    last_at: datetime | None
    classes: tuple[ClassFigures, ...]
    unasked: int
    parents_told: int
    eaters: Eaters | None

    @property
    def missing(self) -> tuple[ClassFigures, ...]:
        """Classes that were not searched yet."""
        return tuple(one for one in self.classes if one.well is None)

    @property
    def ill_classes(self) -> tuple[ClassFigures, ...]:
        """Classes with somebody ill."""
        return tuple(one for one in self.classes if one.ill)


def figures_of(case: Case, meal: Meal | None = None) -> Figures:
    """All counts of a case, by class as of one meal. About nine queries, whatever the size."""
    rows = list(Ill.objects.standing().filter(case=case).order_by("onset_at"))
    well = dict(ClassSearch.objects.filter(case=case).values_list("class_group_id", "well"))
    eaters = eaters_of([meal])[meal.pk] if meal is not None else None
    ate = {one.name: one.eaters for one in eaters.classes} if eaters else {}
    by_class = Counter(row.class_group_id for row in rows)
    groups = classes_of(case.org, timezone.localdate(case.opened_at))
    signs = [(str(sign_word(name)), sum(getattr(row, name) for row in rows)) for name in SIGNS]
    return Figures(
        ill=len(rows),
        grown_up=by_class[None],
        in_hospital=sum(row.where == Ill.Where.HOSPITAL for row in rows),
        signs=tuple((word, count) for word, count in signs if count),
        first_at=rows[0].onset_at if rows else None,
        last_at=rows[-1].onset_at if rows else None,
        classes=tuple(ClassFigures(one, by_class[one.pk], well.get(one.pk), ate.get(one.name)) for one in groups),
        unasked=sum(not row.asked for row in rows),
        parents_told=sum(row.parents_told_at is not None for row in rows),
        eaters=eaters,
    )


@dataclass(frozen=True)
class DishTable:
    """A meal's dishes by who ate them, the most suspicious first."""

    meal: Meal
    dishes: tuple[Finding, ...]

    @property
    def guilty(self) -> list[Finding]:
        """The dish, or the dishes, that the figures point at."""
        return points_at(self.dishes)


@dataclass(frozen=True)
class Attack:
    """Every meal of the 72 hours: attack rate by dish and of the whole meal. Only classes that were searched are in it."""

    tables: tuple[DishTable, ...]
    classes: int
    ill: int

    @property
    def guilty(self) -> tuple[Meal, list[Finding]] | None:
        """The meal and the dishes that the figures point at most."""
        found = [(table.meal, table.guilty) for table in self.tables if table.guilty]
        return max(found, key=lambda one: one[1][0].bounds or (0.0, 0.0), default=None)


def attack_of(case: Case) -> Attack:
    """Two-by-two tables of every dish: the ill one by one, the well by count, of the classes that were asked about it.

    A class whose well were not asked about a dish is not in its table, neither with its ill. Eight queries.
    """
    meals = meals_before(case)
    searches = {one.class_group_id: one.well for one in ClassSearch.objects.filter(case=case)}
    ill = dict(
        Ill.objects.standing().filter(case=case, asked=True, class_group__in=list(searches))
        .order_by().values_list("pk", "class_group_id")
    )  # fmt: skip
    in_class = Counter(ill.values())
    ill_ate: Counter[tuple[int, str, int]] = Counter(
        (meal_id, dish, ill[pk])
        for pk, meal_id, dish in IllAte.objects.filter(ill__in=list(ill)).values_list("ill_id", "meal_id", "dish")
    )
    well_ate: dict[tuple[int, str], dict[int, int]] = defaultdict(dict)
    hands = WellAte.objects.filter(search__case=case).values_list("meal_id", "dish", "search__class_group_id", "count")
    for meal_id, dish, group, count in hands:
        well_ate[meal_id, dish][group] = count
    cooked = cooked_dishes(meals) if meals else {}
    tables = []
    for meal in meals:
        cells = []
        for name in cooked[meal.pk]:
            asked = well_ate.get((meal.pk, name), {})
            if asked:
                ate = sum(ill_ate[meal.pk, name, group] for group in asked)
                wells = sum(searches[group] for group in asked)
                cells.append((name, _cells(ate, sum(asked.values()), sum(in_class[group] for group in asked), wells)))
        if cells:
            tables.append(DishTable(meal, tuple(ranked(cells))))
    return Attack(tuple(tables), len(searches), len(ill))


def _cells(ill_ate: int, well_ate: int, ill: int, well: int) -> Cells:
    return Cells(ill_ate, well_ate, ill - ill_ate, well - well_ate)
