"""Tasks: duties that an office or a school sets in its own words. What they cost stands beside them."""

from datetime import date, time

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.posts import post_kinds
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.generation import replan
from houqin.flows.duties.models import Task
from houqin.flows.duties.schedule import Every

RHYTHMS = (
    *(Every.SCHOOL_DAY, Every.BOARDING_DAY, Every.WORKING_DAY, Every.DAY, Every.WEEK, Every.HALF_MONTH, Every.MONTH),
    *(Every.QUARTER, Every.TERM, Every.YEAR, Every.BEFORE_TERM, Every.BEFORE_HOLIDAY),
)
LONGEST_TENTHS = 4_800  # a working day

titled({"duties.task_set": _("Task set"), "duties.task_ended": _("Task ended")})


@verb
def set_task(
    org: OrgUnit,
    *,
    by: Viewer,
    title: str,
    why: str,
    post: str,
    every: str,
    tenth_minutes: int,
    opens: time = time(7),
    due: time = time(18),
    weekday: int | None = None,
    red_line: bool = False,
    from_on: date | None = None,
) -> Task:
    """Ask a post of the school, or of every school below the office, to do something again and again."""
    require(by, "duties.set", at=org)
    org = OrgUnit.objects.select_for_update(no_key=True).get(pk=org.pk)
    if not org.is_open:
        raise Refused(_("This unit is closed; nothing new is asked there."))
    if every not in RHYTHMS:
        raise Refused(_("There is no such rhythm. Choose one of the list."), field="every")
    if post not in post_kinds(by.today):
        raise Refused(_("There is no such post. Choose one of the list."), field="post")
    if due <= opens:
        raise Refused(_("The window ends before it begins. Swap the two times."), field="due")
    if not 0 < tenth_minutes <= LONGEST_TENTHS:
        raise Refused(_("Say how many minutes it takes: more than none, at most a working day."), field="tenth_minutes")
    if not why.strip():
        raise Refused(_("Say why it is needed: whoever does it reads this."), field="why")
    if from_on is not None and from_on < by.today:
        raise Refused(_("It cannot be asked for the past. Choose today or later."), field="from_on")
    if Task.objects.filter(org=org, title=title.strip(), post=post, ended_at__isnull=True).exists():
        raise Refused(_("This unit asks for exactly this already. End that task first."), field="title")
    row = Task(
        org=org, title=title.strip(), why=why.strip(), post=post, every=every, opens=opens, due=due,
        weekday=weekday if every == Every.WEEK else None, tenth_minutes=tenth_minutes, red_line=red_line,
        from_on=from_on or by.today, set_at=by.now, account_id=by.account_id,
    )  # fmt: skip
    row.full_clean()
    row.save()
    record("duties.task_set", row, by=by, org=org, post=post, every=every, tenth_minutes=tenth_minutes, why=row.why)
    replan(org, by=by, codes=[row.rule])
    return row


@verb
def end_task(task: Task, *, by: Viewer, reason: str) -> Task:
    """It is not asked any more: what has not begun falls away, what was done stays on record."""
    require(by, "duties.set", at=task.org)
    row: Task = Task.objects.select_for_update(of=("self",)).select_related("org").get(pk=task.pk)
    if row.ended_at is not None:
        raise Refused(_("This task was ended already."))
    if not reason.strip():
        raise Refused(_("Say why it is not needed any more."), field="reason")
    row.ended_at = by.now
    row.save(update_fields=["ended_at"])
    record("duties.task_ended", row, by=by, org=row.org, reason=reason.strip())
    replan(row.org, by=by, codes=[row.rule])
    return row
