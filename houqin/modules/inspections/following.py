"""回头看: what a follow-up goes back to, the open findings of the office that plans it."""

from typing import Any

from django.db.models import QuerySet

from houqin.core.scope.viewer import Viewer
from houqin.flows.rectify.models import Finding, FindingState
from houqin.modules.inspections.models import Campaign, CampaignKind, Visit, VisitState

OPEN = (FindingState.ORDERED, FindingState.REPORTED)


def left_open(office_id: int) -> QuerySet[Finding]:
    """Findings of an office that are ordered, or reported as put right and not looked at again yet."""
    rows: QuerySet[Finding] = Finding.objects.filter(found_org=office_id, state__in=OPEN)
    return rows.order_by()


def taken_in(campaign: Campaign) -> QuerySet[Any, Any]:
    """The schools to which the campaign has gone or goes. A follow-up goes back to where its findings are still open."""
    rows: QuerySet[Visit] = campaign.visits.exclude(state=VisitState.VOID)
    if campaign.kind == CampaignKind.FOLLOW_UP:
        rows = rows.exclude(state=VisitState.SIGNED, org__in=left_open(campaign.org_id).values("org"))
    return rows.values("org")


def followed(visit: Visit, viewer: Viewer) -> list[Finding]:
    """What a follow-up looks at again at its school, as far as the viewer sees it: the first due stands first."""
    if visit.kind != CampaignKind.FOLLOW_UP:
        return []
    office = visit.campaign.org_id if visit.campaign else visit.office_id
    rows = Finding.objects.visible_to(viewer).filter(org=visit.org_id, pk__in=left_open(office).values("pk"))
    return list(rows.order_by("due_on", "pk"))
