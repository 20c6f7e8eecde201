"""While an incident is looked into, nothing reminds anybody to destroy evidence."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.events.bus import emit
from houqin.core.orgs.models import OrgUnit
from houqin.core.orgs.schools import AT_WORK
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.models import Duty, DutyState, Suspension
from houqin.flows.duties.registry import rules_on

titled({"duties.suspended": _("Duties suspended"), "duties.suspension_lifted": _("Suspension of duties lifted")})


@verb
def suspend_duties(org: OrgUnit, *, by: Viewer, why: str, cause_id: str = "") -> Suspension:
    """Disinfection, waste and disposal of samples rest at a school, so that what may be evidence is kept."""
    require(by, "duties.suspend", at=org)
    org = OrgUnit.objects.select_for_update(no_key=True).get(pk=org.pk)
    if org.kind not in AT_WORK:
        raise Refused(_("Duties rest school by school. Choose the school whose kitchen it concerns."))
    if not why.strip():
        raise Refused(_("Say what happened, so that the kitchen knows why."), field="why")
    if Suspension.objects.filter(org=org, cause_id=cause_id, lifted_at__isnull=True).exists():
        raise Refused(_("They rest already for this reason; nothing was changed."))
    row = Suspension(org=org, why=why.strip(), cause_id=cause_id, since=by.now, account_id=by.account_id)
    row.full_clean()
    row.save()
    _destroying(org, by).filter(state=DutyState.OPEN).update(state=DutyState.SUSPENDED)
    record("duties.suspended", row, by=by, org=org, why=row.why, cause=cause_id)
    emit("duties.suspended", by=by, org=org, subject=row)
    return row


@verb
def lift_suspension(suspension: Suspension, *, by: Viewer, why: str) -> Suspension:
    """Evidence is secured: the duties are asked again. What would be long overdue by now stays at rest.

    What rests for a cause of its own is lifted by that cause alone.
    """
    require(by, "duties.suspend", at=suspension.org)
    org = OrgUnit.objects.select_for_update(no_key=True).get(pk=suspension.org_id)
    row: Suspension = Suspension.objects.select_for_update(of=("self",)).get(pk=suspension.pk)
    if row.lifted_at is not None:
        raise Refused(_("This was lifted already."))
    if row.cause_id and not by.is_system:
        raise Refused(
            _("They rest for a suspected food poisoning. They are asked again when its kitchen opens, on its page.")
        )
    if not why.strip():
        raise Refused(_("Say who secured the evidence and agreed."), field="why")
    row.lifted_at, row.lifted_by_id, row.lifted_why = by.now, by.account_id, why.strip()
    row.full_clean()
    row.save(update_fields=["lifted_at", "lifted_by", "lifted_why"])
    if not Suspension.objects.filter(org=org, lifted_at__isnull=True).exists():
        resting = _destroying(org, by).filter(state=DutyState.SUSPENDED, due_at__gt=by.now)
        resting.update(state=DutyState.OPEN)
    record("duties.suspension_lifted", row, by=by, org=org, why=row.lifted_why)
    emit("duties.suspension_lifted", by=by, org=org, subject=row)
    return row


def _destroying(org: OrgUnit, by: Viewer) -> QuerySet[Duty]:
    """The school's duties that would destroy evidence, as the rules say today."""
    codes = [code for code, rule in rules_on(by.today).items() if rule.destroys_evidence]
    rows: QuerySet[Duty] = Duty.objects.filter(org=org, rule__in=codes)
    return rows
