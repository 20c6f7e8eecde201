"""What the deeds of this folder share: locking, what a kind asks for, numbers, and the entry with its move."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.files.actions import keep_photo
from houqin.core.files.models import StoredFile
from houqin.core.files.pictures import Upload
from houqin.core.orgs.models import OrgUnit
from houqin.core.policies.registry import value_of
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen import policies
from houqin.modules.canteen.actions.moving import Moves, lock_schools
from houqin.modules.canteen.actions.reasons import said
from houqin.modules.canteen.models import EntryKind, Lot, StockEntry
from houqin.modules.canteen.queries.evidence import sealed_lots
from houqin.modules.canteen.queries.reversals import held_by_recall
from houqin.modules.canteen.rules.conduct import kilograms

titled({
    "canteen.returned": _("Returned to the supplier"),
    "canteen.exchanged": _("Given back for exchange"),
    "canteen.written_off": _("Written off"),
    "canteen.sent": _("Sent to another school"),
    "canteen.received_from": _("Received from another school"),
    "canteen.counted": _("Difference found by counting"),
})  # fmt: skip


@dataclass(frozen=True)
class Conduct:
    """What an entry of a kind asks for: the stem of its number, and the policies that want a photo or a second person."""

    stem: str
    photo: str = ""
    countersign: str = ""


CONDUCT = {
    EntryKind.RETURNED: Conduct("TH", policies.RETURN_PHOTO, policies.RETURN_COUNTERSIGN),
    EntryKind.EXCHANGED: Conduct("HH", policies.RETURN_PHOTO, policies.RETURN_COUNTERSIGN),
    EntryKind.WRITTEN_OFF: Conduct("BS", policies.WRITE_OFF_PHOTO, policies.WRITE_OFF_COUNTERSIGN),
    EntryKind.SENT: Conduct("DC", countersign=policies.SEND_COUNTERSIGN),
    EntryKind.RECEIVED: Conduct("DR"),
    EntryKind.COUNTED: Conduct("PC", countersign=policies.COUNT_COUNTERSIGN),
}


def locked_lots(org_ids: Collection[int], lots: Iterable[int]) -> dict[int, Lot]:
    """Hold the schools' stores and these lots, always in the same order; what they say is read after the lock."""
    lock_schools(org_ids)
    rows = Lot.objects.select_for_update(of=("self",)).filter(pk__in=lots).order_by("pk")
    held = list(rows.values_list("pk", flat=True))
    return Lot.objects.select_related("org", "product", "supplier", "frozen_by").in_bulk(held)


@verb
def take_out(
    lot: Lot,
    kind: EntryKind,
    *,
    by: Viewer,
    grams: int,
    reason: str,
    photo: Upload | None = None,
    idempotency: UUID | None = None,
    frozen: bool = False,
    **more: Any,
) -> StockEntry:
    """Goods of one lot leave the store: the common body of the verbs that take out."""
    require(by, "canteen.record", at=lot.org)
    held = locked_lots([lot.org_id], [lot.pk])[lot.pk]
    known = sent_before(idempotency, held, kind, -grams)
    if known:
        return known
    not_sealed(held)
    if not frozen:
        not_held(held)
    weighed(held, grams)
    return enter(held, kind, -grams, by=by, reason=said(reason), photo=photo, repeat_key=idempotency, **more)


def sent_before(idempotency: UUID | None, lot: Lot, kind: EntryKind, grams: int) -> StockEntry | None:
    """The entry that a phone has sent already under this key."""
    known: StockEntry | None = StockEntry.objects.filter(repeat_key=idempotency).first() if idempotency else None
    if known and (known.org_id, known.kind, known.grams) != (lot.org_id, kind, grams):
        raise Refused(_("This was recorded already, with other contents. Reload the page and look."))
    return known


def not_sealed(lot: Lot) -> None:
    """What is sealed as evidence of an open case stays where it is, also after a recall has ended."""
    case = sealed_lots([lot.pk]).get(lot.pk)
    if case:
        raise Refused(
            _("%(lot)s is sealed as evidence of %(case)s. Keep it apart until that case is closed.")
            % {"lot": lot, "case": case}
        )


def not_held(lot: Lot) -> None:
    """While a recall holds a lot nothing moves it."""
    if lot.is_frozen:
        raise Refused(held_by_recall(lot).in_words(gettext))


def weighed(lot: Lot, grams: int) -> None:
    """More than nothing, and no more than is there."""
    if grams <= 0:
        raise Refused(_("The weight has to be more than nothing."), field="grams")
    if grams > lot.on_hand_grams:
        raise Refused(
            _("Of %(lot)s only %(there)s kg are in store, not %(wanted)s kg. Weigh it again, or count the store.")
            % {"lot": lot, "there": kilograms(lot.on_hand_grams), "wanted": kilograms(grams)},
            field="grams",
        )


@verb
def enter(
    lot: Lot, kind: EntryKind, grams: int, *, by: Viewer, reason: str, photo: Upload | None = None, **more: Any
) -> StockEntry:
    """Write the entry, its move, the lot's balance and the trail. The calling verb has asked and holds the store."""
    conduct = CONDUCT[kind]
    entry: StockEntry = StockEntry.objects.create(
        number=next_number(lot.org, conduct.stem, by),
        org=lot.org,
        kind=kind,
        lot=lot,
        day=by.today,
        grams=grams,
        reason=reason,
        photo=_kept(conduct, lot, photo, by),
        must_sign=wants_second(conduct, lot.org, grams),
        at=by.now,
        account_id=by.account_id,
        **more,
    )
    moves = Moves(by)
    moves.entry(entry)
    moves.write({lot.pk: lot})
    record(
        f"canteen.{kind.value}", entry, by=by, org=lot.org,
        lot=str(lot), grams=grams, reason=reason,
    )  # fmt: skip
    return entry


def wants_second(conduct: Conduct, org: OrgUnit, grams: int) -> bool:
    """Whether so much has to be countersigned."""
    return bool(conduct.countersign) and abs(grams) >= int(value_of(conduct.countersign, org))


def next_number(org: OrgUnit, stem: str, by: Viewer, model: Any = StockEntry) -> str:
    """The next of the school and year: ``BS-2024-0001``. Its store is held, so nobody takes the same."""
    start = f"{stem}-{by.today:%Y}-"
    last = model.objects.filter(org=org, number__startswith=start).order_by("-pk").values_list("number", flat=True)
    return f"{start}{int(last[0].rpartition('-')[2]) + 1 if last else 1:04d}"


def _kept(conduct: Conduct, lot: Lot, photo: Upload | None, by: Viewer) -> StoredFile | None:
    if photo is None:
        if conduct.photo and value_of(conduct.photo, lot.org):
            raise Refused(_("Take a photo of the goods: it is kept with the entry."), field="photo")
        return None
    return keep_photo(
        lot.org, by=by, upload=photo, permission="canteen.view", name=str(lot), stamp=f"{lot.org} · {lot}"
    )
