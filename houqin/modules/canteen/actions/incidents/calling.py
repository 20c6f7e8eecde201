"""Telephone numbers, asked once, and who answered."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.models import Case
from houqin.modules.canteen.actions.incidents.holding import done_by_the_way, held, require_no_name
from houqin.modules.canteen.models import Body, Call, EmergencyNumber

titled({"canteen.called": gettext_lazy("Telephoned"), "canteen.number_set": gettext_lazy("Emergency number recorded")})
STEP = {Body.AMBULANCE: "rescue"}


@verb
def note_call(case: Case, *, by: Viewer, body: str, answered_by: str, said: str = "", phone: str = "") -> Call:
    """Note who answered the telephone, and when; the step that asks for this call is done."""
    row = held(case, by)
    if body not in Body.values:
        raise Refused(_("Choose whom you telephoned."), field="body")
    if not answered_by.strip():
        raise Refused(_("Write who answered: a name or a number of the duty officer."), field="answered_by")
    require_no_name(row, by, f"{answered_by} {said}", field="said")
    call: Call = Call.objects.create(
        org=row.org, case=row, body=body, phone=phone.strip()[:30], answered_by=answered_by.strip()[:60],
        said=said.strip()[:200], at=by.moment, account_id=by.account_id,
    )  # fmt: skip
    record("canteen.called", call, by=by, org=row.org, case=row.number, body=body)
    note = " ".join(filter(None, [call.answered_by, call.said]))
    done_by_the_way(row, STEP.get(Body(body), f"call-{body}"), by=by, note=note)
    return call


@verb
def set_number(org: OrgUnit, *, by: Viewer, body: str, phone: str, note: str = "") -> EmergencyNumber:
    """Record whom to telephone in an emergency; it holds for the unit and all below it that have none of their own."""
    require(by, "canteen.set_numbers", at=org)
    if body not in Body.values:
        raise Refused(_("Choose whose number it is."), field="body")
    if not any(letter.isdigit() for letter in phone):
        raise Refused(_("Write the telephone number."), field="phone")
    number: EmergencyNumber
    number, _made = EmergencyNumber.objects.update_or_create(
        org=org, body=body, defaults={"phone": phone.strip()[:30], "note": note.strip()[:60]}
    )
    record("canteen.number_set", number, by=by, org=org, body=body)
    return number
