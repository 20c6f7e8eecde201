"""Telling those who work on a case that a step is late, once for each step."""

from collections import defaultdict
from datetime import timedelta

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.events.bus import emit
from houqin.core.notices.actions import Note, notify_each
from houqin.core.notices.models import Notice
from houqin.core.people.models import Account
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.kinds import manner_of
from houqin.flows.cases.models import CaseState, Member, MemberRole, Step
from houqin.flows.duties.reminding_readers import readers_of

MANY = 500
A_DAY = timedelta(days=1)
titled({"cases.reminded": _("Late steps of cases brought to mind")})


@verb
def remind_of_late_steps(*, by: Viewer) -> int:
    """Tell the members of each open case whose step is late, and the post that does it; how many steps.

    Run again, nobody is told twice. ``cases.step_late`` is emitted for what else follows.
    """
    if not by.is_system:
        raise Refused(_("Late steps are brought to mind by themselves."))
    late = Step.objects.filter(
        case__state=CaseState.OPEN, done_at__isnull=True, reminded_at__isnull=True, due_at__lt=by.now
    )
    locked = list(late.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)[:MANY])
    steps = list(Step.objects.filter(pk__in=locked).select_related("case__org").order_by("pk"))
    members: dict[int, list[Account]] = defaultdict(list)
    roles = [MemberRole.LEADS, MemberRole.WORKS]
    found = Member.objects.filter(case__in={one.case_id for one in steps}, until_at__isnull=True, role__in=roles)
    for member in found.select_related("account").order_by("pk"):
        members[member.case_id].append(member.account)
    posts = {(step.case.org_id, step.post) for step in steps if step.post}
    holding = readers_of(posts, by.today) if posts else {}
    notes = []
    for step in steps:
        told = {one.pk: one for one in (*members[step.case_id], *holding.get((step.case.org_id, step.post), ()))}
        notes += [_note(step, account) for account in told.values()]
    notify_each(notes, by=by)
    for step in steps:
        emit("cases.step_late", by=by, org=step.case.org, subject=step.case, case=step.case_id, code=step.code)
    Step.objects.filter(pk__in=locked).update(reminded_at=by.now)
    if steps:
        record("cases.reminded", None, by=by, org=None, count=len(steps))
    return len(steps)


def _note(step: Step, account: Account) -> Note:
    with translation.override(account.language):
        title = gettext("Late: %(step)s") % {"step": step.title}
        page = manner_of(step.case.kind).page
        url = page(step.case) if page else reverse("cases:cases-detail", args=[step.case.public_id])
        level = Notice.Level.NOW if step.due_at and step.due_at - step.case.opened_at < A_DAY else Notice.Level.SOON
        return Note(account.pk, step.case.org_id, title, str(step.case), url, level)
