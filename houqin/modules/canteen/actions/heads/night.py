"""晚点名: who sleeps at school, and so has breakfast there."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import ClassGroup
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.heads.absences import hold_class
from houqin.modules.canteen.heads_notices import Change, tell_kitchen
from houqin.modules.canteen.ledger_keeping import night_told
from houqin.modules.canteen.models import Meal, MealKind, NightRoll
from houqin.modules.canteen.queries.heads import heads_of
from houqin.modules.canteen.queries.rolls import rolls_of
from houqin.modules.canteen.rules.heads import MOST_OF_CLASS

_DAY = timedelta(days=1)
titled({"canteen.night_roll_recorded": _("Night roll recorded")})


@verb
def record_night_roll(group: ClassGroup, *, by: Viewer, night: date, present: int) -> NightRoll:
    """So many boarders of a class sleep at school; they have breakfast the next morning. A second roll replaces the first."""
    require(by, "canteen.report_heads", at=group.org)
    group = hold_class(group)
    if not by.today - _DAY <= night <= by.today:
        raise Refused(_("The roll is called in the evening and recorded until the next day."), field="night")
    if not 0 <= present <= MOST_OF_CLASS:
        raise Refused(_("Write how many are present, from 0 to %(most)s.") % {"most": MOST_OF_CLASS}, field="present")
    morning = (group.org_id, night + _DAY, MealKind.BREAKFAST.value)
    roll = next((one for one in rolls_of([morning])[group.org_id] if one.group_id == group.pk), None)
    if roll is None or not roll.boarders:
        raise Refused(_("%(class)s has no boarders on its roll.") % {"class": group})
    known: NightRoll | None = NightRoll.objects.filter(class_group=group, night=night).first()
    if known and known.present == present:
        return known
    before = _breakfast(group, morning)
    row = known or NightRoll(org_id=group.org_id, class_group=group, night=night)
    row.present, row.on_roll, row.recorded_at, row.account_id = present, roll.boarders, by.moment, by.account_id
    row.save()
    record(
        "canteen.night_roll_recorded", group, by=by, org=group.org, night=night, present=present, on_roll=roll.boarders
    )
    _tell_ledger(group.org, night, by=by)
    after = _breakfast(group, morning)
    meal = Meal.objects.filter(org_id=group.org_id, day=night + _DAY, kind=MealKind.BREAKFAST).first()
    if meal is not None and before != after:
        tell_kitchen(group.org, [Change(meal, group, before, after)], by=by, is_late=False)
    return row


def _tell_ledger(org: OrgUnit, night: date, *, by: Viewer) -> None:
    """The ledger of the night is written once every class with boarders has been called."""
    [rolls] = rolls_of([(org.pk, night + _DAY, MealKind.BREAKFAST.value)]).values()
    called = NightRoll.objects.filter(org=org, night=night).select_related("class_group").order_by("class_group__name")
    if {roll.group_id for roll in rolls if roll.group_id and roll.boarders} <= {row.class_group_id for row in called}:
        night_told(org, night, called, by=by)


def _breakfast(group: ClassGroup, morning: tuple[int, date, str]) -> int:
    heads = heads_of([morning])[morning]
    return next((one.eaters for one in heads.by_class if one.group_id == group.pk), 0)
