"""Papers that suppliers showed: which kinds there are, which still hold, and what a line lacks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, QuerySet, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.models import within
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.catalogue import CredentialKind
from houqin.flows.credentials.kinds import kinds_on, title, title_case
from houqin.flows.credentials.rules import is_old_number
from houqin.modules.canteen.models import Certificate, Delivery, DeliveryLine, Product
from houqin.modules.canteen.rules.certificates import PaperKind, asked_for, missing

SOON = timedelta(days=30)


class Holds(TextChoices):
    """Whether a paper still holds."""

    BATCH = "batch", _("For its batch")
    VALID = "valid", _("Valid")
    SOON = "soon", _("Expires soon")
    EXPIRED = "expired", _("Expired")


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


def valid_papers(org: OrgUnit, supplier: Party, on: date) -> list[Certificate]:
    """What a supplier showed before and what still holds: it is carried over."""
    rows = Certificate.objects.filter(org=org, supplier__in=Party.objects.group_of(supplier), valid_until__gte=on)
    return list(rows.select_related("product").order_by("valid_until", "pk"))


def carried_over(kinds: PaperKinds, papers: Iterable[Certificate], product: Product) -> list[Certificate]:
    """The papers among these that hold for a product."""
    return [
        paper
        for paper in papers
        if kinds.concerns(paper.kind, product)
        and (paper.product is None or paper.product.canonical_id == product.canonical_id)
    ]


def vouching(kinds: PaperKinds, lines: Sequence[DeliveryLine], on: date) -> list[tuple[int, int]]:
    """Papers shown before that hold for lines of one delivery: valid ones, and those of the same batch. Ids in pairs."""
    first = lines[0]
    papers = valid_papers(first.org, first.lot.supplier, on)
    pairs = {(paper.pk, line.pk) for line in lines for paper in carried_over(kinds, papers, line.lot.product)}
    batches: dict[tuple[int, date, str], list[int]] = defaultdict(list)
    for line in lines:
        if line.lot.produced_on:
            batches[line.lot.product_id, line.lot.produced_on, line.lot.batch].append(line.pk)
    if batches:
        shown = Certificate.objects.filter(
            Q(lines__lot__product__in={key[0] for key in batches}, lines__lot__produced_on__in={key[1] for key in batches}),
            org=first.org, lines__lot__supplier=first.lot.supplier,
        )  # fmt: skip
        for paper, code, *batch in shown.values_list(
            "pk", "kind", "lines__lot__product_id", "lines__lot__produced_on", "lines__lot__batch"
        ):
            if code in kinds.kinds and kinds.kinds[code].per == "batch":
                pairs |= {(paper, line) for line in batches.get(tuple(batch), ())}
    return sorted(pairs)


def missing_papers(kinds: PaperKinds, lines: Sequence[DeliveryLine]) -> dict[int, list[str]]:
    """The kinds that each line lacks, by the line's id; lines that lack nothing are left out. A bare QS number is none."""
    held: dict[int, set[str]] = defaultdict(set)
    shown = Certificate.lines.through.objects.filter(deliveryline__in=[line.pk for line in lines])
    for line, code, number in shown.values_list("deliveryline_id", "certificate__kind", "certificate__number"):
        if not is_old_number(number):
            held[line].add(code)
    lacking = {line.pk: kinds.missing(line.lot.product, held[line.pk]) for line in lines}
    return {pk: [kind.code for kind in found] for pk, found in lacking.items() if found}


def recorded(viewer: Viewer) -> QuerySet[Any]:
    """Papers with what they are called and whether they still hold."""
    day = viewer.today
    holds = Case(
        When(valid_until__isnull=True, then=Value(Holds.BATCH.value)),
        When(valid_until__lt=day, then=Value(Holds.EXPIRED.value)),
        When(valid_until__lt=day + SOON, then=Value(Holds.SOON.value)),
        default=Value(Holds.VALID.value),
    )
    rows: QuerySet[Any] = Certificate.objects.visible_to(viewer).annotate(
        kind_title=title_case(day), holds=holds, is_newest=_newest()
    )
    return rows


def shown_with(delivery: Delivery, viewer: Viewer) -> QuerySet[Any]:
    """The papers that vouch for the lines of a delivery."""
    return recorded(viewer).filter(lines__delivery=delivery).distinct()


def of_supplier(row: Party, viewer: Viewer) -> QuerySet[Any]:
    """The papers of a supplier that still hold, the next to expire first."""
    rows = recorded(viewer).filter(supplier__in=Party.objects.group_of(row), valid_until__gte=viewer.today)
    return rows.order_by("valid_until")


def _newest() -> Case:
    """Whether no later paper of its kind and product has taken the place of one with a last day."""
    later = Certificate.objects.filter(
        Q(product=OuterRef("product")) | Q(product__isnull=True), org=OuterRef("org"), supplier=OuterRef("supplier"),
        kind=OuterRef("kind"), valid_until__gt=OuterRef("valid_until"),
    )  # fmt: skip
    is_newest = Q(valid_until__isnull=False) & ~Exists(later)
    return Case(When(is_newest, then=Value(True)), default=Value(False), output_field=BooleanField())


def ends_by_kind(
    viewer: Viewer, unit: OrgUnit | None, spans: Sequence[tuple[date | None, date | None]]
) -> list[tuple[str, str, list[int]]]:
    """Code, title and how many of the newest papers end in each span of days. One query."""
    rows = recorded(viewer).filter(is_newest=True)
    rows = rows.filter(within("org__path", (unit.path,))) if unit else rows
    counted: dict[str, Any] = {}
    for number, (first, last) in enumerate(spans):
        begun = Q(valid_until__gte=first) if first else Q()
        counted[f"n{number}"] = Count("pk", filter=begun & (Q(valid_until__lte=last) if last else Q()))
    found = rows.order_by().values("kind", "kind_title").annotate(**counted).order_by("kind")
    return [(row["kind"], row["kind_title"], [row[name] for name in counted]) for row in found]
