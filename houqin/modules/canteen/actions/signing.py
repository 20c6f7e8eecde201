"""双人联检: the second signature under a delivery — on one's own phone, by PIN on this one, or the principal's later."""

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.grants.viewers import accounts_holding
from houqin.core.people.actions.pins import check_pin
from houqin.core.people.models import Account
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Delivery, Origin, SignedHow
from houqin.modules.canteen.queries.signing import COUNTERSIGN, SIGN
from houqin.modules.canteen.rules.signing import Signer, is_second

titled({"canteen.delivery_signed": _("Signed by the second person")})


@verb
def sign_delivery(delivery: Delivery, *, by: Viewer) -> Delivery:
    """Sign as the second person, who saw the goods, on one's own phone. Sent twice it is signed once."""
    require(by, SIGN, at=delivery.org)
    return _sign(delivery, by, by.account_id, by.person_id, SignedHow.OWN)


@verb
def sign_by_pin(delivery: Delivery, *, by: Viewer, signer: Account, pin: str) -> Delivery:
    """Sign as the second person on a colleague's phone, with one's own PIN."""
    require(by, "canteen.view", at=delivery.org)
    if not accounts_holding(SIGN, org=delivery.org, at_or_above=True).filter(pk=signer.pk).exists():
        raise Refused(_("%(name)s may not sign here. Choose a colleague who may.") % {"name": signer}, field="signer")
    check_pin(signer, pin)
    return _sign(delivery, by, signer.pk, signer.person_id, SignedHow.PIN)


@verb
def countersign_delivery(delivery: Delivery, *, by: Viewer) -> Delivery:
    """The head of school countersigns what only one person could accept (a school with two adults)."""
    require(by, COUNTERSIGN, at=delivery.org)
    return _sign(delivery, by, by.account_id, by.person_id, SignedHow.COUNTERSIGN)


def _sign(delivery: Delivery, by: Viewer, account_id: int | None, person_id: int | None, how: SignedHow) -> Delivery:
    Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    row: Delivery = Delivery.objects.select_related("org", "accepted_by", "signed_by").get(pk=delivery.pk)
    if row.origin != Origin.LIVE:
        raise Refused(_("This delivery was copied from paper; its signatures stand there."))
    if row.signed_by_id is not None and row.signed_by_id == account_id:
        return row
    if row.signed_at is not None:
        raise Refused(_("%(name)s has signed already. Nothing more is needed.") % {"name": row.signed_by})
    first = Signer(row.accepted_by_id, row.accepted_by.person_id if row.accepted_by else None)
    if not is_second(first, Signer(account_id, person_id)):
        raise Refused(
            _(
                "The second signature is somebody else's than the first. Ask a colleague, or the head of school to countersign."
            ),
            field="signer",
        )
    row.signed_by_id, row.signed_at, row.signed_how = account_id, by.moment, how
    row.save(update_fields=["signed_by", "signed_at", "signed_how"])
    record("canteen.delivery_signed", row, by=by, org=row.org, how=str(how), signer=account_id)
    return row
