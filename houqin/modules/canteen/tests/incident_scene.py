"""Lunch of school A with a guilty dish: of three classes those who ate the cold cucumber fell ill."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from houqin.core.people.models import ClassGroup, Pupil
from houqin.core.places.models import Place, PlaceKind
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.flows.cases.models import Case
from houqin.modules.canteen.actions.incidents import raise_alarm, register_ill, search_class
from houqin.modules.canteen.models import Ill, Meal, MealDish, Product, Sample
from houqin.modules.canteen.tests.dining import children, teaches
from houqin.modules.canteen.tests.recall_scene import party, put_lot, serve
from tests.world import NOON, World

CUCUMBER, RICE, CHICKEN = "凉拌黄瓜", "米饭", "烧鸡腿"
DISHES = (RICE, CHICKEN, CUCUMBER)
CLASS_SIZE = 30


@dataclass
class Outbreak:
    """The school, its classes, the meal, and the case once the alarm was raised."""

    world: World
    now: datetime
    groups: list[ClassGroup]
    pupils: dict[int, list[Pupil]]
    meal: Meal
    samples: list[Sample]
    kitchen: Place
    product: Product
    case: Case | None = field(default=None)

    def by(self, name: str, minutes: float = 0) -> Viewer:
        """One of the cast, so many minutes after the alarm."""
        return self.world.viewer(name, self.now + timedelta(minutes=minutes))

    def alarm(self, name: str = "shi", minutes: float = 0, *, drill: bool = False) -> Case:
        """Somebody presses the button."""
        self.case = raise_alarm(self.world.school_a, by=self.by(name, minutes), is_drill=drill)
        return self.case

    def falls_ill(self, pupil: Pupil, *, ate: Sequence[str] = DISHES, name: str = "lin", minutes: float = 5) -> Ill:
        """One pupil is registered."""
        assert self.case is not None
        return register_ill(
            self.case, by=self.by(name, minutes), pupil=pupil, onset_at=self.now, signs=["vomiting"],
            ate=[(self.meal, dish) for dish in ate],
        )  # fmt: skip

    def spread(self) -> None:
        """Of each class eight ate cucumber and six of these are ill; two ill of it in all never ate it; everybody ate rice."""
        assert self.case is not None
        for number, group in enumerate(self.groups):
            for pupil in self.pupils[group.pk][:6]:
                self.falls_ill(pupil, name="gao")
            odd = 1 if number < 2 else 0
            if odd:
                self.falls_ill(self.pupils[group.pk][8], ate=(RICE, CHICKEN), name="gao")
            well = CLASS_SIZE - 6 - odd
            search_class(
                self.case, by=self.by("gao", 20), class_group=group, well=well,
                ate={(self.meal, RICE): well, (self.meal, CHICKEN): well - 2, (self.meal, CUCUMBER): 2},
            )  # fmt: skip


def make_outbreak(world: World, now: datetime = NOON) -> Outbreak:
    """Three classes, the last lunch with three dishes, samples of them, and the bad cucumbers in schools A and B."""
    today: date = (
        now - timedelta(hours=4)
    ).date()  # the school's clock less twelve hours: before noon yesterday's lunch
    school = world.school_a
    others = [
        ClassGroup.objects.create(org=school, name=name, grade=name[:3], school_year=2023)
        for name in ("三年级二班", "四年级一班")
    ]
    groups = [world.group, *others]
    pupils = {}
    for number, group in enumerate(groups):
        taken = list(Pupil.objects.filter(class_group=group))
        pupils[group.pk] = [*taken, *children(group, CLASS_SIZE - len(taken), boarders=3, name="甲乙丙"[number])]
    teaches(world.lin, world.group)
    supplier = party(world.town, "绿源合作社")
    product = Product.objects.create(org=world.town, name="黄瓜", category="vegetable")
    lot = put_lot(school, product, supplier, grams=20_000, produced_on=today, batch="HG1", received_on=today)
    put_lot(world.school_b, product, supplier, grams=15_000, produced_on=today, batch="HG1", received_on=today)
    meal = serve(lot, 8_000, day=today, eaters=90)
    MealDish.objects.bulk_create(MealDish(org=school, meal=meal, name=name) for name in DISHES)
    MealDish.objects.get(meal=meal, name=CUCUMBER).products.add(product)
    samples = Sample.objects.bulk_create(
        Sample(
            org=school, meal=meal, dish=dish, grams=130, taken_at=now - timedelta(hours=1),
            keep_until=now + timedelta(hours=47), account=world.shi,
        )
        for dish in DISHES
    )  # fmt: skip
    kitchen = Place.objects.create(
        subject=Subject.objects.create(kind="place", org=school, label="加工间"), org=school, kind=PlaceKind.ROOM,
        name="加工间", use="kitchen",
    )  # fmt: skip
    return Outbreak(world, now, groups, pupils, meal, samples, kitchen, product)
