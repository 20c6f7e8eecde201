"""Writing down what was agreed with a firm, and ending it (R-022)."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.models import Service, ServiceContract

titled(
    {
        "inspections.service_agreed": _("Contract of a service written down"),
        "inspections.service_ended": _("Contract of a service ended"),
    }
)
AGREE = "inspections.agree"


@verb
def agree_service(
    org: OrgUnit,
    *,
    by: Viewer,
    service: str,
    firm: str,
    fee_fen: int,
    steps: Sequence[tuple[int, int]],
    from_on: date,
    until_on: date,
) -> ServiceContract:
    """Write down a contract: what is paid a month, and the percent of it that is kept back from which score on.

    ``steps`` run from the best score down to 0; a worse score never keeps back less.
    """
    require(by, AGREE, at=org)
    row = OrgUnit.objects.select_for_update().get(pk=org.pk)
    if row.kind in OFFICES or not row.is_open:
        raise Refused(_("A contract of a service is a school's that is open."), field="org")
    if service not in Service.values or not firm.strip():
        raise Refused(_("Say which service it is, and by which firm."), field="firm")
    if until_on < from_on:
        raise Refused(_("It ends before it begins. Check the two days."), field="until_on")
    least, percents = [one[0] for one in steps], [one[1] for one in steps]
    if not steps or least[-1] != 0 or least != sorted(set(least), reverse=True) or least[0] > 100:
        raise Refused(_("The scores run from the best down to 0."))
    if percents != sorted(percents) or not all(0 <= one <= 100 for one in percents):
        raise Refused(_("A worse score never keeps back less than a better one, and nothing more than all of it."))
    if ServiceContract.objects.filter(org=row, service=service, ended_on__isnull=True).exists():
        raise Refused(_("A contract of this service stands already. End it first."), field="service")
    made: ServiceContract = ServiceContract.objects.create(
        org=row, service=service, firm=firm.strip()[:120], fee_fen=fee_fen, steps=[list(one) for one in steps], from_on=from_on,
        until_on=until_on, set_at=by.now, account_id=by.account_id,
    )  # fmt: skip
    record("inspections.service_agreed", made, by=by, org=row, service=service, fee_fen=fee_fen, steps=made.steps)
    return made


@verb
def end_service(contract: ServiceContract, *, by: Viewer, reason: str) -> ServiceContract:
    """End it from today on; the months before stay as they were reckoned."""
    row: ServiceContract = (
        ServiceContract.objects.select_for_update(of=("self",)).select_related("org").get(pk=contract.pk)
    )
    require(by, AGREE, at=row.org)
    if row.ended_on is not None:
        raise Refused(_("It has ended already."))
    if not reason.strip():
        raise Refused(_("Write why."), field="reason")
    row.ended_on = by.today
    row.save(update_fields=["ended_on"])
    record("inspections.service_ended", row, by=by, org=row.org, reason=reason)
    return row
