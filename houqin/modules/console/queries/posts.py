"""How posts are filled, for the page that shows it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.gaps import Asked, Conflict, conflicts, mandatory_posts
from houqin.core.people.models import Person
from houqin.core.people.posts import post_kinds
from houqin.core.scope.viewer import Viewer

SHOWN = 200


@dataclass(frozen=True)
class Filling:
    """Mandatory posts and separated posts in one hand at the units looked at."""

    asked: list[Asked]
    chosen: Asked | None
    conflicts: list[Conflict]

    @property
    def vacant(self) -> int:
        """How many posts nobody holds."""
        return sum(len(row.vacancies) for row in self.asked)

    @property
    def schools(self) -> int:
        """At how many schools a post is vacant."""
        return len({gap.school.pk for row in self.asked for gap in row.vacancies})

    @property
    def unanswered(self) -> int:
        """Conflicts for which nobody answers."""
        return sum(1 for row in self.conflicts if row.countersigned is None)


def filling(viewer: Viewer, *, under: str = "", kind: str = "") -> Filling:
    """How posts are filled. A fixed number of queries."""
    asked = [row for row in mandatory_posts(viewer, under=under) if row.schools]
    asked.sort(key=lambda row: -len(row.vacancies))
    chosen = next((row for row in asked if row.kind.code == kind), None)
    return Filling(asked, chosen, conflicts(viewer, under=under)[:SHOWN])


def person_at(viewer: Viewer, person: str, unit: str) -> tuple[Person, OrgUnit] | None:
    """The person and the unit that an address names, when both lie within reach."""
    try:
        one = Person.objects.visible_to(viewer).filter(public_id=UUID(person)).select_related("org").first()
        org = OrgUnit.objects.visible_to(viewer).filter(public_id=UUID(unit)).first()
    except ValueError:
        return None
    return (one, org) if one and org else None


def with_kind(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Posts with the title of their kind and how many hold them on a day."""
    titles = [When(kind=code, then=Value(str(kind))) for code, kind in post_kinds(day).items()]
    held = Q(holdings__from_on__lte=day) & (Q(holdings__to_on__isnull=True) | Q(holdings__to_on__gte=day))
    titled = Case(*titles, default=Value(""), output_field=CharField()) if titles else Value("")
    found: QuerySet[Any] = rows.annotate(
        kind_title=titled,
        main=Count("holdings", filter=held & Q(holdings__is_deputy=False), distinct=True),
        deputies=Count("holdings", filter=held & Q(holdings__is_deputy=True), distinct=True),
    )
    return found
