"""The canteen's card in force, and how many eat there."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum

from houqin.core.orgs.models import OrgUnit
from houqin.core.places.models import Place
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import CanteenCard, Headcount, MealKind

LATELY = timedelta(days=30)


def card_of(org: OrgUnit, on: date) -> CanteenCard | None:
    """The card that holds on a day."""
    found: CanteenCard | None = (
        CanteenCard.objects.agreed().filter(org=org, valid_from__lte=on).order_by("-valid_from", "-pk").first()
    )
    return found


def cards(viewer: Viewer) -> QuerySet[Any]:
    """All cards within reach, each knowing which of its school holds today."""
    rows = CanteenCard.objects.visible_to(viewer)
    newest = (
        CanteenCard.objects.agreed().filter(org=OuterRef("org"), valid_from__lte=viewer.today)
        .order_by("-valid_from", "-pk").values("pk")[:1]
    )  # fmt: skip
    known: QuerySet[Any] = rows.annotate(in_force=Subquery(newest))
    return known


def in_force(viewer: Viewer) -> QuerySet[Any]:
    """The card of each school that holds today."""
    return cards(viewer).filter(pk=F("in_force"))


def eaters_lately(org: OrgUnit, today: date) -> dict[MealKind, int]:
    """Average eaters of each meal in the last thirty days, of the meals that were counted (FS-02, FS-03)."""
    rows = Headcount.objects.filter(org=org, meal__day__gt=today - LATELY, meal__day__lte=today).order_by()
    meals = rows.values("meal__kind", "meal").annotate(all=Sum("eaters"))
    averages = meals.values_list("meal__kind", "all")
    found: dict[str, list[int]] = {}
    for kind, eaters in averages:
        found.setdefault(kind, []).append(eaters)
    return {kind: round(sum(found[kind]) / len(found[kind])) for kind in MealKind if kind in found}


def equipment_of(org: OrgUnit) -> QuerySet[Place]:
    """Stores, refrigerators and kitchen equipment in use."""
    rows: QuerySet[Place] = Place.objects.filter(org=org).in_use().order_by("kind", "name")
    return rows


def public_card(school: UUID, today: date) -> CanteenCard | None:
    """The card in force of a school, by the school's public id."""
    rows = CanteenCard.objects.agreed().filter(org__public_id=school, valid_from__lte=today, org__closed_on=None)
    found: CanteenCard | None = rows.select_related("org", "caterer").order_by("-valid_from", "-pk").first()
    return found
