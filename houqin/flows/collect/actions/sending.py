"""A notice goes out to its schools, and those that are silent are reminded: once a day, whoever asks."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.calendars.rules import national
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.collect.actions.writing import hold_draft
from houqin.flows.collect.models import WAITING, Collection, Return
from houqin.flows.collect.queries.earlier import asked_before
from houqin.flows.collect.queries.progress import returns_of
from houqin.flows.collect.rules import due_day
from houqin.flows.collect.telling import tell_reminded, tell_sent

titled({"collect.sent": _("Notice sent to schools"), "collect.reminded": _("Schools reminded")})


def due_on(collection: Collection, day: date) -> date:
    """The day by which schools answer a notice that is sent on ``day``."""
    if collection.days_counted == Collection.Days.CALENDAR:
        return due_day(day, collection.due_days)
    ahead = collection.due_days * 3 + 30  # the longest holidays fit into it
    works = [national(day + timedelta(days=number)).what.is_school_day for number in range(1, ahead)]
    return due_day(day, collection.due_days, works)


@verb
def send_notice(collection: Collection, *, by: Viewer, again_because: str = "") -> Collection:
    """Send a notice to the schools chosen. What they were asked before needs a reason, which they can read."""
    row = hold_draft(collection, by)
    schools = list(row.chosen.order_by("path"))
    if not schools:
        raise Refused(_("Choose the schools first."))
    closed = [school for school in schools if not school.is_open or not school.path.startswith(row.org.path)]
    if closed:
        raise Refused(_("%(school)s was closed or moved meanwhile. Choose the schools anew.") % {"school": closed[0]})
    before = asked_before(row, by)
    again_because = again_because.strip()
    if before and not again_because:
        raise Refused(
            _(
                "“%(column)s” was asked before by “%(title)s”. Leave it out, or say why it is asked again: schools read it."
            )
            % {"column": before[0].column.label, "title": before[0].earlier.collection.title},
            field="again_because",
        )
    row.again_because = again_because if before else ""
    row.state, row.sent_at, row.sent_by_id = Collection.State.OPEN, by.now, by.account_id
    row.due_on = due_on(row, by.today)
    row.save(update_fields=["again_because", "state", "sent_at", "sent_by", "due_on"])
    Return.objects.bulk_create(Return(collection=row, org=school, due_on=row.due_on) for school in schools)
    tell_sent(row, [school.path for school in schools], by=by)
    record(
        "collect.sent", row, by=by, org=row.org, schools=len(schools), due_on=row.due_on,
        asked_again=sorted({one.column.label for one in before}), reason=row.again_because,
    )  # fmt: skip
    return row


@verb
def remind_schools(collection: Collection, *, by: Viewer) -> int:
    """Remind the schools within one's reach that have not answered; a school is reminded at most once a day."""
    row: Collection | None = Collection.objects.select_for_update(of=("self",)).select_related("org").filter(
        pk=collection.pk
    ).first()  # fmt: skip
    mine = returns_of(collection, by, "collect.send")
    if row is None or not mine.exists():
        raise NotVisible
    if not row.is_open:
        raise Refused(_("This notice is closed: nobody has to answer any more."))
    silent = mine.filter(state__in=WAITING)
    if not silent.exists():
        raise Refused(_("All schools have answered. There is nobody to remind."))
    due = [one for one in silent if one.reminded_on != by.today]
    if not due:
        raise Refused(_("These schools were reminded today. Tomorrow they can be reminded again, or telephone."))
    Return.objects.filter(pk__in=[one.pk for one in due]).update(reminded_on=by.today)
    tell_reminded(row, [one.org.path for one in due], by=by)
    record("collect.reminded", row, by=by, org=row.org, schools=len(due), day=by.today)
    return len(due)
