"""Checks of a meal: core temperature, 试尝, serving begun and ended. A second look is a second row."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.policies.registry import value_of
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.meals.opening import ForMeal, check_today, open_meal
from houqin.modules.canteen.ledger_keeping import cores_measured
from houqin.modules.canteen.models import CheckKind, Meal, MealCheck
from houqin.modules.canteen.policies import CORE_TEMPERATURE
from houqin.modules.canteen.queries.dishes import cooked_dishes
from houqin.modules.canteen.rules.serving import is_cooked_through, is_temperature

titled({
    "canteen.core_measured": _("Core temperature measured"),
    "canteen.tasted": _("Tasted"),
    "canteen.serving_begun": _("Serving begun"),
    "canteen.serving_ended": _("Serving ended"),
})  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """The core of one dish, in tenths of a degree."""

    dish: str
    tenths: int


@verb
def measure_dishes(org: OrgUnit, *, by: Viewer, meal: Meal | ForMeal, dishes: Sequence[Measured]) -> list[MealCheck]:
    """Record core temperatures. One that is too low is recorded as not passed: cook on and measure again."""
    require(by, "canteen.cook", at=org)
    if not dishes:
        raise Refused(_("Write a temperature beside at least one dish."))
    for one in dishes:
        if not is_temperature(one.tenths):
            raise Refused(
                _("%(degrees)s °C is no temperature of food. Write degrees like 75.5.") % {"degrees": one.tenths / 10},
                field="tenths",
            )
    row = _opened(org, meal, by)
    cooked = cooked_dishes([row])[row.pk]
    for one in dishes:
        check_cooked(one.dish, cooked)
    least = int(value_of(CORE_TEMPERATURE, org))
    checks: list[MealCheck] = MealCheck.objects.bulk_create(
        _check(row, by, CheckKind.CORE, dish=one.dish, tenths=one.tenths, passed=is_cooked_through(one.tenths, least))
        for one in dishes
    )
    record("canteen.core_measured", row, by=by, org=org, tenths={one.dish: one.tenths for one in dishes}, least=least)
    cores_measured(row, checks, by=by)
    return checks


@verb
def taste_meal(
    org: OrgUnit, *, by: Viewer, meal: Meal | ForMeal, fine: bool = True, dish: str = "", note: str = ""
) -> MealCheck:
    """试尝: say that a person tasted the meal, or one dish of it, before the children did, and whether it was fine."""
    require(by, "canteen.cook", at=org)
    if not fine and not note.strip():
        raise Refused(_("Say what was wrong, and what becomes of the dish."), field="note")
    row = _opened(org, meal, by)
    if dish:
        check_cooked(dish, cooked_dishes([row])[row.pk])
    check = _check(row, by, CheckKind.TASTED, dish=dish, passed=fine, note=note.strip())
    check.save()
    record("canteen.tasted", row, by=by, org=org, fine=fine, dish=dish, note=check.note)
    return check


@verb
def begin_serving(org: OrgUnit, *, by: Viewer, meal: Meal | ForMeal) -> MealCheck:
    """Say that the children are being served."""
    return _serving(org, meal, by, CheckKind.SERVING, "canteen.serving_begun")


@verb
def end_serving(org: OrgUnit, *, by: Viewer, meal: Meal | ForMeal) -> MealCheck:
    """Say that everybody has been served."""
    return _serving(org, meal, by, CheckKind.SERVED, "canteen.serving_ended")


def _serving(org: OrgUnit, meal: Meal | ForMeal, by: Viewer, kind: CheckKind, event: str) -> MealCheck:
    require(by, "canteen.cook", at=org)
    row = _opened(org, meal, by)
    done = {check.kind: check for check in row.checks.filter(kind__in=[CheckKind.SERVING, CheckKind.SERVED])}
    if kind in done:
        raise Refused(
            _("%(check)s: recorded already by %(name)s. Nothing more is needed.")
            % {"check": kind.label, "name": done[kind].account or "—"}
        )
    if kind == CheckKind.SERVED and CheckKind.SERVING not in done:
        raise Refused(_("Say first when serving began."))
    check = _check(row, by, kind)
    check.save()
    record(event, row, by=by, org=org)
    return check


def _opened(org: OrgUnit, meal: Meal | ForMeal, by: Viewer) -> Meal:
    check_today(meal, by)
    return open_meal(org, meal)


def check_cooked(dish: str, cooked: Sequence[str]) -> None:
    """The dish is one of this meal."""
    if dish not in cooked:
        raise Refused(
            _("%(dish)s is not cooked for this meal any more. Reload the page and look.") % {"dish": dish}, field="dish"
        )


def _check(
    meal: Meal,
    by: Viewer,
    kind: CheckKind,
    *,
    dish: str = "",
    tenths: int | None = None,
    passed: bool = True,
    note: str = "",
) -> MealCheck:
    return MealCheck(
        org=meal.org, meal=meal, kind=kind, dish=dish, tenths=tenths, passed=passed, note=note, at=by.moment,
        account_id=by.account_id,
    )  # fmt: skip
