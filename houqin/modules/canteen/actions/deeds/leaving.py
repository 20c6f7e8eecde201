"""退货 换货 报损: goods that leave the store for good, or until something else comes for them."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.files.pictures import Upload
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.deeds.entering import take_out
from houqin.modules.canteen.actions.moving import lock_schools
from houqin.modules.canteen.models import Delivery, EntryKind, Lot, Recall, RecallLot, StockEntry

titled({"canteen.replaced": _("Replacement has come")})


@verb
def return_to_supplier(
    lot: Lot,
    *,
    by: Viewer,
    grams: int,
    reason: str,
    photo: Upload | None = None,
    idempotency: UUID | None = None,
) -> StockEntry:
    """退货: goods go back to who supplied them."""
    return take_out(lot, EntryKind.RETURNED, by=by, grams=grams, reason=reason, photo=photo, idempotency=idempotency)


@verb
def give_back_for_exchange(
    lot: Lot,
    *,
    by: Viewer,
    grams: int,
    reason: str,
    photo: Upload | None = None,
    idempotency: UUID | None = None,
) -> StockEntry:
    """换货: goods go back and others are owed for them. These are accepted like any delivery, then named here."""
    return take_out(lot, EntryKind.EXCHANGED, by=by, grams=grams, reason=reason, photo=photo, idempotency=idempotency)


@verb
def replacement_came(entry: StockEntry, *, by: Viewer, delivery: Delivery) -> StockEntry:
    """Name the delivery that brought the goods owed for an exchange."""
    require(by, "canteen.record", at=entry.org)
    lock_schools([entry.org_id])
    held: StockEntry = StockEntry.objects.select_related("org", "lot__supplier").get(pk=entry.pk)
    if delivery.org_id != held.org_id:
        raise NotVisible
    if held.kind != EntryKind.EXCHANGED or held.reversed_at:
        raise Refused(_("Nothing is owed for %(entry)s.") % {"entry": held})
    if held.arrived_at:
        raise Refused(
            _("%(entry)s was replaced already by %(delivery)s.") % {"entry": held, "delivery": held.replacement}
        )
    if delivery.supplier.canonical_id != held.lot.supplier.canonical_id:
        raise Refused(
            _("%(delivery)s came from %(other)s; the goods are owed by %(supplier)s.")
            % {"delivery": delivery, "other": delivery.supplier, "supplier": held.lot.supplier},
            field="delivery",
        )
    if delivery.delivered_on < held.day:
        raise Refused(_("This delivery came before the goods were given back."), field="delivery")
    held.replacement, held.arrived_at = delivery, by.moment
    held.save(update_fields=["replacement", "arrived_at"])
    record("canteen.replaced", held, by=by, org=held.org, delivery=delivery.number)
    return held


@verb
def write_off(
    lot: Lot,
    *,
    by: Viewer,
    grams: int,
    reason: str,
    photo: Upload | None = None,
    idempotency: UUID | None = None,
) -> StockEntry:
    """报损: goods that can no longer be eaten are thrown away."""
    return take_out(lot, EntryKind.WRITTEN_OFF, by=by, grams=grams, reason=reason, photo=photo, idempotency=idempotency)


@verb
def dispose_of_frozen(
    lot: Lot,
    *,
    by: Viewer,
    grams: int,
    reason: str,
    returned: bool = False,
    photo: Upload | None = None,
    idempotency: UUID | None = None,
) -> StockEntry:
    """What a recall stopped is destroyed, or goes back to the supplier, once the recall has ended."""
    require(by, "canteen.record", at=lot.org)
    lock_schools([lot.org_id])
    holding = RecallLot.objects.filter(lot=lot, lifted_at__isnull=True, recall__is_drill=False)
    still = holding.filter(recall__state=Recall.State.OPEN).select_related("recall", "recall__org").first()
    if still:
        raise Refused(
            _("%(lot)s is evidence of recall %(recall)s, which has not ended. Keep it apart; %(unit)s ends the recall.")
            % {"lot": lot, "recall": still.recall, "unit": still.recall.org}
        )
    if not Lot.objects.filter(pk=lot.pk, frozen_by__isnull=False).exists():
        raise Refused(_("No recall holds %(lot)s. Write it off or return it like other goods.") % {"lot": lot})
    kind = EntryKind.RETURNED if returned else EntryKind.WRITTEN_OFF
    return take_out(lot, kind, by=by, grams=grams, reason=reason, photo=photo, idempotency=idempotency, frozen=True)
