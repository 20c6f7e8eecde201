"""One's own fresh slip is put right at once; anything else is asked for and made when a second person agrees."""

from datetime import timedelta
from types import ModuleType
from typing import Any

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.policies.registry import value_of
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen import policies
from houqin.modules.canteen.actions.corrections import entries, issues, lines
from houqin.modules.canteen.actions.moving import lock_schools
from houqin.modules.canteen.actions.reasons import said
from houqin.modules.canteen.models import Correction, DeliveryLine, Issue, StockEntry

OF: dict[str, ModuleType] = {"line": lines, "issue": issues, "entry": entries}
titled({
    "canteen.correction_asked": _("Correction asked for"),
    "canteen.correction_declined": _("Correction declined"),
    "canteen.corrected": _("Put right"),
})  # fmt: skip


@verb
def correct_line(line: DeliveryLine, *, by: Viewer, right_grams: int, reason: str = "") -> DeliveryLine | Correction:
    """Put the weight of a delivery line right; 0: it never came."""
    found: DeliveryLine | Correction = _correct("line", line, by, right_grams, reason)
    return found


@verb
def correct_issue(issue: Issue, *, by: Viewer, right_grams: int, reason: str = "") -> Issue | Correction:
    """Put the weight of an issue right; 0: it never happened."""
    found: Issue | Correction = _correct("issue", issue, by, right_grams, reason)
    return found


@verb
def correct_entry(entry: StockEntry, *, by: Viewer, right_grams: int, reason: str = "") -> StockEntry | Correction:
    """Put the weight of a return, a write-off or a transfer right; 0: it never happened."""
    found: StockEntry | Correction = _correct("entry", entry, by, right_grams, reason)
    return found


@verb
def decide_correction(correction: Correction, *, by: Viewer, agreed: bool, answer: str = "") -> Correction:
    """The second person agrees, and it is put right; or declines, with words. Never who asked."""
    require(by, "canteen.sign", at=correction.org)
    lock_schools(_schools_of(correction))
    held: Correction = Correction.objects.select_related("org", "line", "issue", "entry").get(pk=correction.pk)
    if by.account_id is None or by.account_id == held.asked_by_id:
        raise Refused(_("You asked for this yourself. A second person has to decide."))
    if held.state != Correction.State.ASKED:
        raise Refused(_("This is decided already: %(state)s.") % {"state": held.get_state_display()})
    if not agreed and not answer.strip():
        raise Refused(_("Say why not, so that the one who asked knows what to do."), field="why_not")
    if agreed:
        what, row = _subject(held)
        OF[what].put_right(OF[what].held(row), held.right_grams, held.reason, by=by)
    held.state = Correction.State.MADE if agreed else Correction.State.DECLINED
    held.decided_by_id, held.decided_at, held.answer = by.account_id, by.moment, answer.strip()[:200]
    held.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    if not agreed:
        record("canteen.correction_declined", held, by=by, org=held.org, answer=held.answer)
    return held


def _correct(what: str, row: Any, by: Viewer, right_grams: int, reason: str) -> Any:
    """At once, or as a request that waits for a second person."""
    require(by, "canteen.record", at=row.org)
    kind: Any = OF[what]
    lock_schools(kind.schools(row))
    row = kind.held(row)
    if right_grams < 0:
        raise Refused(_("A weight cannot be negative. Write 0 where it never happened."), field="right_grams")
    if right_grams == kind.grams(row):
        raise Refused(_("That is what stands there already. Nothing was changed."), field="right_grams")
    kind.guard(row, right_grams)
    waiting = Correction.objects.filter(**{what: row}, state=Correction.State.ASKED).select_related("asked_by").first()
    if waiting:
        raise Refused(
            _("%(name)s has asked already to put this right, to %(weight)s kg. It waits for a second person.")
            % {"name": waiting.asked_by, "weight": f"{waiting.right_grams / 1000:g}"}
        )
    if _own_fresh_slip(kind, row, by):
        return kind.put_right(row, right_grams, reason.strip()[:200] or str(_("Slip put right at once")), by=by)
    if by.account_id is None:
        raise Refused(_("A correction is asked for by a person. Name the account."))
    asked: Correction = Correction.objects.create(
        **{what: row}, org=row.org, right_grams=right_grams, reason=said(reason), asked_by_id=by.account_id,
        asked_at=by.moment,
    )  # fmt: skip
    record(
        "canteen.correction_asked", asked, by=by, org=row.org, of=str(row), before=kind.grams(row), after=right_grams,
        reason=asked.reason,
    )  # fmt: skip
    return asked


def _own_fresh_slip(kind: Any, row: Any, by: Viewer) -> bool:
    """Recorded minutes ago by the same person, and nobody else has signed for it."""
    author, at, is_signed = kind.written(row)
    if is_signed or author is None or author != by.account_id:
        return False
    minutes = int(value_of(policies.QUICK_CORRECTION, row.org))
    return bool(by.moment - at <= timedelta(minutes=minutes))


def _subject(correction: Correction) -> tuple[str, Any]:
    for what in OF:
        row = getattr(correction, what)
        if row is not None:
            return what, row
    raise NotVisible


def _schools_of(correction: Correction) -> set[int]:
    what, row = _subject(correction)
    schools: set[int] = OF[what].schools(row)
    return schools
