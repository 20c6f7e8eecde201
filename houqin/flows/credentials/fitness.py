"""Equipment: what it needs when (R-092, R-093)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Max, Min, OuterRef, Q, Subquery

from houqin.core.places.models import Place
from houqin.core.places.queries import plan_of, use_title, uses_on
from houqin.core.places.rules import Need, need
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.kinds import kinds_on
from houqin.flows.credentials.models import Credential
from houqin.lib.dates import add_months

SERVICE = ("equipment-service", "equipment-inspection")
AHEAD = timedelta(days=60)
ASK_MONTHS = 1
"""FI-16: an inspection is asked for one month before the last one ends."""


@dataclass(frozen=True)
class Due:
    """One piece of equipment that needs something."""

    place: Place
    need: Need
    on: date
    use: str
    inspected: bool

    @property
    def ask_by(self) -> date | None:
        """When the inspection has to be asked for."""
        return add_months(self.on, -ASK_MONTHS) if self.inspected and self.need != Need.SCRAP else None


def due_equipment(viewer: Viewer, narrowed: Q) -> list[Due]:
    """What is due for service, inspection or scrap within two months, the most urgent first. Four queries."""
    uses = uses_on(viewer.today)
    served = Credential.objects.filter(holder=OuterRef("subject"), kind__in=SERVICE, revoked_at__isnull=True)
    kinds = [code for code, kind in kinds_on(viewer.today).items() if kind.gate == "use"]
    standing = Credential.objects.standing().filter(holder=OuterRef("subject"), kind__in=kinds)
    rows = Place.objects.visible_to(viewer).in_use().filter(narrowed).select_related("org", "within")
    rows = rows.annotate(
        served_on=Subquery(served.order_by().values("holder").annotate(last=Max("issued_on")).values("last")),
        inspected_until=Subquery(standing.order_by().values("holder").annotate(end=Min("expires_on")).values("end")),
    )
    with_service = [code for code, use in uses.items() if use.service]
    wanted = rows.filter(Q(use__in=with_service, made_on__isnull=False) | Q(inspected_until__isnull=False))
    found = [due for row in wanted.order_by(F("made_on").asc(nulls_last=True)) for due in _due(row, uses, viewer.today)]
    order = [Need.SCRAP, Need.OVERDUE, Need.SOON]
    return sorted(found, key=lambda due: (order.index(due.need), due.on, due.place.pk))


def _due(row: Any, uses: dict[str, Any], today: date) -> Iterator[Due]:
    use = uses.get(row.use)
    words = use_title(use) if use else row.get_kind_display()
    until = row.inspected_until
    plan = plan_of(use)
    if plan and row.made_on:
        scrapped = plan.scrapped_on(row.made_on)
        if until is None or (scrapped and scrapped <= today):
            found = need(plan, row.made_on, row.served_on, today, AHEAD)
            if found:
                yield Due(row, found[0], found[1], words, inspected=False)
            return
    if until and until <= today + AHEAD:
        yield Due(row, Need.OVERDUE if until < today else Need.SOON, until, words, inspected=True)
