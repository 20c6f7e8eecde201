"""One button on every phone of the school; its end where it was an error or a drill."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.orgs.schools import AT_WORK
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.flows.cases.actions.leading import close_case
from houqin.flows.cases.actions.opening import open_case
from houqin.flows.cases.actions.working import locked, log, require_open
from houqin.flows.cases.models import Case
from houqin.flows.duties.actions.suspending import suspend_duties
from houqin.flows.seals.chaining import hold
from houqin.modules.canteen.actions.incidents.holding import LEAD, unasked
from houqin.modules.canteen.actions.incidents.reopening import open_again
from houqin.modules.canteen.incident_kind import KIND
from houqin.modules.canteen.incident_notices import tell_alarm
from houqin.modules.canteen.ledger_keeping import drill_held
from houqin.modules.canteen.models import Ill, Incident
from houqin.ui import formats

titled({"canteen.alarm_raised": gettext_lazy("Alarm raised"), "canteen.alarm_joined": gettext_lazy("Alarm joined")})


@verb
def raise_alarm(org: OrgUnit, *, by: Viewer, is_drill: bool = False, what: str = "") -> Case:
    """Begin the first two hours at a school or a campus of its own kitchen: the clock runs, everybody is told, nothing that may be evidence is destroyed.

    Where the case runs already, this joins it: two who press at once open one. A drill stops nothing and tells only the
    school. The clock counts from when the button was pressed, also on a phone without network.
    """
    require(by, "cases.work", at=org)
    if org.kind not in AT_WORK:
        raise Refused(_("Choose the school where somebody fell ill."))
    if by.account_id is None:
        raise Refused(_("An alarm is raised by a person."))
    hold(org)
    running: Case | None = Case.objects.unsettled().filter(org=org, kind=KIND, drill=is_drill).first()
    if running is not None:
        return _joined(running, by, what)
    case = open_case(org, by=by, kind=KIND, title=_("Suspected food poisoning"), detail=what.strip(), drill=is_drill)
    subject = Subject.objects.create(kind="incident", org=org, label=case.number)
    Incident.objects.create(case=case, subject=subject, org=org)
    if not is_drill:
        # whoever presses need not hold the permission: the alarm itself keeps the evidence
        suspend_duties(
            org,
            by=unasked(by),
            why=_("Suspected food poisoning %s") % case.number,
            cause_id=str(case.public_id),
        )
    record("canteen.alarm_raised", case, by=by, org=org, drill=is_drill)
    tell_alarm(case, by=by)
    return case


def _joined(case: Case, by: Viewer, what: str) -> Case:
    told = _("Also reported by %(name)s at %(at)s. %(what)s") % {
        "name": by.name, "at": formats.clock(by.moment), "what": what.strip(),
    }  # fmt: skip
    log(case, by=by, text=told.strip())
    record("canteen.alarm_joined", case, by=by, org=case.org)
    return case


@verb
def call_off(case: Case, *, by: Viewer, reason: str) -> Case:
    """End it as a false alarm: nobody is ill. What was stopped may be used again, what rested is asked again."""
    row = locked(case, by)
    require(by, LEAD, at=row.org)
    require_open(row)
    if row.drill:
        raise Refused(_("A drill is ended, not called off."))
    if Ill.objects.standing().filter(case=row).exists():
        raise Refused(_("Somebody is registered as ill, so this is no false alarm. Go on until it is explained."))
    open_again(row.incident, by, reason)
    return close_case(row, by=by, outcome="false-alarm", reason=reason)


@verb
def end_drill(case: Case, *, by: Viewer, found: str) -> Case:
    """End the drill: what was not done is left out, and the ledger of drills gets its entry with the minutes of each step."""
    row = locked(case, by)
    require(by, LEAD, at=row.org)
    require_open(row)
    if not row.drill:
        raise Refused(_("This is no drill. It ends when the cause is known and the kitchen is open again."))
    if not found.strip():
        raise Refused(_("Write what went well and what to do better."), field="found")
    steps = list(row.steps.filter(done_at__isnull=False))
    closed = close_case(row, by=by, outcome="drilled", reason=found.strip())
    drill_held(closed, steps, by=by, found=found.strip())
    return closed
