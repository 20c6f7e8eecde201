"""Visits that wait for somebody to carry them out."""

from django.db.models import F, Q, QuerySet

from houqin.core.scope.models import within
from houqin.core.scope.remembering import remembered
from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.models import CampaignKind, Visit, VisitState

MOST = 20
OPEN = (VisitState.PLANNED, VisitState.DEPARTED, VisitState.UNDERWAY)


def to_carry_out(viewer: Viewer) -> QuerySet[Visit]:
    """Visits that the viewer inspects, and self-checks of their school that are not signed yet; the next first."""
    if viewer.account_id is None or not viewer.may_anywhere("inspections.view"):
        return Visit.objects.none()
    mine = Q(inspectors__account=viewer.account_id)
    own = Q(kind=CampaignKind.SELF) & within("org__path", viewer.paths_for("inspections.self_check"))
    rows = Visit.objects.visible_to(viewer).filter(mine | own, state__in=OPEN)
    found: QuerySet[Visit] = rows.exclude(unannounced=True, state=VisitState.PLANNED).select_related("org")
    return found.order_by("planned_on", "pk")


@remembered
def next_visits(viewer: Viewer) -> list[Visit]:
    """The first of them; what has no day is to be done now."""
    return list(to_carry_out(viewer).order_by(F("planned_on").asc(nulls_first=True), "pk")[:MOST])
