"""Schools that are alike: of one type, with or without boarders. Compared are only these."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit, SchoolFacts
from houqin.core.scope.viewer import Viewer

BOARDING = "+"
UNKNOWN = "-"
"""How an address says that the type is not known: an empty value there means every kind."""
Orgs = Iterable[int] | QuerySet[Any, Any]


def alike_of(orgs: Orgs, day: date) -> dict[int, str]:
    """The kind of each school on a day, as it is kept: its type, with a mark where it has boarders. One query."""
    rows = SchoolFacts.objects.in_force(day).filter(org__in=orgs).values_list("org_id", "school_type", "boarders")
    return {org_id: kind_of(kind, boarders) for org_id, kind, boarders in rows}


def kind_of(school_type: str, boarders: int) -> str:
    """The kind of a school from its facts."""
    return f"{school_type}{BOARDING if boarders else ''}"


def called(alike: str) -> str:
    """A kind of school in words."""
    kind = alike.removesuffix(BOARDING) or gettext("Type unknown")
    boarding = gettext("with boarders") if alike.endswith(BOARDING) else gettext("without boarders")
    return f"{kind} · {boarding}"


def schools_alike(alike: str, day: date) -> "QuerySet[OrgUnit]":
    """The schools that are of this kind on a day."""
    facts = SchoolFacts.objects.in_force(day).filter(school_type=alike.removesuffix(BOARDING))
    facts = facts.filter(boarders__gt=0) if alike.endswith(BOARDING) else facts.filter(boarders=0)
    which = Q(pk__in=facts.values("org"))
    if not alike:
        which |= ~Q(pk__in=SchoolFacts.objects.values("org"))
    schools: QuerySet[OrgUnit] = OrgUnit.objects.schools().filter(which).order_by()
    return schools


def alike_filter(viewer: Viewer) -> df.Filter:
    """The filter of a list by kind of school, as the schools are today; what lies at a campus is its school's."""

    def kinds() -> list[tuple[str, str]]:
        rows = SchoolFacts.objects.visible_to(viewer).in_force(viewer.today).order_by()
        found = {kind_of(*row) for row in rows.values_list("school_type", "boarders").distinct()}
        return [(kind or UNKNOWN, called(kind)) for kind in sorted(found | {""})]

    def narrowed(rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        schools = schools_alike("" if value == UNKNOWN else value, viewer.today).values("pk")
        return rows.filter(Q(org__in=schools) | Q(org__parent__in=schools))

    return df.ChoiceFilter(choices=kinds, method=narrowed, label=_("Kind of school"))
