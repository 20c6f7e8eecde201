"""What devices of a kitchen send: weights, temperatures of refrigerators, the morning check of the staff."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router

from houqin.core.people.models import Person
from houqin.core.scope.models import within
from houqin.edge.api.actions.readings import Checked, Measured, take_morning_check, take_readings
from houqin.edge.api.deeds import deed
from houqin.edge.api.models import Metric, Reading
from houqin.edge.api.reads import Reads, all_named, mount, viewer_of
from houqin.edge.api.resources.ledgers import WrittenOut
from houqin.edge.api.schemas import AskedByDay, In, Moment, OneOf, Out, UnitOut, Words, by_day, of

router = Router()
MOST = 1000
WAITED = timedelta(minutes=2)
"""What was sent sooner counts as done when it arrived, as for phones."""


class ReadingOut(Out):
    """What a device measured at a moment."""

    id: UUID = of("public_id")
    unit: UnitOut = of("org")
    device: str = of("device.label")
    metric: Annotated[str, OneOf(Metric)]
    at: datetime
    value: int
    is_out: bool


class ReadingsAsked(AskedByDay):
    """Readings by day and kind; ``is_out`` are those out of limits."""

    lookups: ClassVar[dict[str, str]] = by_day("day") | {"metric": "metric", "is_out": "is_out"}
    metric: Annotated[str, OneOf(Metric)] | None = None
    is_out: bool | None = None


mount(router, "readings", Reads(
    model=Reading, out=ReadingOut, asked=ReadingsAsked, order=("-day", "-pk"), many=_("Readings"), joins=("org", "device"),
))  # fmt: skip


class TakenOut(Out):
    """A reading that is kept; ``is_new`` is false when it was sent before."""

    id: UUID = of("row.public_id")
    at: datetime = of("row.at")
    value: int = of("row.value")
    is_out: bool = of("row.is_out")
    is_new: bool


class BatchOut(Out):
    """What was taken in, in the order in which it was sent."""

    items: list[TakenOut]


class WeightIn(In):
    """A weighing."""

    at: Moment
    grams: Annotated[int, Field(ge=0, le=10_000_000)]


class WeightsIn(In):
    """What a scale weighed, also after an outage."""

    readings: Annotated[list[WeightIn], Field(min_length=1, max_length=MOST)]


class TemperatureIn(In):
    """A temperature in tenths of a degree Celsius."""

    at: Moment
    tenths: Annotated[int, Field(ge=-1000, le=1500)]


class TemperaturesIn(In):
    """What a probe measured, also after an outage."""

    readings: Annotated[list[TemperatureIn], Field(min_length=1, max_length=MOST)]


@deed(
    router,
    "/devices/weights",
    permission="api.send_readings",
    out=BatchOut,
    summary=_("Weights of a scale"),
    keyed=False,
)
def send_weights(request: HttpRequest, body: WeightsIn) -> Any:
    measured = [Measured(one.at, one.grams) for one in body.readings]
    return {"items": take_readings(_device(request), by=viewer_of(request), measured=measured)}


@deed(
    router, "/devices/temperatures", permission="api.send_readings", out=BatchOut, summary=_("Temperatures of a refrigerator"),
    keyed=False,
)  # fmt: skip
def send_temperatures(request: HttpRequest, body: TemperaturesIn) -> Any:
    measured = [Measured(one.at, one.tenths) for one in body.readings]
    return {"items": take_readings(_device(request), by=viewer_of(request), measured=measured)}


class CheckIn(In):
    """One person at the terminal: symptoms by the codes of the ledger ``staff-morning-check``."""

    person: UUID
    symptoms: list[Annotated[str, Field(max_length=40)]] = Field(default_factory=list, max_length=10)
    temperature_tenths: Annotated[int, Field(ge=300, le=450)] | None = None
    attire: bool = True
    remark: Words = ""


class MorningIn(In):
    """The morning check of a school's kitchen staff, taken at a moment."""

    at: Moment
    checks: Annotated[list[CheckIn], Field(min_length=1, max_length=200)]


@deed(
    router, "/devices/morning-checks", permission="ledgers.record", out=WrittenOut, summary=_("Morning check of a terminal"),
    keyed=False,
)  # fmt: skip
def send_morning_check(request: HttpRequest, body: MorningIn) -> Any:
    viewer, device = viewer_of(request), _device(request)
    staff = Person.objects.filter(within("org__path", (device.org.path,)), left_on__isnull=True)
    people = all_named(staff, [one.person for one in body.checks], "person")
    if viewer.now - body.at > WAITED:
        viewer = replace(viewer, captured_at=body.at)
    checked = [
        Checked(people[one.person], one.symptoms, one.temperature_tenths, one.attire, one.remark) for one in body.checks
    ]
    return take_morning_check(device, by=viewer, checked=checked)


def _device(request: HttpRequest) -> Any:
    return request.auth  # type: ignore[attr-defined]
