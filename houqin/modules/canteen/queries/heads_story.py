"""What the kitchen was told late of a meal, and who was away from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from houqin.core.audit.models import AuditEntry
from houqin.core.audit.trail import subject_key
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.heads_notices import CHANGED
from houqin.modules.canteen.models import Absence, AbsenceKind, Meal, MealKind
from houqin.modules.canteen.rules.heads import misses
from houqin.ui.deeds import who

MOST = 50


@dataclass(frozen=True)
class LateChange:
    """A class that told another number late, or after goods were issued."""

    at: datetime
    by: str
    group: str
    before: int
    after: int
    issued: bool


def late_changes(meal: Meal) -> list[LateChange]:
    """Newest first."""
    rows = AuditEntry.objects.filter(event=CHANGED, subject_kind=meal._meta.label_lower, subject_id=subject_key(meal))
    return [
        LateChange(
            row.at, who(row), row.detail["group"], row.detail["before"], row.detail["after"], row.detail["issued"]
        )
        for row in rows.order_by("-at", "-pk")[:MOST]
    ]


def absent_from(meal: Meal, viewer: Viewer) -> QuerySet[Any]:
    """Absences of those whom the meal was for, as far as the viewer may see pupils at all."""
    rows = Absence.objects.visible_to(viewer).filter(org_id=meal.org_id, first_on__lte=meal.day, last_on__gte=meal.day)
    if meal.kind != MealKind.LUNCH:
        rows = rows.filter(pupil__is_boarder=True)
    weekend = [
        row.pk
        for row in rows.filter(kind=AbsenceKind.WEEKEND)
        if not misses(row.kind, row.first_on, row.last_on, day=meal.day, meal=meal.kind)
    ]
    found: QuerySet[Any] = rows.exclude(pk__in=weekend).order_by("pupil__class_group__name", "pupil__name", "pk")
    return found
