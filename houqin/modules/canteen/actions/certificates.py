"""索证索票: papers that a supplier shows, kept with a number or a photo and carried over while they hold."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.files.actions import keep_photo
from houqin.core.files.models import StoredFile
from houqin.core.files.pictures import Upload
from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.rules import BadNumber, checked_number, plain_number
from houqin.flows.credentials.words import bad_number
from houqin.modules.canteen.models import Certificate, DeliveryLine, Product
from houqin.modules.canteen.queries.certificates import PaperKinds, missing_papers, vouching

titled(
    {
        "canteen.certificate_recorded": _("Certificate recorded"),
        "canteen.condition_met": _("Condition met"),
    }
)
MOST_YEARS = 20


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
def record_certificate(
    org: OrgUnit,
    *,
    by: Viewer,
    supplier: Party,
    kind: str,
    number: str = "",
    photo: Upload | None = None,
    valid_until: date | None = None,
    product: Product | None = None,
) -> Certificate:
    """Keep a paper of a supplier. With a date until which it is valid it is carried over to what comes later."""
    require(by, "canteen.record", at=org)
    seen = {org.path, *org.ancestor_paths}
    if any(row is not None and row.org.path not in seen for row in (supplier, product)):
        raise NotVisible
    shown = Shown(kinds=[kind], number=number, photo=photo, valid_until=valid_until)
    [row] = _keep(org, by, supplier, shown, PaperKinds(by.today), product)
    record("canteen.certificate_recorded", row, by=by, org=org, kind=kind, supplier=supplier.name)
    return row


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
    lacking = missing_papers(kinds, [row]).get(row.pk) or ["other-paper"]
    shown = Shown(kinds=lacking, number=number, photo=photo, valid_until=valid_until)
    for paper in _keep(row.org, by, row.lot.supplier, shown, kinds):
        paper.lines.add(row)
    row.condition_met_at = by.moment
    row.certificate_number = row.certificate_number or number[:60]
    row.save(update_fields=["condition_met_at", "certificate_number"])
    record("canteen.condition_met", row.delivery, by=by, org=row.org, line=row, kinds=lacking)
    return row


def keep_certificates(
    by: Viewer, supplier: Party, shown: Iterable[Shown], lines: Sequence[DeliveryLine]
) -> dict[int, list[str]]:
    """Papers of a delivery, each with the lines that it was shown for, and those carried over. Returns what is missing."""
    if not lines:
        return {}
    kinds = PaperKinds(by.today)
    for one in shown:
        meant = [lines[place] for place in one.lines] or list(lines)
        for paper in _keep(lines[0].org, by, supplier, one, kinds):
            paper.lines.set([line for line in meant if one.lines or kinds.concerns(paper.kind, line.lot.product)])
    link = Certificate.lines.through
    link.objects.bulk_create(
        (link(certificate_id=paper, deliveryline_id=line) for paper, line in vouching(kinds, lines, by.today)),
        ignore_conflicts=True,
    )
    _write_numbers(kinds, lines)
    return {pk: [kinds.title(code) for code in codes] for pk, codes in missing_papers(kinds, lines).items()}


def evidence(org: OrgUnit, by: Viewer, photo: Upload | None, name: str) -> StoredFile | None:
    """A photo kept with the stamp of place, time and person."""
    if photo is None:
        return None
    return keep_photo(
        org, by=by, upload=photo, permission="canteen.view", name=name[:120], stamp=f"{org.name} · {name}"
    )


def _keep(
    org: OrgUnit, by: Viewer, supplier: Party, shown: Shown, kinds: PaperKinds, product: Product | None = None
) -> list[Certificate]:
    number = shown.number.strip()
    if not number and shown.photo is None:
        raise Refused(_("Write the number or take a photo."), field="number")
    if not shown.kinds or any(code not in kinds.kinds for code in shown.kinds):
        raise Refused(_("Choose which paper it is."), field="kind")
    until = shown.valid_until
    if until and until < by.today:
        text = _("It was valid until %(day)s only. Ask the supplier for the new one.")
        raise Refused(text % {"day": until.isoformat()}, field="valid_until")
    if until and until.year > by.today.year + MOST_YEARS:
        raise Refused(_("No paper is valid that long. Look at the date again."), field="valid_until")
    number = _checked(kinds, shown.kinds, number)
    photo = evidence(org, by, shown.photo, gettext("Certificate"))
    made: list[Certificate] = Certificate.objects.bulk_create(
        Certificate(
            org=org, supplier=supplier, product=product, kind=code, number=number[:60], photo=photo, valid_until=until,
            recorded_at=by.now, account_id=by.account_id,
        )
        for code in shown.kinds
    )  # fmt: skip
    return made


def _checked(kinds: PaperKinds, codes: Sequence[str], number: str) -> str:
    """A licence's number with its check digit; one number shown for several papers is a licence's where it looks like one."""
    for code in codes:
        entry = kinds.entries[code]
        alone = len(codes) == 1 or plain_number(number)[:2] in {"JY", "SC", "QS"}
        if not number or not entry.number or not alone:
            continue
        try:
            return checked_number(entry.number, number)
        except BadNumber as error:
            raise bad_number(entry, error) from None
    return number


def _write_numbers(kinds: PaperKinds, lines: Sequence[DeliveryLine]) -> None:
    """A line carries the number of its batch's paper, as the ledger has it."""
    links = Certificate.lines.through.objects.filter(deliveryline__in=[line.pk for line in lines])
    batch = [code for code, kind in kinds.kinds.items() if kind.per == "batch"]
    links = links.filter(certificate__kind__in=batch).exclude(certificate__number="").order_by("certificate_id")
    numbers = dict(links.values_list("deliveryline_id", "certificate__number"))
    for line in lines:
        line.certificate_number = numbers.get(line.pk, "")
    DeliveryLine.objects.bulk_update(lines, ["certificate_number"])
