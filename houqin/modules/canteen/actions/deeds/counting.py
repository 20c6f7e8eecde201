"""盘点: the store is counted, and the books follow what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.policies.registry import value_of
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen import policies
from houqin.modules.canteen.actions.deeds.entering import enter, locked_lots, next_number
from houqin.modules.canteen.actions.reasons import LONGEST_REASON
from houqin.modules.canteen.models import EntryKind, Lot, Stocktake, StocktakeLine
from houqin.modules.canteen.rules.conduct import kilograms

titled({"canteen.store_counted": _("Store counted")})
STEM = "PD"


@dataclass(frozen=True)
class Counted:
    """One lot as it was found. ``booked_grams`` is what the books said on the page while it was counted."""

    lot: Lot
    found_grams: int
    reason: str = ""
    booked_grams: int | None = None


@verb
def count_store(
    org: OrgUnit, *, by: Viewer, lines: Sequence[Counted], note: str = "", idempotency: UUID | None = None
) -> Stocktake:
    """Write a stock-take: every lot counted is a line, every difference an entry.

    A lot that moved while it was counted is counted again; one that a recall holds keeps its weight until the recall ends.
    """
    require(by, "canteen.record", at=org)
    lots = locked_lots([org.pk], {line.lot.pk for line in lines})
    known: Stocktake | None = Stocktake.objects.filter(repeat_key=idempotency).first() if idempotency else None
    if known:
        if known.org_id != org.pk:
            raise NotVisible
        return known
    _check(org, lines, lots)
    take: Stocktake = Stocktake.objects.create(
        number=next_number(org, STEM, by, Stocktake), org=org, counted_on=by.today, note=note.strip()[:LONGEST_REASON],
        repeat_key=idempotency, at=by.now, account_id=by.account_id,
    )  # fmt: skip
    StocktakeLine.objects.bulk_create(
        StocktakeLine(
            org=org, stocktake=take, lot=lots[line.lot.pk], booked_grams=lots[line.lot.pk].on_hand_grams,
            found_grams=line.found_grams, reason=line.reason.strip(),
        )
        for line in lines
    )  # fmt: skip
    differences = 0
    for line in lines:
        lot = lots[line.lot.pk]
        grams = line.found_grams - lot.on_hand_grams
        if grams:
            differences += 1
            reason = line.reason.strip() or gettext("Found by counting")
            enter(lot, EntryKind.COUNTED, grams, by=by, reason=reason, stocktake=take)
    record("canteen.store_counted", take, by=by, org=org, number=take.number, lots=len(lines), differences=differences)
    return take


def _check(org: OrgUnit, lines: Sequence[Counted], lots: dict[int, Lot]) -> None:
    """Every lot is the school's own, counted once, as the page had it, and large differences are explained."""
    if not lines:
        raise Refused(_("Count at least one lot."))
    if len(lots) < len(lines) or any(lot.org_id != org.pk for lot in lots.values()):
        raise NotVisible
    most = int(value_of(policies.COUNT_REASON, org))
    moved: list[Lot] = []
    for line in lines:
        lot = lots[line.lot.pk]
        difference = line.found_grams - lot.on_hand_grams
        words = {"lot": lot, "booked": kilograms(lot.on_hand_grams), "found": kilograms(line.found_grams)}
        if line.found_grams < 0:
            raise Refused(_("A weight cannot be negative. Write 0 where nothing was found."))
        if line.booked_grams is not None and line.booked_grams != lot.on_hand_grams:
            moved.append(lot)
        elif difference and lot.is_frozen:
            raise Refused(
                _("%(lot)s is held by recall %(recall)s. Report there what you found; it is not counted here.")
                % (words | {"recall": lot.frozen_by})
            )
        elif abs(difference) > most and not line.reason.strip():
            raise Refused(
                _("%(lot)s: %(booked)s kg by the books, %(found)s kg found. Say where the difference may come from.")
                % words
            )
        if len(line.reason.strip()) > LONGEST_REASON:
            raise Refused(_("Say it in %(most)s characters at most.") % {"most": LONGEST_REASON})
    if moved:
        named = "、".join(f"{lot} ({kilograms(lot.on_hand_grams)} kg)" for lot in moved)
        raise Refused(_("Moved while you counted, count again: %(lots)s.") % {"lots": named})
