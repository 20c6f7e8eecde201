"""调拨: goods go from one school to another, and are under way until the other has weighed them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.merging.models import Mergeable
from houqin.core.notices.actions import tell
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.parties.actions import record_party
from houqin.core.policies.registry import value_of
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen import policies
from houqin.modules.canteen.actions.deeds.entering import enter, locked_lots, sent_before, take_out
from houqin.modules.canteen.actions.goods import record_product
from houqin.modules.canteen.actions.lots import open_lots
from houqin.modules.canteen.actions.moving import Moves, lock_schools
from houqin.modules.canteen.actions.reasons import said
from houqin.modules.canteen.actions.recalls.launching import hold_arrival
from houqin.modules.canteen.models import EntryKind, Lot, StockEntry
from houqin.modules.canteen.queries.transfers import schools_nearby
from houqin.modules.canteen.rules.conduct import kilograms

titled({"canteen.taken_back": _("Transfer taken back")})


@verb
def send_to_school(
    lot: Lot, *, by: Viewer, to: OrgUnit, grams: int, reason: str, idempotency: UUID | None = None
) -> StockEntry:
    """Goods leave for another school of the district; they are in nobody's store until it has received them."""
    require(by, "canteen.record", at=lot.org)
    if to.kind not in (Kind.SCHOOL, Kind.CAMPUS) or not schools_nearby(lot.org).filter(pk=to.pk).exists():
        raise NotVisible
    return take_out(lot, EntryKind.SENT, by=by, grams=grams, reason=reason, idempotency=idempotency, other_org=to)


@verb
def receive_from_school(
    sent: StockEntry, *, by: Viewer, grams: int, reason: str = "", idempotency: UUID | None = None
) -> StockEntry:
    """Book what another school sent, with the weight found. Its lot keeps supplier, dates and batch.

    What is missing or too much beyond the policy needs a reason, and the sender is told. Goods that a recall stopped while
    they were under way are held where they arrive.
    """
    sent = _held(sent)
    here = sent.other_org
    assert here is not None
    require(by, "canteen.record", at=here)
    source = locked_lots([], [sent.lot_id])[sent.lot_id]
    lot = _lot_here(source, here, by)
    known = sent_before(idempotency, lot, EntryKind.RECEIVED, grams)
    if known:
        return known
    _under_way(sent)
    if grams <= 0:
        raise Refused(
            _("Nothing has come? Ask %(school)s to take the transfer back.") % {"school": sent.org}, field="grams"
        )
    missing = sent.weight - grams
    if abs(missing) > int(value_of(policies.COUNT_REASON, here)) and not reason.strip():
        raise Refused(
            _("%(sent)s kg were sent and %(found)s kg found. Say where the difference may come from.")
            % {"sent": kilograms(sent.weight), "found": kilograms(grams)},
            field="reason",
        )
    reason = said(reason) if reason.strip() else sent.reason
    entry = enter(
        lot, EntryKind.RECEIVED, grams, by=by, reason=reason, pair=sent, other_org=sent.org, repeat_key=idempotency
    )
    sent.arrived_at = by.moment
    sent.save(update_fields=["arrived_at"])
    if source.is_frozen:
        hold_arrival(lot, source, by=by)
    if missing:
        _tell_sender(sent, entry, by)
    return entry


@verb
def take_back(sent: StockEntry, *, by: Viewer, reason: str) -> StockEntry:
    """Goods that were sent and never received come back into the store they left."""
    sent = _held(sent)
    require(by, "canteen.record", at=sent.org)
    _under_way(sent)
    lots = locked_lots([], [sent.lot_id])
    sent.reversed_at, sent.reversal_reason = by.now, said(reason)
    sent.save(update_fields=["reversed_at", "reversal_reason"])
    moves = Moves(by)
    moves.entry(sent, back=True)
    moves.write(lots)
    record("canteen.taken_back", sent, by=by, org=sent.org, grams=sent.weight, reason=reason)
    return sent


def _held(sent: StockEntry) -> StockEntry:
    """The transfer as it is now, with both schools' stores held."""
    lock_schools(org_id for org_id in (sent.org_id, sent.other_org_id) if org_id)
    rows = StockEntry.objects.select_related("org", "other_org", "lot__product", "account")
    held: StockEntry | None = rows.filter(pk=sent.pk, kind=EntryKind.SENT).first()
    if held is None:
        raise NotVisible
    return held


def _under_way(sent: StockEntry) -> None:
    if sent.reversed_at:
        raise Refused(_("%(school)s has taken this transfer back.") % {"school": sent.org})
    if sent.arrived_at:
        raise Refused(_("%(school)s has received this transfer already.") % {"school": sent.other_org})


def _lot_here(source: Lot, here: OrgUnit, by: Viewer) -> Lot:
    """The lot that the goods become here: same goods, same marks, arrived today."""
    product = _kept_here(source.product, here, lambda name: record_product(
        here, by=by, name=name, category=source.product.category, shelf_life_days=source.product.shelf_life_days
    ))  # fmt: skip
    supplier = _kept_here(source.supplier, here, lambda name: record_party(here, by=by, name=name))
    marks = {
        "product": product, "supplier": supplier, "produced_on": source.produced_on, "batch": source.batch,
        "received_on": by.today,
    }  # fmt: skip
    lot: Lot | None = Lot.objects.filter(org=here, **marks).first()
    if lot is None:
        [lot] = open_lots(here, [marks | {"expires_on": source.expires_on}])
    held: Lot = Lot.objects.select_for_update(of=("self",)).select_related("org", "product", "supplier").get(pk=lot.pk)
    return held


def _kept_here(row: Any, here: OrgUnit, recorded: Callable[[str], Any]) -> Mergeable:
    """The same thing as this school knows it: its own name for it, else one recorded now, so that traces join them."""
    above = [*here.ancestor_paths, here.path]
    if row.org.path in above:
        return row  # type: ignore[no-any-return]
    known = type(row).objects.group_of(row) | type(row).objects.filter(name=row.name)
    found: Mergeable | None = known.filter(org__path__in=above).order_by("-org__path").first()
    return found or recorded(row.name)


def _tell_sender(sent: StockEntry, entry: StockEntry, by: Viewer) -> None:
    """The weights differ: who sent it is told."""
    if sent.account is None:
        return

    def words() -> tuple[str, str]:
        title = gettext("%(school)s weighed %(found)s kg of the %(sent)s kg sent: %(goods)s") % {
            "school": entry.org, "found": kilograms(entry.grams), "sent": kilograms(sent.weight), "goods": sent.lot.product,
        }  # fmt: skip
        return title, entry.reason

    tell([sent.account], words, by=by, org=sent.org, url=reverse("canteen:stock-entries-detail", args=[sent.public_id]))
