"""A return, a write-off or a transfer with the wrong weight."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, verb
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.corrections.again import again, free, left, standing, take_back
from houqin.modules.canteen.actions.deeds.entering import CONDUCT, locked_lots, next_number, wants_second
from houqin.modules.canteen.actions.moving import Moves
from houqin.modules.canteen.models import EntryKind, Lot, StockEntry


def schools(entry: StockEntry) -> set[int]:
    """Whose stores are held."""
    return {org_id for org_id in (entry.org_id, entry.other_org_id) if org_id}


def held(entry: StockEntry) -> StockEntry:
    """As it is now."""
    row: StockEntry = StockEntry.objects.select_related("org", "other_org", "pair").get(pk=entry.pk)
    return row


def grams(entry: StockEntry) -> int:
    """What stands there."""
    return entry.weight


def written(entry: StockEntry) -> tuple[int | None, datetime, bool]:
    """By whom, when, and whether a second person has signed for it."""
    return entry.account_id, entry.at, entry.signed_at is not None


def guard(entry: StockEntry, right_grams: int) -> Lot:
    """Refuse in words what cannot be put right; the lot, held."""
    standing(entry)
    if entry.kind == EntryKind.COUNTED:
        raise Refused(_("Count the lot again: a new stock-take puts a wrong count right."))
    if entry.kind == EntryKind.SENT and entry.arrived_at:
        raise Refused(
            _("%(school)s has received and weighed this. Its weight counts; ask there for a correction.")
            % {"school": entry.other_org}
        )
    if entry.kind == EntryKind.EXCHANGED and entry.arrived_at:
        raise Refused(_("This was replaced already. Give the rest back as another exchange."))
    lot = locked_lots([], [entry.lot_id])[entry.lot_id]
    free(lot)
    left(lot, _signed(entry, right_grams) - entry.grams, right_grams)
    return lot


@verb
def put_right(entry: StockEntry, right_grams: int, reason: str, *, by: Viewer) -> StockEntry:
    """Take the entry back, and write it with the right weight; a transfer that never arrived is under way again."""
    lot = guard(entry, right_grams)
    moves = Moves(by)
    moves.entry(entry, back=True)
    take_back(entry, reason, by)
    right = entry
    if right_grams:
        conduct = CONDUCT[EntryKind(entry.kind)]
        right = again(
            entry, grams=_signed(entry, right_grams), number=next_number(entry.org, conduct.stem, by), at=by.now,
            account_id=by.account_id, must_sign=wants_second(conduct, entry.org, right_grams), signed_by_id=None,
            signed_at=None,
        )  # fmt: skip
        moves.entry(right)
    elif entry.kind == EntryKind.RECEIVED and entry.pair:
        entry.pair.arrived_at = None
        entry.pair.save(update_fields=["arrived_at"])
    moves.write({lot.pk: lot})
    record("canteen.corrected", entry, by=by, org=entry.org, before=grams(entry), after=right_grams, reason=reason)
    return right


def _signed(entry: StockEntry, weight: int) -> int:
    return weight if entry.grams > 0 else -weight
