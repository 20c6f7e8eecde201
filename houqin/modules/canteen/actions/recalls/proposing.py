"""The first person prepares a recall; nothing is frozen and no school is told yet."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, verb
from houqin.core.merging.models import Mergeable
from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer, covers
from houqin.core.subjects.models import Subject
from houqin.modules.canteen.actions.recalls.launching import launch_recall
from houqin.modules.canteen.models import Product, Recall
from houqin.modules.canteen.recall_notices import ask_second_person, tell_office_above

SUBJECT_KIND = "recall"
TRIES = 5


@verb
def propose_recall(
    org: OrgUnit,
    *,
    by: Viewer,
    supplier: Party,
    product: Product,
    reason: str,
    produced_on: date | None = None,
    batch: str = "",
    is_drill: bool = False,
) -> Recall:
    """Prepare a recall within one unit and ask the second person to launch it.

    A school looks within its own walls only, so the office above is asked to look beyond them.
    """
    require(by, "canteen.propose_recall", at=org)
    batch, reason = batch.strip(), reason.strip()
    _check_entries(by, produced_on, batch, reason)
    for row in (supplier, product):
        _check_known_at(org, row)
    OrgUnit.objects.select_for_update().get(pk=org.pk)  # one preparation at a time in a unit
    _refuse_the_same(org, supplier, product, produced_on, batch, is_drill)
    recall = _numbered(
        Recall(
            org=org, supplier=supplier, product=product, produced_on=produced_on, batch=batch, reason=reason,
            is_drill=is_drill, proposed_by_id=by.account_id or 0, proposed_at=by.now,
        ),
        by.today,
    )  # fmt: skip
    record("canteen.recall_proposed", recall, by=by, org=org, drill=is_drill, reason=reason)
    ask_second_person(recall, by=by)
    if org.kind not in ("province", "city", "district", "town"):
        tell_office_above(recall, by=by)
    return recall


@verb
def open_recall_by_two(
    org: OrgUnit,
    *,
    by: Viewer,
    second: Viewer,
    supplier: Party,
    product: Product,
    reason: str,
    produced_on: date | None = None,
    batch: str = "",
    is_drill: bool = False,
) -> Recall:
    """Prepare and launch in one go where both persons stand at the same machine: all of it or nothing."""
    recall = propose_recall(
        org, by=by, supplier=supplier, product=product, reason=reason, produced_on=produced_on, batch=batch,
        is_drill=is_drill,
    )  # fmt: skip
    return launch_recall(recall, by=second)


def _check_entries(by: Viewer, produced_on: date | None, batch: str, reason: str) -> None:
    if by.account_id is None:
        raise Refused(_("A recall is signed by persons. Name the account of the person who prepares it."))
    if produced_on is None and not batch:
        raise Refused(
            _("Name the production date or the batch, as it stands on the goods or on the delivery note."),
            field="produced_on",
        )
    if produced_on is not None and produced_on > by.today:
        raise Refused(_("This production date has not come yet. Look at the label again."), field="produced_on")
    if not reason:
        raise Refused(_("Say why, in the words that the schools will read."), field="reason")


def _check_known_at(org: OrgUnit, row: Mergeable) -> None:
    """Suppliers and products are kept above a unit or below it; a stranger's does not exist here."""
    kept_at: str = row.org.path  # type: ignore[attr-defined]
    if not (covers(org.path, kept_at) or covers(kept_at, org.path)):
        raise NotVisible


def _refuse_the_same(
    org: OrgUnit, supplier: Party, product: Product, produced_on: date | None, batch: str, is_drill: bool
) -> None:
    """One recall of the same goods at a time: here, or above where it already covers this unit."""
    covering = Recall.objects.filter(
        Q(org__path__in=[*org.ancestor_paths, org.path]),
        state__in=[Recall.State.PROPOSED, Recall.State.OPEN],
        supplier__in=Party.objects.group_of(supplier),
        product__in=Product.objects.group_of(product),
        produced_on=produced_on, batch=batch, is_drill=is_drill,
    ).select_related("org").first()  # fmt: skip
    if covering is None:
        return
    raise Refused(
        _("%(number)s of %(unit)s is about the same goods already (%(state)s). Go on with that one.")
        % {"number": covering.number, "unit": covering.org, "state": covering.get_state_display()}
    )


def _numbered(recall: Recall, today: date) -> Recall:
    """Give the next number of the day; somebody elsewhere may take it first, then the one after it."""
    stem = f"{'YL' if recall.is_drill else 'FC'}-{today:%Y%m%d}-"
    for attempt in range(TRIES):
        last = (
            Recall.objects.filter(number__startswith=stem).order_by("-number").values_list("number", flat=True).first()
        )
        recall.number = f"{stem}{int(last.rpartition('-')[2]) + 1 if last else 1:04d}"
        try:
            with transaction.atomic():
                recall.subject = Subject.objects.create(kind=SUBJECT_KIND, org=recall.org, label=recall.number)
                recall.save(force_insert=True)
        except IntegrityError:
            if attempt == TRIES - 1 or not Recall.objects.filter(number=recall.number).exists():
                raise
        else:
            return recall
    raise AssertionError("unreachable")
