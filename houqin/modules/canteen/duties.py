"""Which meals a school serves on a day, and when: what duties at meals are counted from."""

from collections.abc import Iterable
from datetime import date, datetime

from houqin.core.calendars.many import days_of_many
from houqin.core.orgs.models import CanteenMode, OrgUnit, SchoolFacts
from houqin.core.policies.registry import standing
from houqin.flows.duties.registry import meal_times
from houqin.modules.canteen.models import CanteenCard, MealKind
from houqin.modules.canteen.queries.kitchen import SERVED_AT, moment_of


@meal_times
def served(orgs: Iterable[OrgUnit], day: date) -> dict[int, list[tuple[str, datetime]]]:
    """Lunch on school days, all three meals where boarders stay, as the canteen's card says. Six queries for any number."""
    units = {unit.pk: unit for unit in orgs}
    boarders = _boarders(units, day)
    cards = _cards(units, day)
    clocks = standing(SERVED_AT.values(), units.values())
    found: dict[int, list[tuple[str, datetime]]] = {}
    for shared in days_of_many(units.values(), day, day):
        info = shared.days[0]
        for pk in shared.org_ids:
            if pk not in boarders or not (info.is_school_day or (info.boarders_stay and boarders[pk])):
                continue
            kinds = cards.get(pk) or _by_boarders(boarders[pk])
            found[pk] = [(kind.value, moment_of(day, str(clocks[pk][SERVED_AT[kind]].value))) for kind in kinds]
    return found


def _boarders(units: dict[int, OrgUnit], day: date) -> dict[int, int]:
    """How many board at each school that serves meals at all."""
    rows = SchoolFacts.objects.in_force(day).filter(org_id__in=units).exclude(canteen_mode=CanteenMode.NONE)
    return dict(rows.values_list("org_id", "boarders"))


def _cards(units: dict[int, OrgUnit], day: date) -> dict[int, list[MealKind]]:
    """The meals that each registered canteen serves."""
    rows = CanteenCard.objects.agreed().filter(org_id__in=units, valid_from__lte=day).order_by("valid_from", "pk")
    fields = ("org_id", "serves_breakfast", "serves_lunch", "serves_dinner")
    return {
        org_id: [kind for kind, serves in zip(MealKind, flags, strict=True) if serves]
        for org_id, *flags in rows.values_list(*fields)
    }


def _by_boarders(boarders: int) -> list[MealKind]:
    """What a school serves that has not registered its canteen."""
    return list(MealKind) if boarders else [MealKind.LUNCH]
