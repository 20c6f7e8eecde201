"""Meals, what was issued to them, samples, and where goods went."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router

from houqin.core.places.models import Place
from houqin.core.scope.viewer import Viewer
from houqin.edge.api.deeds import deed
from houqin.edge.api.reads import ERRORS, Reads, all_named, may, mount, named, unit_of, viewer_of
from houqin.edge.api.schemas import Asked, AskedByDay, Day, Grams, In, OneOf, Out, RefOut, UnitOut, Words, by_day, of
from houqin.edge.api.scopes import takes
from houqin.modules.canteen.actions.meals import ForMeal, IssueLine, SampleRow, issue_meal, retain_samples
from houqin.modules.canteen.models import Issue, Lot, Meal, MealKind, Product, Recall, Sample, Tier
from houqin.modules.canteen.queries.dishes import dishes_cooked
from houqin.modules.canteen.queries.trace import trace_lot

router = Router()
MOST = 100


class MealOut(Out):
    """A meal of a day."""

    id: UUID = of("public_id")
    unit: UnitOut = of("org")
    day: date
    kind: Annotated[str, OneOf(MealKind)]
    dishes: list[str]


class MealsAsked(AskedByDay):
    """Meals by day and kind."""

    lookups: ClassVar[dict[str, str]] = by_day("day") | {"kind": "kind"}
    kind: Annotated[str, OneOf(MealKind)] | None = None


def _with_dishes(rows: list[Any], viewer: Viewer) -> list[Any]:
    cooked = dishes_cooked(rows)
    for row in rows:
        row.dishes = [dish.name for dish in cooked[row.pk]]
    return rows


mount(router, "meals", Reads(
    model=Meal, out=MealOut, asked=MealsAsked, order=("-day", "-pk"), many=_("Meals"), one=_("Meal"), shown=_with_dishes,
))  # fmt: skip


class IssueOut(Out):
    """Goods taken from the store for a meal."""

    id: UUID = of("public_id")
    unit: UnitOut = of("org")
    meal: UUID = of("meal.public_id")
    kind: Annotated[str, OneOf(MealKind)] = of("meal.kind")
    product: RefOut
    issued_on: date
    grams: int = of("quantity_grams")
    taken_by: str
    reversed_at: datetime | None


class IssuesAsked(AskedByDay):
    """Issues by day and product."""

    lookups: ClassVar[dict[str, str]] = by_day("issued_on") | {"product": "product__public_id"}
    product: UUID | None = None


mount(router, "issues", Reads(
    model=Issue, out=IssueOut, asked=IssuesAsked, order=("-issued_on", "-pk"), many=_("Issues"), one=_("Issue"),
    joins=("org", "meal", "product"),
))  # fmt: skip


class IssuedOut(Out):
    """All that one deed took from the store."""

    items: list[IssueOut]


class IssueLineIn(In):
    """Grams of a product: from the lot named, else the oldest first."""

    product: UUID
    grams: Grams
    lot: UUID | None = None


class IssueIn(In):
    """Goods for a meal."""

    unit: UUID
    day: Day
    kind: Annotated[str, OneOf(MealKind)]
    lines: Annotated[list[IssueLineIn], Field(min_length=1, max_length=MOST)]
    taken_by: Annotated[str, Field(max_length=40)] = ""
    urgent_reason: Words = ""


@deed(router, "/issues", permission="canteen.record", out=IssuedOut, summary=_("Issue goods to a meal"))
def issue_goods(request: HttpRequest, body: IssueIn) -> Any:
    viewer = viewer_of(request)
    unit = unit_of(viewer, body.unit)
    products: Any = Product.objects.visible_to(viewer, "canteen.record").select_related("org", "root__org")
    goods = all_named(products, [line.product for line in body.lines], "product")
    lots = all_named(Lot.objects.filter(org=unit), [line.lot for line in body.lines if line.lot], "lot")
    lines = [IssueLine(goods[one.product], one.grams, lots[one.lot] if one.lot else None) for one in body.lines]
    made = issue_meal(
        unit, by=viewer, meal=ForMeal(body.day, body.kind), lines=lines, taken_by=body.taken_by,
        urgent_reason=body.urgent_reason,
    )  # fmt: skip
    rows = Issue.objects.filter(pk__in=[one.pk for one in made]).select_related("org", "meal", "product")
    return {"items": list(rows.order_by("pk"))}


class SampleOut(Out):
    """A sample kept of a dish."""

    id: UUID = of("public_id")
    unit: UnitOut = of("org")
    meal: UUID = of("meal.public_id")
    dish: str
    grams: int
    taken_at: datetime
    keep_until: datetime
    place: RefOut | None
    disposed_at: datetime | None


class SamplesAsked(AskedByDay):
    """Samples by the day of their meal; ``kept`` leaves out what was disposed of."""

    lookups: ClassVar[dict[str, str]] = by_day("meal__day") | {"kept": "disposed_at__isnull"}
    kept: bool | None = None


mount(router, "samples", Reads(
    model=Sample, out=SampleOut, asked=SamplesAsked, order=("-taken_at", "-pk"), many=_("Samples"), one=_("Sample"),
    joins=("org", "meal", "place"),
))  # fmt: skip


class SampleIn(In):
    """A sample of one dish."""

    dish: Annotated[str, Field(min_length=1, max_length=60)]
    grams: Annotated[int, Field(gt=0, le=10_000)]
    box: Annotated[str, Field(max_length=20)] = ""


class SamplesIn(In):
    """Samples of a meal, put into a refrigerator together."""

    unit: UUID
    day: Day
    kind: Annotated[str, OneOf(MealKind)]
    samples: Annotated[list[SampleIn], Field(min_length=1, max_length=MOST)]
    place: UUID | None = None
    temperature_tenths: Annotated[int, Field(ge=-1000, le=1000)] | None = None


class SamplesOut(Out):
    """Samples that were kept."""

    items: list[SampleOut]


@deed(router, "/samples", permission="canteen.cook", out=SamplesOut, summary=_("Keep samples"))
def keep_samples(request: HttpRequest, body: SamplesIn) -> Any:
    viewer = viewer_of(request)
    unit = unit_of(viewer, body.unit)
    place = named(Place.objects.filter(org=unit), body.place, "place") if body.place else None
    rows = [SampleRow(one.dish, one.grams, one.box) for one in body.samples]
    made = retain_samples(
        unit, by=viewer, meal=ForMeal(body.day, body.kind), rows=rows, place=place, tenths=body.temperature_tenths
    )
    found = Sample.objects.filter(public_id__in=[one.public_id for one in made])
    return {"items": list(found.select_related("org", "meal", "place").order_by("pk"))}


class RecallOut(Out):
    """A recall of bad goods."""

    id: UUID = of("public_id")
    number: str
    unit: UnitOut = of("org")
    drill: bool = of("is_drill")
    state: Annotated[str, OneOf(Recall.State)]
    supplier: RefOut
    product: RefOut
    batch: str
    produced_on: date | None
    launched_at: datetime | None
    closed_at: datetime | None


class RecallsAsked(Asked):
    """Recalls by state."""

    lookups: ClassVar[dict[str, str]] = {"state": "state"}
    state: Annotated[str, OneOf(Recall.State)] | None = None


mount(router, "recalls", Reads(
    model=Recall, out=RecallOut, asked=RecallsAsked, order=("-proposed_at", "-pk"), many=_("Recalls"), one=_("Recall"),
    joins=("org", "supplier", "product"),
))  # fmt: skip


class TracedLotOut(Out):
    """A lot concerned: how sure it is, what came in of it, and what is left."""

    unit: UnitOut = of("school")
    lot: UUID = of("lot.public_id")
    tier: Annotated[str, OneOf(Tier)]
    received_grams: int
    left_grams: int


class TracedMealOut(Out):
    """A meal that got something of it. Eaters are numbers, never names."""

    unit: UnitOut = of("school")
    meal: UUID = of("meal.public_id")
    day: date = of("meal.day")
    kind: Annotated[str, OneOf(MealKind)] = of("meal.kind")
    tier: Annotated[str, OneOf(Tier)]
    grams: int
    dishes: list[str]
    eaters: int = of("eaters.number")
    eaters_estimated: bool = of("eaters.estimated")


class TraceOut(Out):
    """Everything within reach that a lot's goods touched; ``reach_ends``: others may have had it beyond."""

    lots: list[TracedLotOut]
    meals: list[TracedMealOut]
    people: int
    reach_ends: bool


@router.get(
    "/lots/{uuid:ref}/trace", response={200: TraceOut, **ERRORS}, summary=_("Where the goods of a lot went"),  # type: ignore[arg-type]
    operation_id="trace_lot", description=takes("canteen.trace"), url_name="trace-lot",
)  # fmt: skip
def trace(request: HttpRequest, ref: UUID) -> Any:
    viewer = viewer_of(request)
    may(viewer, "canteen.trace")
    lot = Lot.objects.visible_to(viewer, "canteen.trace").select_related("org", "product", "supplier")
    return trace_lot(viewer, lot.get_visible(viewer, "canteen.trace", public_id=ref))
