"""What has been reported of a day's meals, class by class, and what is still missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import ClassGroup
from houqin.core.policies.registry import value_of
from houqin.core.scope.viewer import Viewer
from houqin.lib.classes import class_key
from houqin.modules.canteen.models import Meal, MealKind, Menu
from houqin.modules.canteen.policies import HEADS_DUE
from houqin.modules.canteen.queries.heads import ClassHeads, Heads, heads_of

AS_USUAL = timedelta(days=14)


def due_at(org: OrgUnit, day: date) -> datetime:
    """Until when classes report who eats on a day. One query."""
    clock = time.fromisoformat(str(value_of(HEADS_DUE, org)))
    return timezone.make_aware(datetime.combine(day, clock))


def kinds_served(org: OrgUnit, day: date) -> list[str]:
    """The meals of a day: those with a menu, and those served lately; lunch where nothing is known. Two queries."""
    menus = Menu.objects.filter(day=day, org__path__in=[*org.ancestor_paths, org.path])
    meals = Meal.objects.filter(org=org, day__gte=day - AS_USUAL, day__lte=day)
    known = set(menus.order_by().values_list("kind", flat=True)) | set(meals.order_by().values_list("kind", flat=True))
    return [kind for kind in MealKind.values if kind in known] or [MealKind.LUNCH.value]


def own_classes(viewer: Viewer) -> QuerySet[ClassGroup]:
    """The classes that the viewer teaches, with pupils on the roll today."""
    if viewer.person_id is None:
        return ClassGroup.objects.none()  # type: ignore[no-any-return]
    rows = ClassGroup.objects.visible_to(viewer, "canteen.report_heads").filter(teacher_id=viewer.person_id)
    here = rows.filter(pupils__left_on__isnull=True, pupils__isnull=False).select_related("org")
    found: QuerySet[ClassGroup] = here.order_by("org__path", "pk").distinct()
    return found


def names_allowed(viewer: Viewer, group: ClassGroup) -> bool:
    """A class teacher sees the names of the own class; everybody else reports numbers."""
    own = viewer.person_id is not None and group.teacher_id == viewer.person_id
    return own and viewer.may("people.view_pupil_names", group.org.path)


@dataclass(frozen=True)
class ClassLine:
    """A class on a day: what stands at each meal, in the order of the meals; None where the meal is not for it."""

    group: ClassGroup
    labels: tuple[str, ...]
    cells: tuple[ClassHeads | None, ...]
    missing: bool
    is_late: bool

    @property
    def away(self) -> int:
        """Pupils of the class known to miss the meal that most are asked for."""
        return max((cell for cell in self.cells if cell), key=lambda cell: cell.on_roll).away.total

    @property
    def named(self) -> list[tuple[str, ClassHeads | None]]:
        """Each meal's name with what stands there."""
        return list(zip(self.labels, self.cells, strict=True))

    @property
    def reported_at(self) -> datetime | None:
        """When it reported last."""
        return max((cell.reported_at for cell in self.cells if cell and cell.reported_at), default=None)

    @property
    def told_by(self) -> str:
        """Who reported."""
        return next((cell.told_by for cell in self.cells if cell and cell.told_by), "")


@dataclass(frozen=True)
class Board:
    """A school's day: its meals, its classes, who is missing."""

    org: OrgUnit
    day: date
    due: datetime
    kinds: tuple[str, ...]
    heads: tuple[Heads, ...]
    lines: tuple[ClassLine, ...]

    @property
    def missing(self) -> tuple[ClassLine, ...]:
        """Classes that have not reported."""
        return tuple(line for line in self.lines if line.missing)

    @property
    def columns(self) -> list[tuple[str, str, Heads]]:
        """Each meal: its kind, its name, who eats it."""
        return [(kind, str(MealKind(kind).label), heads) for kind, heads in zip(self.kinds, self.heads, strict=True)]


def board_of(org: OrgUnit, day: date) -> Board:
    """Who reported what for a day. About ten queries, whatever the number of classes."""
    kinds = kinds_served(org, day)
    # Of all meals, as others ask who are on the same page.
    found, due = heads_of([(org.pk, day, kind) for kind in MealKind.values]), due_at(org, day)
    heads = [found[org.pk, day, kind] for kind in kinds]
    cells = [{one.group_id: one for one in each.by_class if one.group_id} for each in heads]
    groups = ClassGroup.objects.filter(pk__in={pk for one in cells for pk in one}).select_related("teacher", "org")
    lines = [
        _line(group, tuple(one.get(group.pk) for one in cells), kinds, due)
        for group in sorted(groups, key=lambda group: class_key(group.name))
    ]
    return Board(org, day, due, tuple(kinds), tuple(heads), tuple(lines))


def sentence(board: Board) -> str:
    """What the kitchen asks first: how many have told, and how many eat."""
    if not board.lines:
        return gettext("No class has pupils on its roll.")
    told = len(board.lines) - len(board.missing)
    eat = "、".join(
        gettext("%(meal)s %(count)s") % {"meal": label, "count": heads.total} for _kind, label, heads in board.columns
    )
    if not board.missing:
        return gettext("All classes have reported: %(eat)s.") % {"eat": eat}
    words = ngettext(
        "%(told)s of %(count)s class has reported. With what is expected of the rest: %(eat)s.",
        "%(told)s of %(count)s classes have reported. With what is expected of the rest: %(eat)s.",
        len(board.lines),
    )
    return words % {"told": told, "count": len(board.lines), "eat": eat}


def classes_missing(org: OrgUnit, day: date) -> list[ClassGroup]:
    """Classes that have not reported who eats on a day."""
    return [line.group for line in board_of(org, day).missing]


def _line(group: ClassGroup, cells: tuple[ClassHeads | None, ...], kinds: Sequence[str], due: datetime) -> ClassLine:
    asked = [cell for cell, kind in zip(cells, kinds, strict=True) if cell and is_asked(kind, kinds)]
    late = [cell for cell in asked if cell.reported_at and cell.reported_at > due]
    labels = tuple(str(MealKind(kind).label) for kind in kinds)
    return ClassLine(group, labels, cells, any(not cell.is_told for cell in asked), bool(late))


def is_asked(kind: str, kinds: Sequence[str]) -> bool:
    """Whether a class has to report a meal by the due time: not breakfast, which the night roll tells, unless there is no other."""
    return kind != MealKind.BREAKFAST or len(kinds) == 1
