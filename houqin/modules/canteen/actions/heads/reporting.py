"""A class tells who eats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.calendars.days import day_info
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import ClassGroup
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.heads.absences import Missing, hold_class, write_absences
from houqin.modules.canteen.actions.meals.opening import ForMeal, open_meal
from houqin.modules.canteen.heads_notices import Change, tell_kitchen
from houqin.modules.canteen.models import CheckKind, Headcount, Meal, MealCheck, MealKind
from houqin.modules.canteen.queries.heads import ClassHeads, heads_of
from houqin.modules.canteen.queries.reports import due_at
from houqin.modules.canteen.queries.rolls import Absences, Asked, rolls_of
from houqin.modules.canteen.rules.heads import MOST_OF_CLASS, Away, shared_out

AHEAD = timedelta(days=14)
titled({"canteen.heads_reported": _("Who eats reported")})


@dataclass(frozen=True)
class _Class:
    """A held class on a day, with what stood before this report."""

    group: ClassGroup
    day: date
    before: Mapping[Asked, ClassHeads | None]
    on_roll: Mapping[str, int]

    def key(self, kind: str) -> Asked:
        return self.group.org_id, self.day, kind


@verb
def report_heads(
    group: ClassGroup,
    *,
    by: Viewer,
    day: date,
    meals: Mapping[str, int],
    absent: Sequence[Missing] | None = None,
    sick: int = 0,
    leave: int = 0,
) -> list[Headcount]:
    """A class tells how many eat each meal of a day, today or on a school day to come. A second report replaces the first.

    ``absent`` names everybody of the class who is away that day; who was recorded as away and is not among them is back.
    None leaves absences as they are, and ``sick`` and ``leave`` tell how many are missing for these reasons. Whoever is
    missing without a reason is away. What changes after the due time, or once goods were issued for the meal, is told to
    the kitchen at once; a meal that was served is not changed any more.
    """
    require(by, "canteen.report_heads", at=group.org)
    group = hold_class(group)
    _check(group.org, day, meals, sick, leave, by)
    kinds = [kind for kind in MealKind.values if kind in meals]
    held = {kind: open_meal(group.org, ForMeal(day, kind)) for kind in kinds}
    state = _state(group, day, kinds)
    if absent is not None:
        write_absences(group, day, absent, by, all_of_them=True)
    reasons = _reasons(state, kinds) if absent is not None else dict.fromkeys(kinds, Away(sick, leave))
    _refuse_served(held, meals, state)
    rows = [_write(held[kind], meals[kind], reasons[kind], state, by) for kind in kinds]
    changed = [row for row in rows if row is not None]
    if changed:
        record(
            "canteen.heads_reported", group, by=by, org=group.org, day=day,
            eaters={row.meal.kind: row.eaters for row in changed},
        )  # fmt: skip
        _tell(changed, state, by)
    return list(Headcount.objects.filter(meal__in=held.values(), class_group=group).select_related("meal"))


def _check(org: OrgUnit, day: date, meals: Mapping[str, int], sick: int, leave: int, by: Viewer) -> None:
    if day < by.today:
        raise Refused(
            _("The meals of %(day)s are over. The kitchen can still record its own count of that day.")
            % {"day": day.isoformat()},
            field="day",
        )
    if day > by.today + AHEAD:
        raise Refused(_("Report the meals of the next %(days)s days at most.") % {"days": AHEAD.days}, field="day")
    info = day_info(org, day)
    if not info.boarders_stay:
        raise Refused(
            _(
                "%(day)s is no school day (%(label)s). If school is held, the head of school marks it in the calendar first."
            )
            % {"day": day.isoformat(), "label": info.label},
            field="day",
        )
    if not meals or not meals.keys() <= set(MealKind.values):
        raise Refused(_("Say for at least one meal how many eat."))
    for kind, eaters in meals.items():
        if not 0 <= eaters <= MOST_OF_CLASS:
            raise Refused(
                _("Write how many of the class eat, from 0 to %(most)s.") % {"most": MOST_OF_CLASS}, field=kind
            )
    if not (0 <= sick <= MOST_OF_CLASS and 0 <= leave <= MOST_OF_CLASS):
        raise Refused(_("Write how many are away, from 0 to %(most)s.") % {"most": MOST_OF_CLASS}, field="sick")


def _state(group: ClassGroup, day: date, kinds: Sequence[str]) -> _Class:
    keys = [(group.org_id, day, kind) for kind in kinds]
    before = {
        key: next((one for one in heads.by_class if one.group_id == group.pk), None)
        for key, heads in heads_of(keys).items()
    }
    roll = next((one for one in rolls_of(keys)[group.org_id] if one.group_id == group.pk), None)
    return _Class(group, day, before, {kind: roll.of(kind) for kind in kinds} if roll else {})


def _reasons(state: _Class, kinds: Sequence[str]) -> dict[str, Away]:
    """Why the class misses whom it misses, by the names just written."""
    absences = Absences([state.key(kind) for kind in kinds])
    return {kind: absences.at(state.key(kind)).get(state.group.pk, Away()) for kind in kinds}


def _refuse_served(held: Mapping[str, Meal], meals: Mapping[str, int], state: _Class) -> None:
    served = MealCheck.objects.filter(meal__in=held.values(), kind=CheckKind.SERVED)
    over = set(served.values_list("meal__kind", flat=True))
    for kind in held:
        stands = state.before[state.key(kind)]
        if kind in over and meals[kind] != (stands.eaters if stands else 0):
            raise Refused(
                _("%(meal)s has been served for %(eaters)s of the class. The kitchen can still record its own count.")
                % {"meal": held[kind], "eaters": stands.eaters if stands else 0},
                field=kind,
            )


def _write(meal: Meal, eaters: int, reasons: Away, state: _Class, by: Viewer) -> Headcount | None:
    """The row of the class at one meal; None when it said the same already."""
    on_roll = state.on_roll.get(meal.kind)
    away = reasons if on_roll is None else shared_out(on_roll, eaters, sick=reasons.sick, leave=reasons.leave)
    said = {"eaters": eaters, "on_roll": on_roll, "sick": away.sick, "leave": away.leave, "away": away.away}
    row = Headcount.objects.filter(meal=meal, class_group=state.group).first()
    row = row or Headcount(org_id=meal.org_id, meal=meal, class_group=state.group)
    if row.reported_at and all(getattr(row, name) == value for name, value in said.items()):
        return None
    for name, value in said.items():
        setattr(row, name, value)
    row.reported_at, row.account_id, row.meal = by.moment, by.account_id, meal
    row.save()
    return row


def _tell(rows: Sequence[Headcount], state: _Class, by: Viewer) -> None:
    """What the kitchen did not expect and may have acted upon."""
    is_late = by.now > due_at(state.group.org, state.day)
    changes = []
    for row in rows:
        stood = state.before[state.key(row.meal.kind)]
        if row.eaters != (stood.eaters if stood else 0):
            changes.append(Change(row.meal, state.group, stood.eaters if stood else 0, row.eaters))
    tell_kitchen(state.group.org, changes, by=by, is_late=is_late)
