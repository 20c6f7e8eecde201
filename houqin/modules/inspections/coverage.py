"""覆盖面: which schools nobody has inspected for how long. Counts, and schools in the order of the tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.candidates import BEEN
from houqin.modules.inspections.models import CampaignKind, Visit

MONTHS = (6, 12, 24)


def with_last(rows: QuerySet[OrgUnit]) -> QuerySet[Any]:
    """Schools with the day of their last inspection by others (``last_on``); only visits that have begun are known."""
    been = Visit.objects.filter(org=OuterRef("pk"), state__in=BEEN).exclude(kind=CampaignKind.SELF)
    newest = been.order_by().values("org").annotate(newest=Max("day")).values("newest")
    return rows.annotate(last_on=Subquery(newest))


def before(today: date, months: int) -> date:
    """The same day so many months ago; the last of the month where it has none."""
    number = today.year * 12 + today.month - 1 - months
    year, month = divmod(number, 12)
    for day in range(today.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, min(today.day, 28))


def since(name: str, today: date) -> Q:
    """The schools of a span: ``never``, or the least months without an inspection (``24``, ``12``, ``6``, ``0``)."""
    if name == "never":
        return Q(last_on__isnull=True)
    least = int(name)
    later = [one for one in MONTHS if one > least]
    span = Q(last_on__isnull=False) if least == 0 else Q(last_on__lte=before(today, least))
    return span & Q(last_on__gt=before(today, later[0])) if later else span


@dataclass(frozen=True)
class Span:
    """So many schools, and the list of them."""

    name: str
    count: int
    url: str


NAMES = ("never", *(str(one) for one in reversed(MONTHS)), "0")


def spans(rows: QuerySet[OrgUnit], viewer: Viewer, under: str = "") -> Sequence[Span]:
    """How many schools lie in each span; the sum is all of them. One query."""
    counted = with_last(rows).order_by().aggregate(
        **{f"n_{name}": Count("pk", filter=since(name, viewer.today)) for name in NAMES}
    )  # fmt: skip
    listed = reverse("inspections:unvisited")
    return [
        Span(name, counted[f"n_{name}"], f"{listed}?{urlencode({'view': name} | ({'under': under} if under else {}))}")
        for name in NAMES
    ]
