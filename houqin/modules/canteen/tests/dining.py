"""A school that eats, for tests: class 三年级一班 of Lin with forty children, ten of them boarders; class 四年级一班 with thirty."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from houqin.core.people.models import Account, ClassGroup, Person, Pupil
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import CheckKind, Meal, MealCheck, MealKind, Menu
from tests.world import TODAY, World

ENROLLED = date(2023, 9, 1)
EARLY = datetime(2024, 3, 3, 23, 30, tzinfo=UTC)  # 07:30 on the fourth of March, a Monday
LATE = datetime(2024, 3, 4, 0, 40, tzinfo=UTC)  # 08:40
BREAKFAST, LUNCH, DINNER = (kind.value for kind in MealKind)


def children(group: ClassGroup, count: int, *, boarders: int = 0, name: str = "生") -> list[Pupil]:
    """Children on the roll of a class; the first ones board."""
    return Pupil.objects.bulk_create(
        Pupil(
            org=group.org, class_group=group, name=f"{name}{number:02d}", enrolled_on=ENROLLED, is_boarder=number < boarders
        )
        for number in range(count)
    )  # fmt: skip


@dataclass
class Dining:
    """The school with its classes."""

    world: World
    three: ClassGroup
    four: ClassGroup
    pupils: list[Pupil]

    def lin(self, now: datetime = EARLY) -> Viewer:
        """The teacher of 三年级一班."""
        return self.world.viewer("lin", now)

    def an(self, now: datetime = EARLY) -> Viewer:
        """The keeper."""
        return self.world.viewer("an", now)

    def key(self, kind: str = LUNCH, day: date = TODAY) -> tuple[int, date, str]:
        return self.world.school_a.pk, day, kind

    def served(self, kind: str, day: date = TODAY) -> None:
        """A meal is over."""
        meal, _made = Meal.objects.get_or_create(org=self.world.school_a, day=day, kind=kind)
        at = timezone.make_aware(datetime.combine(day, time(12, 30)))
        MealCheck.objects.create(org=meal.org, meal=meal, kind=CheckKind.SERVED, at=at)


def teaches(account: Account, group: ClassGroup) -> Person:
    """The account's person is the class's teacher."""
    person = account.person or Person.objects.create(org=group.org, name=account.display_name)
    account.person = person
    account.save(update_fields=["person"])
    group.teacher = person
    group.save(update_fields=["teacher"])
    return person


def make_dining(world: World, today: date = TODAY) -> Dining:
    """Lunch, breakfast and dinner stand on the menu of the day and the next."""
    three = world.group
    four = ClassGroup.objects.create(org=world.school_a, name="四年级一班", grade="四年级", school_year=2023)
    Pupil.objects.filter(pk=world.child.pk).update(name="杜小明")
    pupils = [world.child, *children(three, 39, boarders=10)]
    children(four, 30)
    teaches(world.lin, three)
    for day in (today, today + timedelta(days=1)):
        for kind in MealKind.values:
            Menu.objects.create(org=world.town, day=day, kind=kind)
    facts: Any = world.school_a.facts.get()
    facts.enrolment, facts.boarders = 70, 10
    facts.save()
    return Dining(world, three, four, pupils)
