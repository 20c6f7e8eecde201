"""Suppliers, products, deliveries and what is in store."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Field, Router
from pydantic import model_validator

from houqin.core.parties.models import Party
from houqin.edge.api.deeds import deed
from houqin.edge.api.models import Metric, Reading
from houqin.edge.api.problems import wrong
from houqin.edge.api.reads import Reads, all_named, mount, named, unit_of, viewer_of
from houqin.edge.api.schemas import Asked, AskedByDay, Day, Grams, In, OneOf, Out, RefOut, UnitOut, Words, by_day, of
from houqin.modules.canteen.actions.acceptance import MOST_LINES, Arrived, Away, accept_delivery
from houqin.modules.canteen.models import Category, Delivery, Lot, Origin, Product, TurnedAway

router = Router()
Fen = Annotated[int, Field(ge=0, le=10_000_000_000)]


class SupplierOut(RefOut):
    """A firm that delivers; ``subject`` names it as the holder of its licences."""

    subject: UUID = of("subject.public_id")
    kept_by: UnitOut = of("org")
    credit_code: str


mount(router, "suppliers", Reads(
    model=Party, out=SupplierOut, order=("pk",), joins=("org", "subject"), many=gettext_lazy("Suppliers"), one=gettext_lazy("Supplier"),
))  # fmt: skip


class ProductOut(RefOut):
    """A kind of food, under the name that somebody wrote."""

    kept_by: UnitOut = of("org")
    category: Annotated[str, OneOf(Category)]
    shelf_life_days: int | None


class ProductsAsked(Asked):
    """Products by name."""

    lookups: ClassVar[dict[str, str]] = {"name": "name", "category": "category"}
    name: Annotated[str, Field(max_length=60)] | None = None
    category: Annotated[str, OneOf(Category)] | None = None


mount(router, "products", Reads(
    model=Product, out=ProductOut, asked=ProductsAsked, order=("pk",), many=gettext_lazy("Products"), one=gettext_lazy("Product"),
))  # fmt: skip


class LotOut(Out):
    """Goods of one product, supplier, date and batch in one store."""

    id: UUID = of("public_id")
    unit: UnitOut = of("org")
    product: RefOut
    supplier: RefOut
    batch: str
    produced_on: date | None
    received_on: date
    expires_on: date | None
    on_hand_grams: int
    frozen: bool = of("is_frozen")


class LotsAsked(AskedByDay):
    """Lots by the day they came; ``in_store`` leaves out what is used up."""

    lookups: ClassVar[dict[str, str]] = by_day("received_on") | {
        "product": "product__public_id", "supplier": "supplier__public_id", "batch": "batch",
    }  # fmt: skip
    product: UUID | None = None
    supplier: UUID | None = None
    batch: Annotated[str, Field(max_length=40)] | None = None
    in_store: bool = False

    def chosen(self) -> dict[str, Any]:
        """With something left."""
        return super().chosen() | ({"on_hand_grams__gt": 0} if self.in_store else {})


mount(router, "lots", Reads(
    model=Lot, out=LotOut, asked=LotsAsked, order=("-received_on", "-pk"), many=gettext_lazy("Lots in store"), one=gettext_lazy("Lot"),
    joins=("org", "product", "supplier", "frozen_by"),
))  # fmt: skip


class DeliveryLineOut(Out):
    """One line of a delivery."""

    id: UUID = of("public_id")
    lot: UUID = of("lot.public_id")
    product: RefOut = of("lot.product")
    grams: int = of("quantity_grams")
    amount_fen: int | None
    condition: str
    reversed_at: datetime | None


class TurnedAwayOut(Out):
    """Goods that were turned away."""

    product: RefOut
    grams: int = of("quantity_grams")
    why: Annotated[str, OneOf(TurnedAway.Why)]


class DeliveryOut(Out):
    """What one supplier brought to a school on a day."""

    id: UUID = of("public_id")
    number: str
    unit: UnitOut = of("org")
    supplier: RefOut
    delivered_on: date
    origin: Annotated[str, OneOf(Origin)]
    awaits_signature: bool
    note: str
    lines: list[DeliveryLineOut]
    turned_away: list[TurnedAwayOut]


class DeliveriesAsked(AskedByDay):
    """Deliveries by day and supplier; ``unsigned`` are those that wait for a second person."""

    lookups: ClassVar[dict[str, str]] = by_day("delivered_on") | {
        "supplier": "supplier__public_id",
        "unsigned": "signed_at__isnull",
    }
    supplier: UUID | None = None
    unsigned: bool | None = None


mount(router, "deliveries", Reads(
    model=Delivery, out=DeliveryOut, asked=DeliveriesAsked, order=("-delivered_on", "-pk"), many=gettext_lazy("Deliveries"),
    one=gettext_lazy("Delivery"), joins=("org", "supplier"), prefetch=("lines__lot__product", "turned_away__product"),
))  # fmt: skip


class ArrivedIn(In):
    """A line that is taken in: ``grams``, or the ``reading`` of a scale that weighed it."""

    product: UUID
    grams: Grams | None = None
    reading: UUID | None = None
    produced_on: Day | None = None
    batch: Annotated[str, Field(max_length=40)] = ""
    expires_on: Day | None = None
    loose: bool = False
    temperature_tenths: Annotated[int, Field(ge=-1000, le=2000)] | None = None
    senses: Annotated[str, Field(max_length=60)] = ""
    amount_fen: Fen = 0
    note: Words = ""
    sure: bool = False

    @model_validator(mode="after")
    def _weighed(self) -> "ArrivedIn":
        if (self.grams is None) == (self.reading is None):
            raise ValueError("either grams or the reading of a scale")
        return self


class AwayIn(In):
    """Goods that are given back at the door."""

    product: UUID
    grams: Grams
    why: Annotated[str, OneOf(TurnedAway.Why)]
    words: Words = ""


class DeliveryIn(In):
    """A delivery as it stands at the door."""

    unit: UUID
    supplier: UUID
    lines: list[ArrivedIn] = Field(default_factory=list, max_length=MOST_LINES)
    turned_away: list[AwayIn] = Field(default_factory=list, max_length=MOST_LINES)
    note: Words = ""


@deed(router, "/deliveries", permission="canteen.record", out=DeliveryOut, summary=gettext_lazy("Accept a delivery"))
def accept(request: HttpRequest, body: DeliveryIn) -> Any:
    viewer = viewer_of(request)
    unit = unit_of(viewer, body.unit)
    products: Any = Product.objects.visible_to(viewer, "canteen.record").select_related("org", "root__org")
    goods = all_named(
        products, [one.product for one in body.lines] + [one.product for one in body.turned_away], "product"
    )
    suppliers: Any = Party.objects.visible_to(viewer, "canteen.record").select_related("org", "root__org", "subject")
    weights = _weights(unit, [line.reading for line in body.lines if line.reading])
    lines = [
        Arrived(
            product=goods[line.product], grams=line.grams or weights[line.reading],  # type: ignore[index]
            written=f"{line.reading or ''}", produced_on=line.produced_on, batch=line.batch, expires_on=line.expires_on,
            loose=line.loose, tenths=line.temperature_tenths, senses=line.senses, amount_fen=line.amount_fen, note=line.note, sure=line.sure,
        )
        for line in body.lines
    ]  # fmt: skip
    away = [Away(product=goods[one.product], grams=one.grams, why=one.why, words=one.words) for one in body.turned_away]
    made = accept_delivery(
        unit,
        by=viewer,
        supplier=named(suppliers, body.supplier, "supplier"),
        lines=lines,
        turned_away=away,
        note=body.note,
    )
    return DELIVERED.get(pk=made.pk)


DELIVERED: Any = Delivery.objects.select_related("org", "supplier").prefetch_related(
    "lines__lot__product", "turned_away__product"
)


def _weights(unit: Any, refs: list[UUID]) -> dict[UUID, int]:
    """What scales of this unit weighed, by the ids of their readings; each counts for one line."""
    if len(set(refs)) < len(refs):
        raise wrong("reading", _("One weighing stands for two lines. Weigh each of them."))
    rows = Reading.objects.filter(org=unit, metric=Metric.WEIGHT, value__gt=0)
    return {ref: row.value for ref, row in all_named(rows, refs, "reading").items()}
