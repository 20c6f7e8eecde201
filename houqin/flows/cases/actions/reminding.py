"""Telling those who work on a case that a step is late, once for each step."""

from collections import defaultdict

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.notices.actions import Note, notify_each
from houqin.core.notices.models import Notice
from houqin.core.people.models import Account
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.models import CaseState, Member, MemberRole, Step

MANY = 500
titled({"cases.reminded": _("Late steps of cases brought to mind")})


@verb
def remind_of_late_steps(*, by: Viewer) -> int:
    """Tell the members of each open case whose step is late; how many steps. Run again, nobody is told twice."""
    if not by.is_system:
        raise Refused(_("Late steps are brought to mind by themselves."))
    late = Step.objects.filter(
        case__state=CaseState.OPEN, done_at__isnull=True, reminded_at__isnull=True, due_at__lt=by.now
    )
    locked = list(late.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)[:MANY])
    steps = list(Step.objects.filter(pk__in=locked).select_related("case__org").order_by("pk"))
    members = defaultdict(list)
    roles = [MemberRole.LEADS, MemberRole.WORKS]
    found = Member.objects.filter(case__in={one.case_id for one in steps}, until_at__isnull=True, role__in=roles)
    for member in found.select_related("account").order_by("pk"):
        members[member.case_id].append(member.account)
    notify_each([_note(step, account) for step in steps for account in members[step.case_id]], by=by)
    Step.objects.filter(pk__in=locked).update(reminded_at=by.now)
    if steps:
        record("cases.reminded", None, by=by, org=None, count=len(steps))
    return len(steps)


def _note(step: Step, account: Account) -> Note:
    with translation.override(account.language):
        title = gettext("Late: %(step)s") % {"step": step.title}
        url = reverse("cases:cases-detail", args=[step.case.public_id])
        return Note(account.pk, step.case.org_id, title, str(step.case), url, Notice.Level.SOON)
