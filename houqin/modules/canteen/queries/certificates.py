"""Papers that suppliers showed: which kinds there are, which still hold, and what a line lacks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.catalogue import CredentialKind
from houqin.flows.credentials.kinds import kinds_on, title
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.queries import recorded
from houqin.flows.credentials.rules import is_old_number
from houqin.modules.canteen.models import Delivery, DeliveryLine, Product
from houqin.modules.canteen.rules.certificates import PaperKind, asked_for, missing


class PaperKinds:
    """The kinds of papers in force on a day, in the catalogue's order."""

    def __init__(self, on: date) -> None:
        self.entries: dict[str, CredentialKind] = {code: one for code, one in kinds_on(on).items() if one.goods}
        self.kinds: dict[str, PaperKind] = {code: _kind(one) for code, one in self.entries.items()}

    def asked_for(self, product: Product) -> list[PaperKind]:
        """What a product's supplier has to show."""
        return list(asked_for(self.kinds.values(), product.category, product.name))

    def missing(self, product: Product, held: Collection[str]) -> list[PaperKind]:
        """What of it has not been shown."""
        return missing(self.kinds.values(), product.category, product.name, held)

    def concerns(self, code: str, product: Product) -> bool:
        """Whether a paper of this kind says something about a product."""
        return code in self.kinds and self.kinds[code].concerns(product.category, product.name)

    def title(self, code: str) -> str:
        """A kind in the reader's language."""
        return title(self.entries[code]) if code in self.entries else code


def _kind(entry: CredentialKind) -> PaperKind:
    goods = entry.goods
    assert goods is not None
    return PaperKind(entry.code, goods.group, goods.per, frozenset(goods.categories), tuple(goods.words), goods.asked)


def valid_papers(kinds: PaperKinds, org: OrgUnit, supplier: Party, on: date) -> list[Credential]:
    """What a supplier showed a school before and what still holds: it is carried over. Without a last day it is not."""
    rows = Credential.objects.valid_on(on).filter(
        org=org, holder__in=_subjects(supplier), kind__in=kinds.kinds, expires_on__isnull=False
    )
    return list(rows.select_related("about__product").order_by("expires_on", "pk"))


def _subjects(supplier: Party) -> QuerySet[Any]:
    rows: QuerySet[Any] = Party.objects.group_of(supplier).values("subject")
    return rows


def carried_over(kinds: PaperKinds, papers: Iterable[Credential], product: Product) -> list[Credential]:
    """The papers among these that hold for a product."""
    return [paper for paper in papers if kinds.concerns(paper.kind, product) and _is_about(paper, product)]


def _is_about(paper: Credential, product: Product) -> bool:
    return paper.about is None or paper.about.product.canonical_id == product.canonical_id


def vouching(kinds: PaperKinds, lines: Sequence[DeliveryLine], on: date) -> list[tuple[int, int]]:
    """Papers shown before that hold for lines of one delivery: valid ones, and those of the same batch. Ids in pairs."""
    first = lines[0]
    papers = valid_papers(kinds, first.org, first.lot.supplier, on)
    pairs = {(paper.pk, line.pk) for line in lines for paper in carried_over(kinds, papers, line.lot.product)}
    batches: dict[tuple[int, date, str], list[int]] = defaultdict(list)
    for line in lines:
        if line.lot.produced_on:
            batches[line.lot.product_id, line.lot.produced_on, line.lot.batch].append(line.pk)
    if batches:
        shown = Credential.objects.filter(
            Q(lines__lot__product__in={key[0] for key in batches}, lines__lot__produced_on__in={key[1] for key in batches}),
            org=first.org, lines__lot__supplier=first.lot.supplier, revoked_at__isnull=True,
        )  # fmt: skip
        for paper, code, *batch in shown.values_list(
            "pk", "kind", "lines__lot__product_id", "lines__lot__produced_on", "lines__lot__batch"
        ):
            if code in kinds.kinds and kinds.kinds[code].per == "batch":
                pairs |= {(paper, line) for line in batches.get(tuple(batch), ())}
    return sorted(pairs)


class ShownFor(NamedTuple):
    """That a paper was shown for a line."""

    line_id: int
    kind: str
    number: str
    is_revoked: bool


def shown_papers(lines: Iterable[DeliveryLine]) -> list[ShownFor]:
    """The papers of lines, in the order in which they were recorded."""
    links = DeliveryLine.certificates.through.objects.filter(deliveryline__in=[line.pk for line in lines])
    rows = links.order_by("credential_id").values_list(
        "deliveryline_id", "credential__kind", "credential__number", "credential__revoked_at"
    )
    return [ShownFor(line, kind, number, revoked is not None) for line, kind, number, revoked in rows]


def missing_papers(kinds: PaperKinds, lines: Sequence[DeliveryLine], shown: Iterable[ShownFor]) -> dict[int, list[str]]:
    """The kinds that each line lacks, by the line's id; lines that lack nothing are left out. A bare QS number is none."""
    held: dict[int, set[str]] = defaultdict(set)
    for paper in shown:
        if not paper.is_revoked and not is_old_number(paper.number):
            held[paper.line_id].add(paper.kind)
    lacking = {line.pk: kinds.missing(line.lot.product, held[line.pk]) for line in lines}
    return {pk: [kind.code for kind in found] for pk, found in lacking.items() if found}


def shown_with(delivery: Delivery, viewer: Viewer) -> QuerySet[Any]:
    """The papers that vouch for the lines of a delivery."""
    return recorded(viewer).filter(lines__delivery=delivery).distinct()


def of_supplier(row: Party, viewer: Viewer) -> QuerySet[Any]:
    """The papers of a supplier that still hold, the next to expire first."""
    rows = recorded(viewer).filter(holder__in=_subjects(row), expires_on__gte=viewer.today, revoked_at__isnull=True)
    return rows.order_by("expires_on")


def shown_for(paper: Credential, viewer: Viewer) -> QuerySet[Any]:
    """The lines of deliveries for which a paper vouched, the newest first."""
    rows: QuerySet[Any] = (
        DeliveryLine.objects.visible_to(viewer).filter(certificates=paper).order_by("-delivered_on", "-pk")
    )
    return rows
