"""What a class teacher has before the eyes when reporting who eats: numbers filled in already, and who is known to be away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from houqin.core.calendars.days import DayInfo, day_infos
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import ClassGroup, Pupil
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Absence, AbsenceKind, CheckKind, Headcount, MealCheck, MealKind
from houqin.modules.canteen.queries.heads import heads_of
from houqin.modules.canteen.queries.reports import due_at, kinds_served, names_allowed
from houqin.modules.canteen.rules.heads import Away

OFFERED_DAYS = 4
LOOKED_AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class MealEntry:
    """One meal of the class: the number that stands or is expected, and whether it can still be changed."""

    kind: str
    eaters: int | None
    on_roll: int
    away: Away
    is_told: bool
    reported_at: datetime | None
    told_by: str
    is_served: bool

    @property
    def label(self) -> str:
        """The meal's name."""
        return str(MealKind(self.kind).label)


@dataclass(frozen=True)
class PupilEntry:
    """A pupil of the class, and the absence that covers the day."""

    pupil: Pupil
    absence: Absence | None

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """Reasons that fit: only boarders have weekend leave."""
        return [
            (kind.value, str(kind.label))
            for kind in AbsenceKind
            if self.pupil.is_boarder or kind != AbsenceKind.WEEKEND
        ]


@dataclass(frozen=True)
class ClassSheet:
    """A class on a day. ``pupils`` are named for its own teacher only; everybody else reports numbers."""

    group: ClassGroup
    day: date
    info: DayInfo
    due: datetime
    meals: tuple[MealEntry, ...]
    pupils: tuple[PupilEntry, ...]

    @property
    def open_meals(self) -> tuple[MealEntry, ...]:
        """Meals whose number can still be told."""
        return tuple(meal for meal in self.meals if not meal.is_served)

    @property
    def reported_at(self) -> datetime | None:
        """When the class reported last for this day."""
        return max((meal.reported_at for meal in self.meals if meal.reported_at), default=None)

    @property
    def told_by(self) -> str:
        """Who reported."""
        return next((meal.told_by for meal in self.meals if meal.told_by), "")

    @property
    def away(self) -> Away:
        """Reasons known so far, of the meal that most are asked for."""
        return max(self.meals, key=lambda meal: meal.on_roll).away if self.meals else Away()


def class_of(viewer: Viewer, pk: int) -> ClassGroup:
    """The class within reach of those who report."""
    rows = ClassGroup.objects.select_related("org", "teacher")
    found: ClassGroup = rows.get_visible(viewer, "canteen.report_heads", pk=pk)
    return found


def days_offered(org: OrgUnit, today: date) -> list[DayInfo]:
    """Today, when there is school or boarders stay, and the next such days."""
    infos = day_infos(org, today, today + LOOKED_AHEAD)
    return [info for info in infos if info.boarders_stay][:OFFERED_DAYS]


def sheet_of(viewer: Viewer, group: ClassGroup, info: DayInfo) -> ClassSheet:
    """The class on a day, filled in. About twelve queries."""
    org, day = group.org, info.day
    pupils = list(Pupil.objects.on_roll(day).filter(class_group=group).order_by("name", "pk"))
    kinds = _kinds(org, info, viewer.today, any(pupil.is_boarder for pupil in pupils) or not pupils)
    heads = heads_of([(org.pk, day, kind) for kind in kinds])
    served = set(
        MealCheck.objects.filter(meal__org=org, meal__day=day, kind=CheckKind.SERVED).values_list(
            "meal__kind", flat=True
        )
    )
    last = {} if pupils else _last_told(group, day)
    meals = []
    for kind in kinds:
        cell = next((one for one in heads[org.pk, day, kind].by_class if one.group_id == group.pk), None)
        eaters = cell.eaters if cell else last.get(kind)
        meals.append(
            MealEntry(
                kind, eaters, cell.on_roll if cell else 0, cell.away if cell else Away(), bool(cell and cell.is_told),
                cell.reported_at if cell else None, cell.told_by if cell else "", kind in served,
            )
        )  # fmt: skip
    entries = _named(pupils, org, day) if names_allowed(viewer, group) else ()
    return ClassSheet(group, day, info, due_at(org, day), tuple(meals), tuple(entries))


def _kinds(org: OrgUnit, info: DayInfo, today: date, has_boarders: bool) -> list[str]:
    """The meals that the class is asked for: dinner where it has boarders; breakfast of this morning is told by the night roll."""
    served = kinds_served(org, info.day)
    fitting = [kind for kind in served if kind == MealKind.LUNCH or has_boarders]
    to_come = [kind for kind in fitting if kind != MealKind.BREAKFAST or info.day > today]
    return to_come or fitting or served


def _named(pupils: Iterable[Pupil], org: OrgUnit, day: date) -> list[PupilEntry]:
    rows = Absence.objects.filter(
        org=org, pupil__in=[pupil.pk for pupil in pupils], first_on__lte=day, last_on__gte=day
    )
    absences = {row.pupil_id: row for row in rows.order_by("pk")}
    return [PupilEntry(pupil, absences.get(pupil.pk)) for pupil in pupils]


def _last_told(group: ClassGroup, day: date) -> dict[str, int]:
    """What a class without a list of its pupils told last, meal by meal."""
    rows = Headcount.objects.filter(class_group=group, meal__day__lt=day, meal__day__gte=day - LOOKED_AHEAD)
    return dict(rows.order_by("meal__day").values_list("meal__kind", "eaters"))
