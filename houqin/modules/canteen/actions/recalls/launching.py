"""The second person launches: lots are traced and frozen, schools are told, in one transaction."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, verb
from houqin.core.events.bus import emit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Lot, Recall, RecallAnswer, RecallLot
from houqin.modules.canteen.queries.recalls import Concerned, concerned_lots, grams_by_lot
from houqin.modules.canteen.recall_notices import tell_office_above, tell_schools


@verb
def launch_recall(recall: Recall, *, by: Viewer) -> Recall:
    """Freeze every lot concerned, note where its grams are, and tell the posts of each school what to do.

    A drill notes and tells the same and freezes nothing.
    """
    recall = locked(recall)
    require(by, "canteen.confirm_recall", at=recall.org)
    _check_second_person(recall, by)
    found = _held(recall)
    if not found:
        raise Refused(
            _(
                "Within %(unit)s no lot of %(product)s from %(supplier)s has this date or batch. "
                "Look at the label again, or ask the office above to look beyond."
            )
            % {"unit": recall.org, "product": recall.product, "supplier": recall.supplier}
        )
    recall.state, recall.launched_by_id, recall.launched_at = Recall.State.OPEN, by.account_id, by.now
    recall.save(update_fields=["state", "launched_by", "launched_at"])
    lots = _take(recall, found, by)
    answers = _ask(recall, lots, by)
    record(
        "canteen.recall_launched", recall, by=by, org=recall.org, drill=recall.is_drill, schools=len(answers),
        lots=len(lots), in_store_grams=sum(lot.in_store_grams for lot in lots),
    )  # fmt: skip
    emit("canteen.recall_launched", by=by, org=recall.org, subject=recall, drill=recall.is_drill)
    if recall.org.kind in ("province", "city", "district", "town"):
        tell_office_above(recall, by=by)
    return recall


@verb
def widen_recall(recall: Recall, *, by: Viewer) -> Recall:
    """Take in lots that were recorded since the launch: what comes to the books late is bad all the same."""
    recall = locked(recall)
    require(by, "canteen.confirm_recall", at=recall.org)
    if recall.state != Recall.State.OPEN:
        raise Refused(_("%(number)s is not under way, so nothing can be added.") % {"number": recall})
    known = set(recall.lots.values_list("lot_id", flat=True))
    late = [one for one in _held(recall) if one.lot.pk not in known]
    if not late:
        raise Refused(_("No lot has been recorded since that belongs here. Nothing is missing."))
    lots = _take(recall, late, by)
    _ask(recall, lots, by)
    record("canteen.recall_widened", recall, by=by, org=recall.org, lots=len(lots))
    return recall


@verb
def hold_arrival(lot: Lot, source: Lot, *, by: Viewer) -> None:
    """Goods that a recall stopped while they were on their way to another school are stopped where they arrive."""
    held = source.recalls.filter(lifted_at__isnull=True, recall__is_drill=False).select_related("recall__org")
    for row in held.exclude(recall__lots__lot=lot):
        lots = _take(row.recall, [Concerned(lot, row.tier)], by)
        if row.recall.state == Recall.State.OPEN:
            _ask(row.recall, lots, by)


def locked(recall: Recall) -> Recall:
    """The recall as it is now, held until the deed is done."""
    rows = Recall.objects.select_for_update(of=("self",)).select_related("org", "supplier", "product")
    held: Recall = rows.get(pk=recall.pk)
    return held


def _check_second_person(recall: Recall, by: Viewer) -> None:
    if by.account_id is None:
        raise Refused(_("A recall is signed by persons. Name the account of the person who launches it."))
    if recall.state != Recall.State.PROPOSED:
        raise Refused(
            _("%(number)s does not wait for a second person any more: %(state)s.")
            % {"number": recall, "state": recall.get_state_display()}
        )
    if by.account_id == recall.proposed_by_id:
        raise Refused(_("You prepared this recall yourself. A second person has to look at it and launch it."))


def _held(recall: Recall) -> list[Concerned]:
    """The lots concerned, locked in the order of their keys so that two deeds never wait for each other."""
    found = concerned_lots(recall)
    tiers = {one.lot.pk: one.tier for one in found}
    rows = Lot.objects.select_for_update(of=("self",)).select_related("org", "product", "supplier")
    return [Concerned(lot, tiers[lot.pk]) for lot in rows.filter(pk__in=tiers).order_by("pk")]


def _take(recall: Recall, found: Sequence[Concerned], by: Viewer) -> list[RecallLot]:
    """Note where the grams of each lot are, and freeze it."""
    grams = grams_by_lot([one.lot for one in found], by.today)
    lots: list[RecallLot] = RecallLot.objects.bulk_create(
        RecallLot(
            org=one.lot.org, recall=recall, lot=one.lot, tier=one.tier, received_grams=grams[one.lot.pk].received,
            in_store_grams=one.lot.on_hand_grams, issued_today_grams=grams[one.lot.pk].issued_today,
            served_grams=grams[one.lot.pk].served, gone_grams=grams[one.lot.pk].gone,
        )
        for one in found
    )  # fmt: skip
    if recall.is_drill:
        return lots
    Lot.objects.filter(pk__in=[one.lot.pk for one in found], frozen_by__isnull=True).update(frozen_by=recall)
    for one in found:
        record("canteen.lot_frozen", one.lot, by=by, org=one.lot.org, recall=recall.number, grams=one.lot.on_hand_grams)
    return lots


def _ask(recall: Recall, lots: Sequence[RecallLot], by: Viewer) -> list[RecallAnswer]:
    """Open an answer for each school that has none yet, and tell every school concerned."""
    asked: dict[int, Any] = {answer.org_id: answer for answer in recall.answers.select_related("org")}
    missing = {lot.org_id: lot.org for lot in lots if lot.org_id not in asked}
    made: list[RecallAnswer] = RecallAnswer.objects.bulk_create(
        RecallAnswer(org=org, recall=recall) for org in missing.values()
    )
    asked |= {answer.org_id: answer for answer in made}
    concerned = {lot.org_id for lot in lots}
    tell_schools(recall, [answer for org_id, answer in asked.items() if org_id in concerned], lots, by=by)
    return made
