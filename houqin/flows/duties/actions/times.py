"""A school's own times and posts for a duty, within what is asked."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.people.posts import post_kinds
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.generation import replan
from houqin.flows.duties.models import OwnWindow
from houqin.flows.duties.planning import read_schools
from houqin.flows.duties.registry import Rule, meals_of, rules_on
from houqin.flows.duties.rules import at_meals, fits_within
from houqin.flows.duties.schedule import ON_RECORD, Every, Schedule

WITHIN_DAYS = 14

titled({"duties.own_time_set": _("Own time of a duty set"), "duties.own_time_ended": _("Own time of a duty ended")})


@verb
def set_own_window(
    org: OrgUnit,
    *,
    by: Viewer,
    rule: str,
    slot: str = "",
    opens: time | None = None,
    due: time | None = None,
    post: str = "",
) -> OwnWindow:
    """A school does a duty at another time within the one that is asked, or gives it to another post. From now on."""
    require(by, "duties.arrange", at=org)
    org = OrgUnit.objects.select_for_update(no_key=True).get(pk=org.pk)
    asked = _asked(org, rule, by)
    if opens is None and due is None and not post:
        raise Refused(_("Enter a time or another post; nothing was changed."), field="opens")
    if post and post not in post_kinds(by.today):
        raise Refused(_("There is no such post. Choose one of the list."), field="post")
    if opens is not None or due is not None:
        _check_times(org, asked, slot, opens, due, by)
    _end(org, rule, slot, by)
    row = OwnWindow(
        org=org, rule=rule, slot=slot, opens=opens, due=due, post=post, set_at=by.now, account_id=by.account_id
    )
    row.full_clean(validate_constraints=False)
    row.save()
    record("duties.own_time_set", row, by=by, org=org, rule=rule, slot=slot, opens=opens, due=due, post=post)
    replan(org, by=by, codes=[rule])
    return row


@verb
def end_own_window(window: OwnWindow, *, by: Viewer) -> OwnWindow:
    """The times and the post that are asked hold again."""
    require(by, "duties.arrange", at=window.org)
    row: OwnWindow = OwnWindow.objects.select_for_update(of=("self",)).select_related("org").get(pk=window.pk)
    if row.ended_at is not None:
        raise Refused(_("This was ended already."))
    _end(row.org, row.rule, row.slot, by)
    record("duties.own_time_ended", row, by=by, org=row.org, rule=row.rule, slot=row.slot)
    replan(row.org, by=by, codes=[row.rule])
    row.refresh_from_db()
    return row


def _end(org: OrgUnit, rule: str, slot: str, by: Viewer) -> None:
    OwnWindow.objects.filter(org=org, rule=rule, slot=slot, ended_at__isnull=True).update(ended_at=by.now)


def _asked(org: OrgUnit, code: str, by: Viewer) -> Rule:
    if org.kind != Kind.SCHOOL:
        raise Refused(_("Own times are set by a school. Choose one."))
    rule = rules_on(by.today).get(code)
    if rule is None or org.pk not in read_schools([org], [rule], by.today).concerned[code]:
        raise Refused(_("This duty is not asked of the school (any more). Choose one of its list."), field="rule")
    return rule


def _check_times(org: OrgUnit, rule: Rule, slot: str, opens: time | None, due: time | None, by: Viewer) -> None:
    """The own window lies within the one asked, and is one."""
    clock = [one for one in rule.schedules if one.every not in ON_RECORD]
    if not clock:
        raise Refused(
            _("It follows something that happens and has no clock time. Only its post can be changed."), field="opens"
        )
    windows = [found for one in clock for found in _clock_times(org, one, slot, by)]
    if not windows:
        raise Refused(_("The school serves no such meal. Choose one that it serves."), field="slot")
    if not any(fits_within(opens, due, *window) for window in windows):
        told = "、".join(f"{begins:%H:%M}–{ends:%H:%M}" for begins, ends in sorted(set(windows)))
        raise Refused(
            _("It is asked between %(times)s. The school's own time lies within that, its end after its beginning.")
            % {"times": told},
            field="opens",
        )


def _clock_times(org: OrgUnit, schedule: Schedule, slot: str, by: Viewer) -> list[tuple[time, time]]:
    if schedule.every != Every.MEAL:
        return [(schedule.opens, schedule.due)] if schedule.slot == slot else []
    for number in range(WITHIN_DAYS):
        day = by.today + timedelta(days=number)
        meals = [(kind, _local(at)) for kind, at in meals_of([org], day).get(org.pk, []) if kind == slot]
        found = at_meals(schedule, day, meals)
        if found:
            return [(found[0].opens.time(), found[0].due.time())]
    return []


def _local(at: datetime) -> datetime:
    return timezone.make_naive(at) if at.tzinfo else at
