"""The night roll of a school: which classes have boarders, and how many of them should be there."""

from dataclasses import dataclass
from datetime import date, timedelta

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import ClassGroup
from houqin.core.scope.viewer import Viewer
from houqin.lib.classes import class_key
from houqin.modules.canteen.models import MealKind, NightRoll
from houqin.modules.canteen.queries.rolls import Absences, rolls_of
from houqin.modules.canteen.rules.heads import Away, expected

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class NightLine:
    """A class with boarders: how many are on its roll, how many are there as told, else as leave leads to expect."""

    group: ClassGroup
    boarders: int
    present: int
    told: NightRoll | None


@dataclass(frozen=True)
class NightSheet:
    """One night of a school, or of the classes of one teacher."""

    org: OrgUnit
    night: date
    lines: tuple[NightLine, ...]

    @property
    def present(self) -> int:
        """All that are there."""
        return sum(line.present for line in self.lines)

    @property
    def boarders(self) -> int:
        """All on the rolls."""
        return sum(line.boarders for line in self.lines)

    @property
    def missing(self) -> tuple[NightLine, ...]:
        """Classes whose roll was not called yet."""
        return tuple(line for line in self.lines if line.told is None)


def night_of(org: OrgUnit, night: date, viewer: Viewer) -> NightSheet:
    """The classes with boarders: those of a teacher's own where there are any, else all of the school. Four queries."""
    morning = (org.pk, night + _DAY, MealKind.BREAKFAST.value)
    rolls = {roll.group_id: roll.boarders for roll in rolls_of([morning])[org.pk] if roll.group_id and roll.boarders}
    absent = Absences([morning]).at(morning)
    told = {row.class_group_id: row for row in NightRoll.objects.filter(org=org, night=night).select_related("account")}
    groups = list(ClassGroup.objects.filter(pk__in=rolls).select_related("teacher"))
    own = [group for group in groups if group.teacher_id and group.teacher_id == viewer.person_id]
    lines = []
    for group in sorted(own or groups, key=lambda group: class_key(group.name)):
        known, boarders = told.get(group.pk), rolls[group.pk]
        present = known.present if known else expected(boarders, absent.get(group.pk, Away()).total)
        lines.append(NightLine(group, boarders, present, known))
    return NightSheet(org, night, tuple(lines))
