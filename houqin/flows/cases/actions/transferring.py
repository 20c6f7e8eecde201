"""移送: handing a case over to another department, its receipt and its answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.files.pictures import Upload
from houqin.core.orgs.acting import own_unit
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.actions.opening import open_case
from houqin.flows.cases.actions.working import complete_step, locked, require_hands, require_open
from houqin.flows.cases.kinds import Manner, behaves
from houqin.flows.cases.models import Case, Department, SentHow, Transfer
from houqin.flows.rectify.models import Finding

KIND = "transfer"
OPENS = "cases.transfer"
behaves(KIND, Manner(OPENS))
titled(
    {
        "cases.transfer_sent": _("Papers handed over to the other department"),
        "cases.transfer_received": _("Receipt of the other department noted"),
        "cases.transfer_answered": _("Answer of the other department noted"),
    }
)


@dataclass(frozen=True)
class Letter:
    """To whom, what is written, and which papers go with it."""

    department: str
    counterpart: str
    title: str
    text: str
    papers: Sequence[str] = ()
    contact: str = ""


@verb
def open_transfer(org: OrgUnit, *, by: Viewer, letter: Letter, finding: Finding | None = None) -> Case:
    """Hand over what happened at a unit, led by the unit of whoever opens it; one at a time from a finding to a department."""
    for field in ("counterpart", "title", "text"):
        if not getattr(letter, field).strip():
            raise Refused(_("Write to whom it goes, what it is about, and what is asked."), field=field)
    case = open_case(org, by=by, kind=KIND, title=letter.title, finding=finding, lead=own_unit(by, OPENS, org))
    others = Transfer.objects.filter(case__finding=finding, case__state="open", department=letter.department)
    twice = others.select_related("case").first() if finding is not None else None
    if twice is not None:
        raise Refused(_("This is being handed over there already: %(number)s.") % {"number": twice.case.number})
    Transfer.objects.create(
        case=case, department=Department(letter.department), counterpart=letter.counterpart, contact=letter.contact,
        letter=letter.text, papers=[paper.strip() for paper in letter.papers if paper.strip()],
    )  # fmt: skip
    return case


@verb
def send_transfer(case: Case, *, by: Viewer, how: str, on: date) -> Case:
    """Note how and when the papers went out, and that the viewer sent them; the receipt's time begins."""
    row, transfer = _held(case, by)
    _not_later(on, row.day, by)
    transfer.sent_how, transfer.sent_on, transfer.sent_at = SentHow(how), on, by.moment
    transfer.sent_by_id = by.account_id
    complete_step(row, "send", by=by, note=str(SentHow(how).label))
    transfer.save(update_fields=["sent_how", "sent_on", "sent_at", "sent_by"])
    record("cases.transfer_sent", row, by=by, org=row.trail_org, how=how, on=on)
    return row


@verb
def note_receipt(case: Case, *, by: Viewer, number: str, on: date, photo: Upload | None = None) -> Case:
    """Note the other department's receipt: its number, its day, a photo of it."""
    row, transfer = _held(case, by)
    if transfer.sent_on is None:
        raise Refused(_("The papers have not been handed over yet."))
    if not number.strip():
        raise Refused(_("Write the number of the receipt, or who signed for it."), field="number")
    _not_later(on, transfer.sent_on, by)
    transfer.receipt_number, transfer.receipt_on = number[:80], on
    complete_step(row, "receipt", by=by, note=number, photo=photo)
    transfer.save(update_fields=["receipt_number", "receipt_on"])
    record("cases.transfer_received", row, by=by, org=row.trail_org, number=number, on=on)
    return row


@verb
def note_answer(case: Case, *, by: Viewer, text: str, on: date, photo: Upload | None = None) -> Case:
    """Note what the other department did, as it wrote."""
    row, transfer = _held(case, by)
    if transfer.receipt_on is None:
        raise Refused(_("Note the receipt first."))
    if not text.strip():
        raise Refused(_("Write what was answered."), field="text")
    _not_later(on, transfer.receipt_on, by)
    transfer.answer, transfer.answered_on = text, on
    complete_step(row, "answer", by=by, note=text, photo=photo)
    transfer.save(update_fields=["answer", "answered_on"])
    record("cases.transfer_answered", row, by=by, org=row.trail_org, on=on)
    return row


def _held(case: Case, by: Viewer) -> tuple[Case, Transfer]:
    row = locked(case, by)
    require_hands(row, by)
    require_open(row)
    transfer: Transfer | None = Transfer.objects.filter(case=row).first()
    if transfer is None:
        raise NotVisible
    return row, transfer


def _not_later(on: date, before: date, by: Viewer) -> None:
    if not before <= on <= by.today:
        raise Refused(_("Choose a day from %(day)s to today.") % {"day": before}, field="on")
