"""The meal that a deed is about: found or opened, and held until the deed is done."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.inserting import insertion, is_inserted
from houqin.core.tables.statements import together
from houqin.modules.canteen.models import Meal, MealKind


@dataclass(frozen=True)
class ForMeal:
    """The meal of a day, whether or not anything has been recorded for it."""

    day: date
    kind: str


def check_meal(org: OrgUnit, meal: Meal | ForMeal) -> None:
    """It is a meal, and one of this school."""
    if isinstance(meal, Meal) and meal.org_id != org.pk:
        raise NotVisible
    if meal.kind not in MealKind.values:
        raise Refused(_("Choose the meal."), field="kind")
    if org.kind not in (Kind.SCHOOL, Kind.CAMPUS):
        raise Refused(_("Meals are cooked in schools."))


def open_meal(org: OrgUnit, meal: Meal | ForMeal) -> Meal:
    """The meal's row, opened by the first deed for it, and held so that two deeds for it come one after the other."""
    check_meal(org, meal)
    rows = Meal.objects.select_for_update(of=("self",)).select_related("org")
    held: Meal | None = rows.filter(org=org, day=meal.day, kind=meal.kind).first()
    if held is not None:
        return held
    opened = Meal(org=org, day=meal.day, kind=meal.kind)
    (made,) = together(insertion(opened, unique=("org", "day", "kind")))
    return opened if is_inserted(opened, made) else rows.get(org=org, day=meal.day, kind=meal.kind)


def check_today(meal: Meal | ForMeal, by: Viewer) -> None:
    """What is seen and measured is recorded on the day itself: neither before nor from memory."""
    if meal.day > by.today:
        raise Refused(_("This meal has not come yet. Record it on its day."), field="day")
    if meal.day < by.today:
        raise Refused(
            _("This meal was on %(day)s. What was measured then is told by the paper of that day; import it.")
            % {"day": meal.day.isoformat()},
            field="day",
        )
