"""Which schools a notice can go to: those at or below the office's own unit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from houqin.core.orgs.models import OFFICES, CanteenMode, Kind, OrgUnit, SchoolFacts
from houqin.core.scope.viewer import Viewer
from houqin.flows.collect.models import Collection

ASKED_KINDS = (Kind.SCHOOL, Kind.CAMPUS)
MOST_SHOWN = 2000


@dataclass
class Wanted:
    """What narrows the choice; empty: all schools below the office."""

    under: str = ""
    kinds: Sequence[str] = field(default_factory=lambda: [Kind.SCHOOL])
    school_type: str = ""
    with_canteen: bool = False
    with_boarders: bool = False


def reachable(collection: Collection) -> QuerySet[Any]:
    """Every school in use below the unit that asks."""
    rows: QuerySet[Any] = OrgUnit.objects.under(collection.org.path).filter(
        kind__in=ASKED_KINDS, closed_on__isnull=True
    )
    return rows.order_by("path")


def fitting(collection: Collection, wanted: Wanted, viewer: Viewer) -> QuerySet[Any]:
    """Those of them that fit what is wanted, by the facts of the day."""
    rows: Any = reachable(collection).filter(kind__in=wanted.kinds or ASKED_KINDS)
    if wanted.under.startswith(collection.org.path):
        rows = rows.under(wanted.under)
    facts = SchoolFacts.objects.in_force(viewer.today).filter(org_id=OuterRef("pk"))
    if wanted.school_type:
        rows = rows.filter(Exists(facts.filter(school_type=wanted.school_type)))
    if wanted.with_canteen:
        rows = rows.filter(Exists(facts.exclude(canteen_mode=CanteenMode.NONE)))
    if wanted.with_boarders:
        rows = rows.filter(Exists(facts.filter(boarders__gt=0)))
    found: QuerySet[Any] = rows
    return found


def types_of(collection: Collection) -> list[str]:
    """The types of school that there are below the office."""
    rows = SchoolFacts.objects.under(collection.org.path).exclude(school_type="")
    return list(rows.order_by("school_type").values_list("school_type", flat=True).distinct())


def units_of(collection: Collection) -> list[OrgUnit]:
    """The office and the offices below it."""
    rows = OrgUnit.objects.under(collection.org.path).filter(kind__in=OFFICES, closed_on__isnull=True)
    return list(rows.order_by("path"))


def named(collection: Collection, refs: Sequence[UUID]) -> list[OrgUnit]:
    """The schools named by their public ids, as far as they lie below the office."""
    return list(reachable(collection).filter(public_id__in=refs))


def offices_for(viewer: Viewer, row: Any = None) -> QuerySet[Any]:
    """The offices in whose name the viewer may ask."""
    rows: QuerySet[Any] = OrgUnit.objects.visible_to(viewer, "collect.send").filter(
        kind__in=OFFICES, closed_on__isnull=True
    )
    return rows.order_by("path")
