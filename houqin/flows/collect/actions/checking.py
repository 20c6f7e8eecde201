"""The office looks at what came: takes it over, sends it back with words, gives more time."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.collect.actions.answering import hold_return, refuse_closed
from houqin.flows.collect.actions.writing import hold
from houqin.flows.collect.models import Cell, Collection, Return
from houqin.flows.collect.telling import tell_back, tell_time_decided
from houqin.ui import formats

State = Return.State
titled({
    "collect.taken": _("Answer taken over"), "collect.all_taken": _("All answers taken over"),
    "collect.sent_back": _("Table sent back to be put right"), "collect.time_decided": _("More time decided"),
})  # fmt: skip


def _hold_for_office(row: Return, by: Viewer) -> Return:
    """The school's answer, for the office that asked: the offices between may look and remind, not decide."""
    require(by, "collect.send", at=row.org)
    hold(row.collection, by)
    return hold_return(row, by, "collect.send")


@verb
def take_over(row: Return, *, by: Viewer) -> Return:
    """Take a school's answer over: from now on it stands. A second time changes nothing."""
    row = _hold_for_office(row, by)
    if row.state == State.TAKEN:
        return row
    if row.state != State.SENT:
        raise Refused(_("%(school)s has sent nothing yet.") % {"school": row.org})
    row.state, row.taken_at, row.taken_by_id = State.TAKEN, by.now, by.account_id
    row.save(update_fields=["state", "taken_at", "taken_by"])
    record("collect.taken", row, by=by, org=row.org)
    return row


@verb
def take_all(collection: Collection, *, by: Viewer) -> int:
    """Take over every answer that has come, in one statement."""
    row = hold(collection, by)
    sent = Return.objects.select_for_update().filter(collection=row, state=State.SENT)
    count: int = sent.update(state=State.TAKEN, taken_at=by.now, taken_by=by.account_id)
    if not count:
        raise Refused(_("No answer waits to be taken over."))
    record("collect.all_taken", row, by=by, org=row.org, schools=count)
    return count


@verb
def send_back(row: Return, *, by: Viewer, words: str = "", remarks: Mapping[int, str] | None = None) -> Return:
    """Send a school's table back to be put right, with words to the whole and to single cells (by their id)."""
    row = _hold_for_office(row, by)
    refuse_closed(row)
    if not row.is_answered:
        raise Refused(_("%(school)s has sent nothing yet.") % {"school": row.org})
    told = {pk: remark.strip()[:200] for pk, remark in (remarks or {}).items() if remark.strip()}
    if not words.strip() and not told:
        raise Refused(_("Say what is to be put right: in a few words, or at the cells."), field="words")
    cells = list(Cell.objects.select_related("column").filter(of=row))
    for cell in cells:
        cell.remark = told.get(cell.pk, "")
    Cell.objects.bulk_update(cells, ["remark"])
    row.state, row.back_at, row.back_by_id, row.back_words = State.BACK, by.now, by.account_id, words.strip()[:300]
    row.answered_at, row.answered_on, row.taken_at, row.taken_by = None, None, None, None
    row.due_on = max(row.due_on, by.today)
    row.save()
    lines = [f"{cell.column.label}：{cell.remark}" for cell in cells if cell.remark]
    tell_back(row, lines, by=by)
    record("collect.sent_back", row, by=by, org=row.org, reason=row.back_words, remarks=lines)
    return row


@verb
def decide_time(row: Return, *, by: Viewer, agreed: bool, words: str = "") -> Return:
    """Give a school the time it asked for, or say why not."""
    row = _hold_for_office(row, by)
    refuse_closed(row)
    if row.more_state != Return.More.ASKED or row.more_until is None:
        raise Refused(_("%(school)s does not wait for more time.") % {"school": row.org})
    if not agreed and not words.strip():
        raise Refused(_("Say why not, so that the school knows what to do."), field="words")
    row.more_state = Return.More.AGREED if agreed else Return.More.DECLINED
    row.more_words = words.strip()[:200]
    row.due_on = row.more_until if agreed else row.due_on
    row.save(update_fields=["more_state", "more_words", "due_on"])
    tell_time_decided(row, by=by)
    record(
        "collect.time_decided", row, by=by, org=row.org, agreed=agreed, until=formats.day(row.due_on),
        reason=row.more_words,
    )  # fmt: skip
    return row
