"""How a recall ends: lots are ruled out, a mistaken notice is withdrawn, a finished recall is closed."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from houqin.core.audit.trail import record, verb
from houqin.core.events.bus import emit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.reasons import said
from houqin.modules.canteen.actions.recalls.launching import locked
from houqin.modules.canteen.models import Lot, Recall, RecallLot
from houqin.modules.canteen.recall_notices import tell_closed, tell_lifted, tell_withdrawn


@verb
def lift_freeze(recall_lot: RecallLot, *, by: Viewer, reason: str) -> RecallLot:
    """Let one lot be used again: it is ruled out, or was found to be good."""
    recall = locked(recall_lot.recall)
    require(by, "canteen.confirm_recall", at=recall.org)
    reason = said(reason)
    if recall.state not in (Recall.State.OPEN, Recall.State.CLOSED):
        raise Refused(_("%(number)s holds no lot.") % {"number": recall})
    row: RecallLot = RecallLot.objects.select_related("org", "lot", "lot__org").get(pk=recall_lot.pk)
    if row.lifted_at is not None:
        raise Refused(_("The freeze of this lot was lifted already: %(reason)s") % {"reason": row.lifted_reason})
    _lift(recall, [row], reason, by)
    tell_lifted(recall, [row], reason, by=by)
    return row


@verb
def withdraw_recall(recall: Recall, *, by: Viewer, reason: str) -> Recall:
    """Take a mistaken notice back: all its lots are free again, and everybody who was told is told so."""
    recall = locked(recall)
    own_draft = recall.state == Recall.State.PROPOSED and recall.proposed_by_id == by.account_id
    if not (own_draft and by.may("canteen.propose_recall", recall.org.path)):
        require(by, "canteen.confirm_recall", at=recall.org)
    if by.account_id is None:
        raise PermissionDenied("canteen.confirm_recall")
    reason = said(reason)
    if recall.state not in (Recall.State.PROPOSED, Recall.State.OPEN):
        raise Refused(
            _("%(number)s cannot be withdrawn: %(state)s.") % {"number": recall, "state": recall.get_state_display()}
        )
    was_open = recall.state == Recall.State.OPEN
    held = list(recall.lots.filter(lifted_at__isnull=True).select_related("org", "lot", "lot__org"))
    recall.state, recall.withdrawn_reason = Recall.State.WITHDRAWN, reason
    recall.closed_by_id, recall.closed_at = by.account_id, by.now
    recall.save(update_fields=["state", "withdrawn_reason", "closed_by", "closed_at"])
    _lift(recall, held, reason, by)
    record("canteen.recall_withdrawn", recall, by=by, org=recall.org, reason=reason, lots=len(held))
    emit("canteen.recall_withdrawn", by=by, org=recall.org, subject=recall, drill=recall.is_drill)
    tell_withdrawn(recall, was_open=was_open, by=by)
    return recall


@verb
def close_recall(
    recall: Recall,
    *,
    by: Viewer,
    report: str,
    silent_reason: str = "",
    lift: Iterable[RecallLot] = (),
    lift_reason: str = "",
) -> Recall:
    """End a recall with a report. Lots stay frozen, except those chosen to be freed with a reason.

    A school that has not reported is named, and the reason for ending without it is kept in the report.
    """
    recall = locked(recall)
    require(by, "canteen.confirm_recall", at=recall.org)
    if by.account_id is None:
        raise PermissionDenied("canteen.confirm_recall")
    if recall.state != Recall.State.OPEN:
        raise Refused(
            _("%(number)s is not under way: %(state)s.") % {"number": recall, "state": recall.get_state_display()}
        )
    if not report.strip():
        raise Refused(_("Write what was found and what follows from it."), field="report")
    recall.report = "\n\n".join(filter(None, [report.strip(), _about_silent(recall, silent_reason.strip())]))
    _free_chosen(recall, list(lift), lift_reason, by)
    recall.state, recall.closed_by_id, recall.closed_at = Recall.State.CLOSED, by.account_id, by.now
    recall.save(update_fields=["state", "report", "closed_by", "closed_at"])
    frozen = recall.lots.filter(lifted_at__isnull=True).count()
    record("canteen.recall_closed", recall, by=by, org=recall.org, report=recall.report, still_frozen=frozen)
    emit("canteen.recall_closed", by=by, org=recall.org, subject=recall, drill=recall.is_drill)
    tell_closed(recall, by=by)
    return recall


def _about_silent(recall: Recall, reason: str) -> str:
    """The sentence about schools that have not reported; without a reason the recall goes on."""
    silent = [str(answer.org) for answer in recall.answers.filter(answered_at__isnull=True).select_related("org")]
    if not silent:
        return ""
    if not reason:
        raise Refused(
            ngettext_lazy(
                "%(count)s school has not reported what it found: %(names)s. "
                "Telephone it, or write why the recall can end without it.",
                "%(count)s schools have not reported what they found: %(names)s. "
                "Telephone them, or write why the recall can end without them.",
                len(silent),
            )
            % {"count": len(silent), "names": "、".join(silent)},
            field="silent_reason",
        )
    told = _("Ended without a report of: %(names)s. Reason: %(reason)s")
    return str(told % {"names": "、".join(silent), "reason": reason})


def _free_chosen(recall: Recall, chosen: list[RecallLot], reason: str, by: Viewer) -> None:
    """Lift the freeze of the lots that were ticked on the closing page."""
    if not chosen:
        return
    if not reason.strip():
        raise Refused(_("Say why these lots may be used again."), field="lift_reason")
    rows = recall.lots.filter(pk__in=[row.pk for row in chosen], lifted_at__isnull=True)
    found = list(rows.select_related("org", "lot", "lot__org"))
    if len(found) != len(chosen):
        raise Refused(_("The freeze of one of these lots was lifted meanwhile. Open the page again."), field="lift")
    _lift(recall, found, said(reason), by)
    tell_lifted(recall, found, reason.strip(), by=by)


def _lift(recall: Recall, rows: Sequence[RecallLot], reason: str, by: Viewer) -> None:
    """Free lots of this recall. A lot that another recall holds as well stays frozen, by that one."""
    lots = {
        lot.pk: lot for lot in Lot.objects.select_for_update().filter(pk__in=[r.lot_id for r in rows]).order_by("pk")
    }
    others = (
        RecallLot.objects.filter(lot_id__in=lots, lifted_at__isnull=True, recall__is_drill=False)
        .filter(recall__state__in=[Recall.State.OPEN, Recall.State.CLOSED])
        .exclude(recall=recall)
        .order_by("-recall__launched_at")
        .values_list("lot_id", "recall_id")
    )
    next_holder = dict(others)
    for row in rows:
        row.lifted_at, row.lifted_reason = by.now, reason
        lot = lots[row.lot_id]
        if lot.frozen_by_id == recall.pk:
            Lot.objects.filter(pk=lot.pk).update(frozen_by_id=next_holder.get(lot.pk))
        if not recall.is_drill:
            record("canteen.freeze_lifted", row.lot, by=by, org=row.org, recall=recall.number, reason=reason)
    RecallLot.objects.bulk_update(rows, ["lifted_at", "lifted_reason"])
