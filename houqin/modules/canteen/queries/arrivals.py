"""What is known when goods stand at the door: what usually comes, and what must not come in."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Max, Q, QuerySet

from houqin.core.calendars.days import school_days
from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Delivery, DeliveryLine, GoodsCode, Lot, Product, Recall
from houqin.modules.canteen.queries.outlook import AHEAD, SEARCHED, shortages
from houqin.modules.canteen.rules.acceptance import usual
from houqin.modules.canteen.rules.written import Measure, measure_of, price_again

LOOK_BACK = timedelta(days=60)
USUAL = timedelta(days=14)
BATCHES = 2
SUPPLIERS = 12


@dataclass
class Expected:
    """A product that a supplier usually brings: how much, in which unit, at what price, of which batches lately; and what
    the menus of the next school days lack of it."""

    product: Product
    last: DeliveryLine
    needed_grams: int = 0
    grams: list[int] = field(default_factory=list)
    batches: list[Lot] = field(default_factory=list)

    @property
    def usual_grams(self) -> int | None:
        """What usually comes at once."""
        return usual(self.grams)

    @property
    def measure(self) -> Measure:
        """The unit it was written in last time."""
        return measure_of(self.last.written_quantity)

    @property
    def price(self) -> int | None:
        """What one of that unit cost last time."""
        return price_again(self.measure, self.last.unit_price, self.last.amount_fen, self.last.quantity_grams)


def suppliers_in_sight(org: OrgUnit) -> QuerySet[Party]:
    """The suppliers that a school may buy from, each under the name in use."""
    rows: QuerySet[Party] = Party.objects.canonical().filter(org__path__in=[*org.ancestor_paths, org.path])
    return rows.order_by("name")


def usual_suppliers(org: OrgUnit, on: date) -> list[Party]:
    """Who came to this school lately, the latest first."""
    came = Delivery.objects.filter(org=org, delivered_on__gt=on - LOOK_BACK, delivered_on__lte=on).order_by()
    last: dict[int, date] = {}
    for pk, root, day in came.values_list("supplier_id", "supplier__root_id").annotate(last=Max("delivered_on")):
        last[root or pk] = max(day, last.get(root or pk, day))
    rows = suppliers_in_sight(org).filter(pk__in=last)
    return sorted(rows, key=lambda row: (last[row.pk], row.pk), reverse=True)[:SUPPLIERS]


def products_in_sight(org: OrgUnit) -> QuerySet[Product]:
    """What a school may buy, under the names in use; the nearest unit's own come last, so that they win."""
    rows: QuerySet[Product] = Product.objects.canonical().filter(org__path__in=[*org.ancestor_paths, org.path])
    return rows.order_by("org__path", "name")


def needed_grams(org: OrgUnit, viewer: Viewer) -> dict[int, int]:
    """What the menus of the next school days need beyond what is in store, by the canonical id of the product."""
    days = school_days(org, viewer.today, viewer.today + SEARCHED)[:AHEAD]
    short, _unplanned = shortages(org, days, now=viewer.now)
    return {one.product.canonical_id: one.grams for one in short}


def expected_from(org: OrgUnit, supplier: Party, on: date, needed: Mapping[int, int]) -> list[Expected]:
    """What a supplier is likely to bring: of its goods what the menus need first, then what came in the last weeks, the
    most frequent first, else as it came last time. One query."""
    lines = DeliveryLine.objects.standing().filter(
        org=org, delivery__supplier__in=Party.objects.group_of(supplier),
        delivered_on__gt=on - LOOK_BACK, delivered_on__lte=on,
    )  # fmt: skip
    found: dict[int, Expected] = {}
    lately: dict[int, int] = defaultdict(int)
    for line in lines.select_related("lot__product__root", "lot__product__org").order_by("-delivered_on", "-pk"):
        product = line.lot.product.root or line.lot.product
        one = found.setdefault(product.pk, Expected(product, last=line, needed_grams=needed.get(product.pk, 0)))
        one.grams.append(line.quantity_grams)
        known = {(lot.produced_on, lot.batch) for lot in one.batches}
        if line.lot.produced_on and len(known) < BATCHES and (line.lot.produced_on, line.lot.batch) not in known:
            one.batches.append(line.lot)
        lately[product.pk] += line.delivered_on > on - USUAL
    likely = [one for pk, one in found.items() if lately[pk] or one.needed_grams]
    return sorted(
        likely,
        key=lambda one: (
            one.needed_grams == 0, -lately[one.product.pk], -one.last.delivery_id, one.last.pk,
        ),
    )  # fmt: skip


def known_code(org: OrgUnit, code: str) -> GoodsCode | None:
    """What a barcode stands for: what the school learnt itself, else what the units above it did."""
    rows = GoodsCode.objects.filter(code=code, org__path__in=[*org.ancestor_paths, org.path])
    found: GoodsCode | None = rows.select_related("product__root").order_by("-org__path").first()
    return found


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
    return list(rows.select_for_update().order_by("pk"))
