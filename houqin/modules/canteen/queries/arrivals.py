"""What is known when goods stand at the door: what usually comes, and what must not come in."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import Q

from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.modules.canteen.models import DeliveryLine, Lot, Product, Recall
from houqin.modules.canteen.rules.acceptance import usual

LOOK_BACK = timedelta(days=60)


def usual_grams(org: OrgUnit, products: Iterable[Product], on: date) -> dict[int, int]:
    """What usually comes of each product at once, by its canonical id; a product new to the school is left out."""
    groups = {product.canonical_id for product in products}
    lines = DeliveryLine.objects.standing().filter(
        Q(lot__product_id__in=groups) | Q(lot__product__root_id__in=groups),
        org=org, delivered_on__gt=on - LOOK_BACK, delivered_on__lte=on,
    )  # fmt: skip
    came: dict[int, list[int]] = defaultdict(list)
    for product, root, grams in lines.order_by().values_list(
        "lot__product_id", "lot__product__root_id", "quantity_grams"
    ):
        came[root or product].append(grams)
    return {group: found for group, grams in came.items() if (found := usual(grams)) is not None}


def stopped_by(org: OrgUnit, supplier: Party) -> list[Recall]:
    """Recalls under way over this school that concern the supplier; a drill stops nothing."""
    rows = Recall.objects.filter(
        Q(supplier_id=supplier.canonical_id) | Q(supplier__root_id=supplier.canonical_id),
        org__path__in=[*org.ancestor_paths, org.path], state=Recall.State.OPEN, is_drill=False,
    )  # fmt: skip
    return list(rows.select_related("product"))


def lots_of_day(org: OrgUnit, supplier: Party, products: Collection[Product], day: date) -> list[Lot]:
    """The lots that came from this supplier today already, held until the deed is done."""
    rows = Lot.objects.filter(org=org, supplier=supplier, product__in=products, received_on=day)
    held = list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    return list(Lot.objects.filter(pk__in=held).select_related("frozen_by"))
