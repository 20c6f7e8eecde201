"""Meals of staff and guests, and reminding the classes that are missing."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.notices.actions import tell
from houqin.core.notices.models import Notice
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account, ClassGroup
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.heads.reporting import AHEAD
from houqin.modules.canteen.actions.meals.opening import ForMeal, open_meal
from houqin.modules.canteen.models import EaterKind, Headcount
from houqin.modules.canteen.queries.reports import classes_missing

MOST_OTHERS = 2_000
titled({
    "canteen.others_reported": _("Staff and guests reported"),
    "canteen.classes_reminded": _("Classes reminded to report"),
})  # fmt: skip


@verb
def report_others(
    org: OrgUnit, *, by: Viewer, day: date, kind: str, staff: int | None = None, guests: int | None = None
) -> list[Headcount]:
    """So many of the staff and so many guests eat a meal; they are counted apart from the pupils. None leaves what stands."""
    require(by, "canteen.record", at=org)
    if not by.today <= day <= by.today + AHEAD:
        raise Refused(_("Meals of staff and guests are told for today and the days to come."), field="day")
    told = {EaterKind.STAFF.value: staff, EaterKind.GUESTS.value: guests}
    for who, eaters in told.items():
        if eaters is not None and not 0 <= eaters <= MOST_OTHERS:
            raise Refused(_("Write a number from 0 to %(most)s.") % {"most": MOST_OTHERS}, field=who)
    meal = open_meal(org, ForMeal(day, kind))
    rows = Headcount.objects.filter(meal=meal, class_group__isnull=True)
    known = {row.kind: row for row in rows.exclude(kind=EaterKind.PUPILS)}
    before = {who: row.eaters for who, row in known.items()}
    after = before | {who: eaters for who, eaters in told.items() if eaters is not None}
    for who, count in after.items():
        if before.get(who) != count:
            row = known.setdefault(who, Headcount(org=org, meal=meal, kind=who))
            row.eaters, row.reported_at, row.account_id = count, by.moment, by.account_id
            row.save()
    if before != after:
        record("canteen.others_reported", meal, by=by, org=org, before=before, after=after)
    return list(known.values())


@verb
def remind_missing(org: OrgUnit, *, by: Viewer, day: date) -> tuple[int, list[ClassGroup]]:
    """Ask the teachers of classes that have not reported. Returns how many were told, and the classes nobody could be told for."""
    require(by, "canteen.record", at=org)
    missing = classes_missing(org, day)
    if not missing:
        raise Refused(_("All classes have reported. Nobody has to be reminded."))
    accounts = {
        account.person_id: account
        for account in Account.objects.filter(
            is_active=True, person_id__in=[group.teacher_id for group in missing if group.teacher_id]
        )
    }
    silent = []
    for group in missing:
        account = accounts.get(group.teacher_id)
        if account is None:
            silent.append(group)
            continue

        def words(name: str = group.name) -> tuple[str, str]:
            title = gettext("Not yet reported: who of %(class)s eats on %(day)s")
            return title % {"class": name, "day": day.isoformat()}, gettext("The kitchen waits for the number.")

        url = f"{reverse('canteen:heads-class', args=[group.pk])}?day={day.isoformat()}"
        tell([account], words, by=by, org=org, url=url, level=Notice.Level.NOW)
    record("canteen.classes_reminded", None, by=by, org=org, day=day, missing=len(missing), without=len(silent))
    return len(missing) - len(silent), silent
