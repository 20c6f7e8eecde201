"""Units, what is true of schools, people who work there, and places."""

from datetime import date
from typing import Annotated, Any, ClassVar
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router

from houqin.core.orgs.actions import record_school_facts
from houqin.core.orgs.models import CanteenMode, Kind, OrgUnit, SchoolFacts
from houqin.core.people.models import Person, PostHolding
from houqin.core.places.models import Place, PlaceKind
from houqin.core.scope.models import within
from houqin.edge.api.deeds import deed
from houqin.edge.api.reads import Reads, mount, unit_of, viewer_of
from houqin.edge.api.schemas import Asked, Day, In, OneOf, Out, RefOut, UnitOut, Words, of
from houqin.ui.masks import mask_phone

router = Router()
Count = Annotated[int, Field(ge=0, le=100_000)]


class OrgOut(UnitOut):
    """A unit of the tree: an office, a school, a campus."""

    kind: Annotated[str, OneOf(Kind)]
    code: str
    parent: UUID | None = of("parent.public_id", default=None)
    closed_on: date | None


class UnitsAsked(Asked):
    """Units by kind."""

    lookups: ClassVar[dict[str, str]] = {"kind": "kind", "code": "code"}
    kind: Annotated[str, OneOf(Kind)] | None = None
    code: str | None = Field(None, max_length=18)


mount(router, "units", Reads(
    model=OrgUnit, out=OrgOut, asked=UnitsAsked, order=("path",), joins=("parent",), many=_("Units"), one=_("Unit"),
    narrow=lambda rows, viewer: rows.filter(within("path", viewer.paths_for("orgs.view"))),
))  # fmt: skip


class FactsOut(Out):
    """What is true of a school from a day on, until newer facts take their place."""

    unit: UnitOut = of("org")
    valid_from: date
    school_type: str
    classes: int
    enrolment: int
    boarders: int
    staff: int
    canteen_mode: Annotated[str, OneOf(CanteenMode)]


class FactsIn(In):
    """Facts of a school."""

    unit: UUID
    valid_from: Day
    school_type: Annotated[str, Field(max_length=20)] = ""
    classes: Count = 0
    enrolment: Count
    boarders: Count = 0
    staff: Count = 0
    canteen_mode: Annotated[str, OneOf(CanteenMode)] = CanteenMode.OWN


mount(router, "school-facts", Reads(
    model=SchoolFacts, out=FactsOut, order=("-valid_from", "-pk"), many=_("School facts"),
))  # fmt: skip


@deed(router, "/school-facts", permission="orgs.record_facts", out=FactsOut, summary=_("Record school facts"))
def record_facts(request: HttpRequest, body: FactsIn) -> Any:
    viewer, facts = viewer_of(request), body.dict(exclude={"unit", "valid_from"})
    return record_school_facts(unit_of(viewer, body.unit), by=viewer, valid_from=body.valid_from, **facts)


class PersonOut(Out):
    """Somebody who works at a unit. The telephone is covered as on the pages."""

    id: UUID = of("public_id")
    name: str
    unit: UnitOut = of("org")
    posts: list[str]
    phone: str
    left_on: date | None

    @staticmethod
    def resolve_posts(row: Person) -> list[str]:
        """The posts held now."""
        return [str(holding.post) for holding in row.held]  # type: ignore[attr-defined]

    @staticmethod
    def resolve_phone(row: Person, context: Any) -> str:
        """Whole only for whom the page shows it whole."""
        is_open = viewer_of(context["request"]).may("people.view_contacts", row.org.path)
        return row.phone if is_open or not row.phone else mask_phone(row.phone)


mount(router, "people", Reads(
    model=Person, out=PersonOut, order=("pk",), many=_("Staff"), one=_("Person"),
    prefetch=[Prefetch("holdings", PostHolding.objects.filter(to_on__isnull=True).select_related("post"), to_attr="held")],
))  # fmt: skip


class PlaceOut(RefOut):
    """A building, room, store, refrigerator or piece of equipment; ``subject`` names it in ledgers and certificates."""

    subject: UUID = of("subject.public_id")
    unit: UnitOut = of("org")
    kind: Annotated[str, OneOf(PlaceKind)]
    use: str
    closed_on: date | None


class PlacesAsked(Asked):
    """Places by kind."""

    lookups: ClassVar[dict[str, str]] = {"kind": "kind", "use": "use"}
    kind: Annotated[str, OneOf(PlaceKind)] | None = None
    use: Words | None = None


mount(router, "places", Reads(
    model=Place, out=PlaceOut, asked=PlacesAsked, joins=("org", "subject"), order=("pk",), many=_("Places"), one=_("Place"),
))  # fmt: skip
