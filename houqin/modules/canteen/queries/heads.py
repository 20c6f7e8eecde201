"""Who eats: as reported by class, else as expected by roll, leave and night roll; staff and guests apart.

How the two counts meet: what a class reports stands for that class, in the plan and in a trace. The kitchen's own count
of the whole school takes the place of the sum of its classes, in the plan, in cost and in a trace. A kitchen that counted
class by class counted all of them: no class is expected besides.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.remembering import remembered
from houqin.lib.classes import class_key
from houqin.modules.canteen.models import EaterKind, Headcount, Meal, MealKind
from houqin.modules.canteen.queries.rolls import Absences, Asked, ClassRoll, by_facts, facts_of, rolls_of, slept_here
from houqin.modules.canteen.rules.heads import Away, expected

STAFF_AS_USUAL = timedelta(days=14)
NOBODY = Away()
Nights = dict[tuple[int, date], int]


@dataclass(frozen=True)
class ClassHeads:
    """A class at a meal. Without ``group_id`` these are the pupils who stand on no class list.

    It is told by a report, by the kitchen's count or, at breakfast, by the night roll; else it is expected.
    """

    group_id: int | None
    name: str
    on_roll: int
    eaters: int
    away: Away = NOBODY
    is_told: bool = False
    reported_at: datetime | None = None
    told_by: str = ""


@dataclass(frozen=True)
class Heads:
    """Who eats one meal. ``counted`` is the kitchen's own count of all pupils; ``confirmed``: nobody has to be guessed."""

    by_class: tuple[ClassHeads, ...]
    counted: int | None
    staff: int
    guests: int
    staff_told: bool
    confirmed: bool

    @property
    def pupils(self) -> int:
        """As the kitchen counted, else the sum of the classes."""
        return self.counted if self.counted is not None else sum(group.eaters for group in self.by_class)

    @property
    def total(self) -> int:
        """Everybody who eats."""
        return self.pupils + self.staff + self.guests

    @property
    def away(self) -> int:
        """Pupils known not to eat."""
        return sum(group.away.total for group in self.by_class)

    @property
    def missing(self) -> tuple[ClassHeads, ...]:
        """Classes that have not reported."""
        return tuple(group for group in self.by_class if group.group_id and not group.is_told)


@dataclass
class _Told:
    """The headcounts of one meal."""

    classes: dict[int, ClassHeads] = field(default_factory=dict)
    whole: int | None = None
    staff: int | None = None
    guests: int = 0
    by_kitchen: bool = False


def heads_for(meal: Meal | tuple[OrgUnit, date, str]) -> Heads:
    """Who eats a meal, cooked already or only planned."""
    asked = (meal.org_id, meal.day, meal.kind) if isinstance(meal, Meal) else (meal[0].pk, meal[1], meal[2])
    return heads_of([asked])[asked]


def heads_of(asked: Collection[Asked], *, plan: bool = True) -> dict[Asked, Heads]:
    """Who eats each of these meals. At most six queries, whatever their number.

    A plan counts staff as they were told last where nobody told; what is over (``plan=False``) only as told.
    """
    return _heads_of(tuple(asked), plan=plan)


@remembered
def _heads_of(asked: tuple[Asked, ...], *, plan: bool) -> dict[Asked, Heads]:
    told, rolls, absences, nights = _told(asked), rolls_of(asked), Absences(asked), slept_here(asked)
    facts = facts_of({org for org, _day, _meal in asked})
    usual = _staff_before(asked) if plan else {}
    found = {}
    for key in asked:
        count, (org_id, day, meal) = told[key], key
        classes = _classes(key, count, rolls[org_id], absences.at(key), nights)
        listed = [group for group in classes if group.group_id]
        is_whole = count.by_kitchen or (bool(listed) and all(group.is_told for group in listed))
        if not is_whole:
            classes = _with_unlisted(classes, by_facts(facts[org_id], day, meal))
        found[key] = Heads(
            by_class=tuple(classes),
            counted=count.whole,
            staff=count.staff if count.staff is not None else usual.get((org_id, meal), 0),
            guests=count.guests,
            staff_told=count.staff is not None,
            confirmed=is_whole or count.whole is not None,
        )
    return found


def _told(asked: Collection[Asked]) -> dict[Asked, _Told]:
    """What was reported and counted. One query."""
    found: dict[Asked, _Told] = defaultdict(_Told)
    rows = Headcount.objects.filter(
        meal__org_id__in={org for org, _day, _meal in asked},
        meal__day__in={day for _org, day, _meal in asked},
        meal__kind__in={meal for _org, _day, meal in asked},
    )
    fields = (
        "meal__org_id",
        "meal__day",
        "meal__kind",
        "kind",
        "class_group_id",
        "class_group__name",
        "eaters",
        "on_roll",
    )
    more = ("sick", "leave", "away", "reported_at", "account__display_name", "account__username")
    for org, day, meal, kind, group, name, eaters, on_roll, *rest in rows.order_by("pk").values_list(*fields, *more):
        count = found[org, day, meal]
        if group:
            sick, leave, away, reported_at, display_name, username = rest
            count.by_kitchen |= reported_at is None
            count.classes[group] = ClassHeads(
                group, name, eaters if on_roll is None else on_roll, eaters, Away(sick, leave, away), True, reported_at,
                display_name or username or "",
            )  # fmt: skip
        elif kind == EaterKind.STAFF:
            count.staff = eaters
        elif kind == EaterKind.GUESTS:
            count.guests = eaters
        else:
            count.whole = eaters
    return found


def _classes(
    key: Asked, count: _Told, rolls: list[ClassRoll], absent: dict[int | None, Away], nights: Nights
) -> list[ClassHeads]:
    """Each class as told, at breakfast by its night roll, else as roll and leave lead to expect; in the school's order."""
    classes = list(count.classes.values())
    for roll in rolls:
        on_roll, away = roll.of(key[2]), absent.get(roll.group_id, NOBODY)
        if on_roll and not count.by_kitchen and roll.group_id not in count.classes:
            slept = nights.get((roll.group_id, key[1])) if key[2] == MealKind.BREAKFAST and roll.group_id else None
            eaters = expected(on_roll, away.total, slept)
            classes.append(ClassHeads(roll.group_id, roll.name, on_roll, eaters, away, is_told=slept is not None))
    return sorted(classes, key=lambda group: (not group.name, class_key(group.name)))


def _with_unlisted(classes: list[ClassHeads], by_the_facts: int) -> list[ClassHeads]:
    """With those whom the school's facts count beyond its class lists."""
    beyond = by_the_facts - sum(group.on_roll for group in classes)
    return [*classes, ClassHeads(None, "", beyond, beyond)] if beyond > 0 else classes


def _staff_before(asked: Collection[Asked]) -> dict[tuple[int, str], int]:
    """School and meal → how many of the staff ate when it was told last. One query."""
    days = [day for _org, day, _meal in asked]
    if not days:
        return {}
    rows = Headcount.objects.filter(
        kind=EaterKind.STAFF, org_id__in={org for org, _day, _meal in asked}, meal__day__lt=max(days),
        meal__day__gte=min(days) - STAFF_AS_USUAL,
    )  # fmt: skip
    told = rows.order_by("meal__day").values_list("org_id", "meal__kind", "eaters")
    return {(org, meal): eaters for org, meal, eaters in told}
