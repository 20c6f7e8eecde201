"""What the canteen knows when a ledger is opened: the dishes of a meal, who eats it, who is on the roll."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from houqin.core.orgs.models import OrgUnit, SchoolFacts
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.definitions import Resolved
from houqin.flows.ledgers.prefills import lines_of, prefill
from houqin.modules.canteen.models import Meal, MealKind
from houqin.modules.canteen.queries.dishes import cooked_dishes
from houqin.modules.canteen.queries.heads import heads_for


@lines_of("dishes")
def dishes(org: OrgUnit, by: Viewer, day: date, slot: str, resolved: Resolved) -> list[Mapping[str, Any]]:
    """What is cooked for the meal; without a meal for every meal of the day."""
    kinds = [slot] if slot in MealKind.values else MealKind.values
    known = {meal.kind: meal for meal in Meal.objects.filter(org=org, day=day, kind__in=kinds).select_related("org")}
    meals = [known.get(kind) or Meal(pk=-number, org=org, day=day, kind=kind) for number, kind in enumerate(kinds, 1)]
    names = dict.fromkeys(name for cooked in cooked_dishes(meals).values() for name in cooked)
    return [{"id": "", "name": name} for name in names]


@prefill("heads")
def heads(org: OrgUnit, by: Viewer, day: date, slot: str) -> int | None:
    """Everybody who eats the meal; the fullest one of the day where none is named."""
    kinds = [slot] if slot in MealKind.values else MealKind.values
    return max((heads_for((org, day, kind)).total for kind in kinds), default=0) or None


@prefill("enrolment")
def enrolment(org: OrgUnit, by: Viewer, day: date, slot: str) -> int | None:
    """All pupils of the school."""
    return _fact(org, day, "enrolment")


@prefill("boarders")
def boarders(org: OrgUnit, by: Viewer, day: date, slot: str) -> int | None:
    """All boarders of the school."""
    return _fact(org, day, "boarders")


def _fact(org: OrgUnit, day: date, name: str) -> int | None:
    return SchoolFacts.objects.in_force(day).filter(org=org).values_list(name, flat=True).first() or None
