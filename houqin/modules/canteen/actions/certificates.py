"""索证索票: the papers that goods come with are recorded as credentials of lot or supplier, and say for which lines."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.files.actions import keep_photo
from houqin.core.files.models import StoredFile
from houqin.core.files.pictures import Upload
from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.flows.credentials.actions.showing import record_shown
from houqin.flows.credentials.catalogue import CredentialKind
from houqin.modules.canteen.models import DeliveryLine
from houqin.modules.canteen.queries.certificates import PaperKinds, ShownFor, missing_papers, shown_papers, vouching

titled(
    {
        "canteen.certificate_recorded": _("Certificate recorded"),
        "canteen.condition_met": _("Condition met"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Papers that a supplier shows together: one number or one photo, of one or more kinds.

    ``lines`` are the places of the goods that they are shown for; none means all that they concern.
    """

    kinds: Sequence[str]
    number: str = ""
    photo: Upload | None = None
    valid_until: date | None = None
    lines: Collection[int] = ()


@verb
def meet_condition(
    line: DeliveryLine,
    *,
    by: Viewer,
    number: str = "",
    photo: Upload | None = None,
    valid_until: date | None = None,
) -> DeliveryLine:
    """Hand in what a line was accepted without: the paper is kept for everything that was missing, and the condition is met."""
    require(by, "canteen.record", at=line.org)
    row: DeliveryLine = DeliveryLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if not row.condition or row.reversed_at:
        raise Refused(_("Nothing is missing here."))
    if row.condition_met_at:
        raise Refused(_("Somebody handed it in already. Reload the page and look."))
    kinds = PaperKinds(by.today)
    lacking = missing_papers(kinds, [row], shown_papers([row])).get(row.pk) or ["other-paper"]
    shown = Shown(kinds=lacking, number=number, photo=photo, valid_until=valid_until)
    _keep(row.org, by, row.lot.supplier, shown, kinds, {code: [row] for code in lacking})
    row.condition_met_at = by.moment
    row.certificate_number = row.certificate_number or number[:60]
    row.save(update_fields=["condition_met_at", "certificate_number"])
    record("canteen.condition_met", row.delivery, by=by, org=row.org, line=row, kinds=lacking)
    return row


def keep_certificates(
    by: Viewer, supplier: Party, shown: Sequence[Shown], lines: Sequence[DeliveryLine]
) -> dict[int, list[str]]:
    """Papers of a delivery, each with the lines that it was shown for, and those carried over. Returns what is missing."""
    if not lines:
        return {}
    kinds = PaperKinds(by.today)
    for one in shown:
        meant = [lines[place] for place in one.lines]
        concerned = {
            code: meant or [line for line in lines if kinds.concerns(code, line.lot.product)] for code in one.kinds
        }
        _keep(lines[0].org, by, supplier, one, kinds, concerned)
    link = DeliveryLine.certificates.through
    carried = [link(credential_id=paper, deliveryline_id=line) for paper, line in vouching(kinds, lines, by.today)]
    link.objects.bulk_create(carried, ignore_conflicts=True)
    papers = shown_papers(lines) if shown or carried else []
    _write_numbers(kinds, lines, papers)
    return {pk: [kinds.title(code) for code in codes] for pk, codes in missing_papers(kinds, lines, papers).items()}


def evidence(org: OrgUnit, by: Viewer, photo: Upload | None, name: str) -> StoredFile | None:
    """A photo kept with the stamp of place, time and person."""
    if photo is None:
        return None
    return keep_photo(
        org, by=by, upload=photo, permission="canteen.view", name=name[:120], stamp=f"{org.name} · {name}"
    )


def _keep(
    org: OrgUnit,
    by: Viewer,
    supplier: Party,
    shown: Shown,
    kinds: PaperKinds,
    lines: Mapping[str, Sequence[DeliveryLine]],
) -> None:
    """Record what is shown and say for which lines: ``lines`` are those of each kind."""
    if any(code not in kinds.kinds for code in shown.kinds):
        raise Refused(_("Choose which paper it is."), field="kind")
    holders = {code: _holder(kinds.entries[code], supplier, shown, lines[code]) for code in shown.kinds}
    rows = record_shown(
        org, by=by, holders=holders, number=shown.number, photo=shown.photo, expires_on=shown.valid_until
    )
    for code, row in rows.items():
        row.lines.add(*lines[code])


def _holder(kind: CredentialKind, supplier: Party, shown: Shown, lines: Sequence[DeliveryLine]) -> Subject:
    """A paper of one lot is held by the lot; one of several, or one that holds until a day, by who shows it."""
    lots = {line.lot_id: line.lot for line in lines}
    if len(lots) == 1 and "lot" in kind.holders and shown.valid_until is None:
        return lots.popitem()[1].subject
    return supplier.subject


def _write_numbers(kinds: PaperKinds, lines: Sequence[DeliveryLine], papers: Iterable[ShownFor]) -> None:
    """A line carries the number of its batch's paper, as the ledger has it."""
    batch = {code for code, kind in kinds.kinds.items() if kind.per == "batch"}
    numbers = {paper.line_id: paper.number for paper in papers if paper.kind in batch and paper.number}
    told = [line for line in lines if line.certificate_number != numbers.get(line.pk, "")]
    for line in told:
        line.certificate_number = numbers.get(line.pk, "")
    DeliveryLine.objects.bulk_update(told, ["certificate_number"])
