"""Leading a case: who works on it, hand-over, supervision, its end."""

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.events.bus import emit
from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer, covers
from houqin.flows.cases.actions.working import locked, log, require_fit, require_lead, require_open
from houqin.flows.cases.kinds import kind_of, manner_of
from houqin.flows.cases.models import Case, CaseState, Member, MemberRole

CLOSED = "cases.closed"
titled(
    {
        CLOSED: _("Case closed"),
        "cases.reopened": _("Case opened again"),
        "cases.member_added": _("Member added"),
        "cases.member_removed": _("Member taken off the case"),
        "cases.handed_over": _("Case handed over"),
        "cases.supervised": _("Put under supervision"),
    }
)


@verb
def add_member(case: Case, *, by: Viewer, account: Account, role: str = MemberRole.WORKS) -> Member:
    """Let somebody work on the case; somebody who does so already gets the new role."""
    row = locked(case, by)
    require_lead(row, by)
    require_open(row)
    if MemberRole(role) == MemberRole.LEADS:
        raise Refused(_("One person leads a case. Hand it over."), field="role")
    if row.members.filter(account=account, role=MemberRole.LEADS, until_at__isnull=True).exists():
        raise Refused(_("They lead this case. Hand it over first."), field="account")
    made = _joined(row, account, MemberRole(role), by)
    record("cases.member_added", row, by=by, org=row.trail_org, member=account.public_id, role=role)
    return made


@verb
def remove_member(case: Case, *, by: Viewer, account: Account, reason: str) -> Case:
    """Take somebody off the case; who leads it hands it over instead."""
    row = locked(case, by)
    require_lead(row, by)
    require_open(row)
    member = row.members.filter(account=account, until_at__isnull=True).first()
    if member is None:
        raise Refused(_("They do not work on this case."), field="account")
    if member.role == MemberRole.LEADS:
        raise Refused(_("They lead this case. Hand it over first."), field="account")
    member.until_at = by.now
    member.save(update_fields=["until_at"])
    record("cases.member_removed", row, by=by, org=row.trail_org, member=account.public_id, reason=reason)
    return row


@verb
def hand_over(case: Case, *, by: Viewer, to: Account, reason: str) -> Case:
    """Somebody else leads from now on; who led works on."""
    row = locked(case, by)
    require_lead(row, by)
    require_open(row)
    leaders = row.members.filter(role=MemberRole.LEADS, until_at__isnull=True)
    if leaders.filter(account=to).exists():
        raise Refused(_("They lead this case already."), field="to")
    for leader in leaders:
        leader.role = MemberRole.WORKS
        leader.save(update_fields=["role"])
    _joined(row, to, MemberRole.LEADS, by)
    record("cases.handed_over", row, by=by, org=row.trail_org, member=to.public_id, reason=reason)
    return row


def _joined(case: Case, account: Account, role: MemberRole, by: Viewer) -> Member:
    home = account.home.path if account.home is not None else ""
    near = bool(home) and (covers(home, case.org.path) or covers(case.org.path, home))
    about = case.person_id is not None and account.person_id == case.person_id
    if not account.is_active or not near or about:
        raise Refused(_("This person cannot work on this case."))
    member: Member | None = case.members.filter(account=account, until_at__isnull=True).first()
    if member is None:
        made: Member = Member.objects.create(case=case, account=account, role=role, since_at=by.now)
        return made
    member.role = role
    member.save(update_fields=["role"])
    return member


@verb
def supervise_case(case: Case, *, by: Viewer, unit: OrgUnit, reason: str) -> Case:
    """督办: an office above watches over the case until it is closed."""
    row = locked(case, by)
    require(by, "cases.supervise", at=unit)
    require_open(row)
    if unit.kind not in OFFICES or not row.org.path.startswith(unit.path) or unit.pk == row.org_id:
        raise Refused(_("An office above the unit supervises."), field="unit")
    row.supervised_by = unit
    row.save(update_fields=["supervised_by"])
    record("cases.supervised", row, by=by, org=row.trail_org, unit=unit.name, reason=reason)
    return row


@verb
def close_case(case: Case, *, by: Viewer, outcome: str, reason: str) -> Case:
    """Close it with how it ended. Every step is done or left out with a reason first, unless this outcome ends it early."""
    row = locked(case, by)
    require_lead(row, by)
    require_open(row)
    ending = next((one for one in kind_of(row.kind, by.today).outcomes if one.code == outcome), None)
    if ending is None:
        raise Refused(_("Choose one of the outcomes of this kind of case."), field="outcome")
    if not reason.strip():
        raise Refused(_("Write how it ended."), field="reason")
    require_fit(row, by, reason, field="reason")
    undone = row.steps.filter(done_at__isnull=True)
    first = undone.first()
    if first is not None and not ending.early:
        raise Refused(_("Not done yet: %(step)s. Do it, or say why it does not apply.") % {"step": first.title})
    lacks = manner_of(row.kind).lacks(row, outcome)
    if lacks:
        raise Refused(lacks)
    undone.update(done_at=by.now, done_by=by.account_id, not_applicable=True, note=reason)
    row.state, row.closed_at, row.closed_by_id = CaseState.CLOSED, by.now, by.account_id
    row.outcome, row.closed_why = outcome, reason[:300]
    row.save(update_fields=["state", "closed_at", "closed_by", "outcome", "closed_why"])
    record(CLOSED, row, by=by, org=row.trail_org, outcome=outcome)
    emit(CLOSED, by=by, org=row.trail_org, subject=row, kind=row.kind, drill=row.drill, outcome=outcome)
    return row


@verb
def reopen_case(case: Case, *, by: Viewer, reason: str) -> Case:
    """Open a closed case again, with a reason that the log keeps."""
    row = locked(case, by)
    require_lead(row, by)
    if row.is_open:
        raise Refused(_("This case is open."))
    if row.drill:
        raise Refused(_("A drill that is over is not opened again. Begin another."))
    if not reason.strip():
        raise Refused(_("Write why."), field="reason")
    row.state, row.closed_at, row.outcome = CaseState.OPEN, None, ""
    row.save(update_fields=["state", "closed_at", "outcome"])
    log(row, by=by, text=reason)
    record("cases.reopened", row, by=by, org=row.trail_org)
    return row
