"""Who answers for a place (R-085): named for it, else for what it stands in, else as the catalogue says of its use."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.people.models import Person
from houqin.core.people.posts import holdings
from houqin.core.places.models import Place
from houqin.core.places.queries import use_title, uses_on
from houqin.core.scope.models import within
from houqin.core.scope.viewer import Viewer

DEFAULT_POST = "logistics-director"
"""Who answers for what has no use of its own, a building or a plain room: the post that keeps the premises."""
NESTED = ("", "within__", "within__within__")
"""The room itself, the building in which it stands, the campus in which that stands."""


def with_owners(rows: QuerySet[Place], day: date) -> QuerySet[Any]:
    """Places with ``owner_code`` (the post that answers), ``owner_name`` (who that is today).

    No name: nobody answers for the place. One query however many places.
    """
    here = Q(post__org=OuterRef("org")) | Q(post__org=OuterRef("org__parent"), post__org__kind=Kind.SCHOOL)
    held = holdings(day).filter(here, post__kind=OuterRef("owner_code")).order_by("is_deputy", "from_on", "pk")
    uses = [When(use=code, then=Value(use.owner)) for code, use in uses_on(day).items() if use.owner]
    named = rows.annotate(
        owner_code=_nearest("owner_post", Case(*uses, default=Value(DEFAULT_POST))),
        owner_id=_nearest("owner_person_id", Value(None)),
    )
    at_work = Person.objects.filter(pk=OuterRef("owner_id")).filter(Q(left_on__isnull=True) | Q(left_on__gte=day))
    found: QuerySet[Any] = named.annotate(
        owner_name=Coalesce(Subquery(at_work.values("name")[:1]), Subquery(held.values("person__name")[:1]))
    )
    return found


def _nearest(field: str, default: Any) -> Case:
    """The field of the nearest place, from inside out, for which an owner was named."""
    return Case(
        *(
            When(Q(**{f"{at}owner_post__gt": ""}) | Q(**{f"{at}owner_person__isnull": False}), then=F(f"{at}{field}"))
            for at in NESTED
        ),
        default=default,
    )


def may_answer(posts: Collection[str], person: int | None, day: date) -> Q:
    """The places, and perhaps some more, for which a person or one of these posts answers: a filter before ``with_owners``."""
    uses = [code for code, use in uses_on(day).items() if use.owner]
    if DEFAULT_POST in posts:
        return Q()
    found = Q(use__in=[code for code in uses if uses_on(day)[code].owner in posts])
    for at in NESTED:
        found |= Q(**{f"{at}owner_post__in": posts})
        found |= Q(**{f"{at}owner_person": person}) if person is not None else Q()
    return found


def without_owner(rows: QuerySet[Place], day: date) -> QuerySet[Any]:
    """Places in use for which nobody answers: their post is vacant, or the person named has left."""
    found: QuerySet[Any] = with_owners(rows.filter(closed_on__isnull=True), day).filter(owner_name__isnull=True)
    return found


def count_without_owner(viewer: Viewer, paths: Iterable[str]) -> dict[str, int]:
    """How many places of each unit nobody answers for, by the unit's path, below some paths. One query."""
    below = within(Place.SCOPE_PATH, tuple(paths))
    rows = without_owner(Place.objects.visible_to(viewer).filter(below), viewer.today)
    counted = rows.order_by("org__path").values_list("org__path").annotate(count=Count("pk"))
    return dict(counted)


@dataclass(frozen=True)
class Area:
    """What somebody answers for, of one use: how many, and the names of some."""

    what: str
    count: int
    names: tuple[str, ...]


MOST_NAMES = 6


def areas_of(org: OrgUnit, day: date, *, person: Person | None, posts: Collection[str]) -> list[Area]:
    """What a person answers for at a unit, by name or by the posts held; nobody: all places of the unit. By use, the most first."""
    rows = with_owners(Place.objects.in_use().filter(org=org), day)
    if person is not None:
        rows = rows.filter(Q(owner_id=person.pk) | Q(owner_id__isnull=True, owner_code__in=posts))
    uses = uses_on(day)
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows.order_by("name"):
        found[use_title(uses[row.use]) if row.use in uses else str(row.get_kind_display())].append(row.name)
    areas = [Area(what, len(names), tuple(names[:MOST_NAMES])) for what, names in found.items()]
    return sorted(areas, key=lambda area: (-area.count, area.what))
