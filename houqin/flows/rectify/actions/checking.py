"""Reporting that it is put right, and somebody else looking at it again."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.events.bus import emit
from houqin.core.files.pictures import Upload
from houqin.core.grants.viewers import viewer_for
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.actions.pins import check_pin
from houqin.core.people.models import Account
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.rectify.actions.opening import locked, look_at, set_going
from houqin.flows.rectify.actions.ordering import asks_for_five
from houqin.flows.rectify.actions.settling import answer_causes, release_sealed
from houqin.flows.rectify.actions.sides import put_it_right
from houqin.flows.rectify.models import Finding, FindingState, Look, Severity

CLOSED = "rectify.closed"
titled(
    {
        "rectify.fixed": _("Reported as put right"),
        CLOSED: _("Seen to be put right, closed"),
        "rectify.returned": _("Sent back: not put right yet"),
        "rectify.on_the_spot": _("Put right on the spot"),
    }
)


@verb
def report_fixed(finding: Finding, *, by: Viewer, remark: str, photo: Upload | None = None) -> Finding:
    """Say that it is put right, with photos; somebody else looks at it again."""
    row = locked(finding)
    require(by, "rectify.fix", at=row.org)
    if row.state != FindingState.ORDERED:
        raise Refused(_("This does not wait to be put right: %(state)s.") % {"state": row.get_state_display()})
    if asks_for_five(row) and not row.plans.exists():
        raise Refused(_("A finding of this severity needs a plan with all five parts first. Write the plan."))
    if not remark.strip() and photo is None:
        raise Refused(_("Write what was done, or add a photo."), field="remark")
    row.state = FindingState.REPORTED
    row.save(update_fields=["state"])
    look_at(row, Look.Kind.FIXED, by=by, unit=row.org, remark=remark, photo=photo)
    answer_causes(row, by, remark)
    record("rectify.fixed", row, by=by, org=row.org)
    return row


@verb
def pass_recheck(finding: Finding, *, by: Viewer, remark: str = "", photo: Upload | None = None) -> Finding:
    """整改销号: somebody other than who put it right has seen it again, and it is in order."""
    row = _to_look_at(finding, by)
    look_at(row, Look.Kind.PASSED, by=by, unit=row.check_org or row.org, remark=remark, photo=photo)
    _close(row, by, remark)
    record(CLOSED, row, by=by, org=row.org)
    return row


@verb
def return_recheck(finding: Finding, *, by: Viewer, remark: str, photo: Upload | None = None) -> Finding:
    """Send it back: it is not put right yet. The day stays; more time is asked for."""
    row = _to_look_at(finding, by)
    if not remark.strip():
        raise Refused(_("Write what is still wrong."), field="remark")
    look_at(row, Look.Kind.RETURNED, by=by, unit=row.check_org or row.org, remark=remark, photo=photo)
    row.state = FindingState.ORDERED
    row.returned += 1
    row.save(update_fields=["state", "returned"])
    record("rectify.returned", row, by=by, org=row.org, reason=remark)
    return row


@verb
def fix_on_the_spot(
    finding: Finding, *, by: Viewer, witness: Account, pin: str, remark: str, photo: Upload | None = None
) -> Finding:
    """立行立改: put right at once and seen by a second person, who signs with their PIN. Not for serious hazards.

    Where an office looks again, the second person is one of that office.
    """
    row = locked(finding)
    require(by, "rectify.fix", at=row.org)
    if row.state not in {FindingState.FOUND, FindingState.ORDERED}:
        raise Refused(_("This does not wait to be put right: %(state)s.") % {"state": row.get_state_display()})
    if row.severity >= Severity.SERIOUS or row.red_line:
        raise Refused(_("A serious hazard is looked at again by the office above. Report it as put right."))
    if witness.pk == by.account_id or (by.person_id is not None and witness.person_id == by.person_id):
        raise Refused(_("A second person signs, not yourself."), field="witness")
    if row.state == FindingState.FOUND:
        set_going(row, by.today)
    _may_countersign(row, witness, by)
    check_pin(witness, pin)
    row.on_the_spot = True
    row.save(update_fields=["state", "due_on", "check_org", "on_the_spot"])
    look_at(row, Look.Kind.FIXED, by=by, unit=row.org, remark=remark, photo=photo)
    Look.objects.create(finding=row, kind=Look.Kind.PASSED, at=by.moment, account=witness, unit=row.org)
    _close(row, by, remark)
    record("rectify.on_the_spot", row, by=by, org=row.org, witness=str(witness))
    return row


def _may_countersign(row: Finding, witness: Account, by: Viewer) -> None:
    """Stop unless the second person works at the unit, or looks again for the office that does."""
    unit = row.check_org or row.org
    second = viewer_for(witness, now=by.now)
    if unit.pk == row.org_id and not second.may("rectify.find", row.org.path):
        raise Refused(_("Somebody who works at this unit signs beside you."), field="witness")
    if unit.pk != row.org_id and not second.may("rectify.recheck", unit.path):
        raise Refused(
            _("%(unit)s looks again at this. One of them signs beside you, or report it as put right.")
            % {"unit": unit},
            field="witness",
        )


@verb
def close_as_seen(finding: Finding, *, by: Viewer, remark: str, name: str, account: Account | None = None) -> Finding:
    """立行立改 before the eyes of who found it: somebody of the unit (``name``) put it right and has signed for that in the
    record that led to it. Not for serious hazards, nor for what another unit looks at again."""
    row = locked(finding)
    require(by, "rectify.recheck", at=row.org)
    if row.state != FindingState.ORDERED:
        raise Refused(_("This does not wait to be put right: %(state)s.") % {"state": row.get_state_display()})
    if row.severity >= Severity.SERIOUS or row.red_line:
        raise Refused(_("A serious hazard is looked at again by the office above. Report it as put right."))
    unit = row.check_org or row.org
    if not (by.may("rectify.recheck", unit.path) or _found_it_for(unit, row, by)):
        raise Refused(
            _(
                "%(unit)s looks again at “%(what)s”. Take the mark “put right on the spot” away and report it as put right."
            )
            % {"unit": unit, "what": row.title}
        )
    if account is not None and account.pk == by.account_id:
        raise Refused(_("Whoever put it right does not look again. Ask somebody else of your unit."))
    row.on_the_spot = True
    row.save(update_fields=["on_the_spot"])
    told = {"remark": remark, "at": by.moment}
    Look.objects.create(finding=row, kind=Look.Kind.FIXED, account=account, unit=row.org, **told)
    Look.objects.create(finding=row, kind=Look.Kind.PASSED, account_id=by.account_id, unit=row.found_org, **told)
    _close(row, by, remark)
    record("rectify.on_the_spot", row, by=by, org=row.org, witness=name)
    return row


def _found_it_for(unit: OrgUnit, row: Finding, by: Viewer) -> bool:
    """Whether somebody found it as an inspector of the unit that looks again, wherever they work."""
    seen = row.looks.filter(kind=Look.Kind.FOUND, account=by.account_id, unit=unit)
    return by.account_id is not None and unit.pk != row.org_id and seen.exists()


def _to_look_at(finding: Finding, by: Viewer) -> Finding:
    row = locked(finding)
    require(by, "rectify.recheck", at=row.org)
    unit = row.check_org or row.org
    if not by.may("rectify.recheck", unit.path):
        raise Refused(_("%(unit)s looks again at this. Wait for their visit.") % {"unit": unit})
    if row.state != FindingState.REPORTED:
        raise Refused(_("Nothing waits to be looked at again here: %(state)s.") % {"state": row.get_state_display()})
    if put_it_right(by, row):
        raise Refused(_("Whoever put it right does not look again. Ask somebody else of your unit."))
    return row


def _close(row: Finding, by: Viewer, remark: str) -> None:
    row.state, row.closed_at = FindingState.CLOSED, by.now
    row.save(update_fields=["state", "closed_at"])
    words = remark.strip() or gettext("Put right and closed")
    release_sealed(row, by, f"{row.number} {words}"[:200])
    answer_causes(row, by, words)
    emit(CLOSED, by=by, org=row.org, subject=row)
