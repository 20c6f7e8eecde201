"""Doing a duty by one tap and a remark; a record does it by ``complete``."""

from datetime import timedelta

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.policies.registry import value_of
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.completing import complete
from houqin.flows.duties.holding import held
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.duties.policies import UNDO_MINUTES
from houqin.flows.duties.registry import url_of

__all__ = ["complete", "do_duties", "do_duty", "undo_duty"]

titled({"duties.done": _("Duty done"), "duties.undone": _("Tick taken back")})


@verb
def do_duty(duty: Duty, *, by: Viewer, note: str = "") -> Duty:
    """Tick a duty that asks for no record of its own; "nothing to report" is worth as much as a remark."""
    require(by, "duties.do", at=duty.org)
    row = held(duty)
    if row.state == DutyState.DONE:
        raise Refused(_("It is done already: %(who)s, %(when)s.") % {"who": _who(row), "when": _clock(row)})
    if row.state == DutyState.EXCUSED:
        raise Refused(_("It was excused and need not be done: %(why)s") % {"why": row.note})
    if row.state == DutyState.SUSPENDED:
        raise Refused(
            _("It rests while an incident is looked into: nothing may be thrown away or cleaned. Ask your head.")
        )
    if url_of(row):
        raise Refused(_("It is done by writing its ledger, not by a tick. Open it from the list."))
    if by.moment < row.opens_at:
        raise Refused(_("It can be done from %(when)s on.") % {"when": localtime(row.opens_at).strftime("%m-%d %H:%M")})
    row.state, row.done_at, row.account_id, row.note = DutyState.DONE, by.moment, by.account_id, note.strip()
    row.full_clean()
    row.save(update_fields=["state", "done_at", "account", "note"])
    record("duties.done", row, by=by, org=row.org, rule=row.rule, slot=row.slot, about=row.about_key, note=row.note)
    return row


@verb
def do_duties(duties: list[Duty], *, by: Viewer, note: str = "") -> int:
    """Tick several at once: the places of one round. What somebody else ticked meanwhile is passed over; how many were done."""
    done = 0
    for duty in sorted(duties, key=lambda row: row.pk):
        require(by, "duties.do", at=duty.org)
        if held(duty).state == DutyState.OPEN:
            do_duty(duty, by=by, note=note)
            done += 1
    if not done:
        raise Refused(_("These are done already; somebody was quicker."))
    return done


@verb
def undo_duty(duty: Duty, *, by: Viewer) -> Duty:
    """Take one's own tick back, within minutes: a slip of the thumb."""
    require(by, "duties.do", at=duty.org)
    row = held(duty)
    if row.state != DutyState.DONE or row.done_at is None:
        raise Refused(_("It is not ticked: there is nothing to take back."))
    if row.evidence_id is not None:
        raise Refused(_("A ledger entry proves it. Correct the entry instead; the duty stays done."))
    if row.account_id != by.account_id:
        raise Refused(_("%(who)s ticked it. Only who ticked it takes it back.") % {"who": _who(row)})
    minutes = int(value_of(UNDO_MINUTES, row.org))
    if by.now > row.done_at + timedelta(minutes=minutes):
        raise Refused(
            _("A tick is taken back within %(minutes)s minutes. Tell your head what was wrong.") % {"minutes": minutes}
        )
    row.state, row.done_at, row.account_id, row.note = DutyState.OPEN, None, None, ""
    row.save(update_fields=["state", "done_at", "account", "note"])
    record("duties.undone", row, by=by, org=row.org, rule=row.rule, slot=row.slot, about=row.about_key)
    return row


def _who(duty: Duty) -> str:
    return duty.account.display_name if duty.account else "Houqin"


def _clock(duty: Duty) -> str:
    return localtime(duty.done_at).strftime("%m-%d %H:%M") if duty.done_at else ""
