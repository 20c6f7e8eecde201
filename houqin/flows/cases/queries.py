"""What waits for whom, and how many there are of what."""

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from houqin.core.people.posts import own_posts
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.models import Accountability, AccountCause, Case, CaseState, Member, MemberRole, Step

HANDS = [MemberRole.LEADS, MemberRole.WORKS]


def steps_due(viewer: Viewer) -> QuerySet[Any]:
    """Open steps whose time runs: of the viewer's cases, and of the viewer's posts at the unit that leads."""
    mine = Member.objects.filter(account=viewer.account_id, until_at__isnull=True, role__in=HANDS).values("case")
    waits = Q(case__in=mine)
    for org_id, kinds in own_posts(viewer).items():
        waits |= Q(case__lead=org_id, case__restricted=False, post__in=kinds)
    rows: QuerySet[Any] = Step.objects.visible_to(viewer, "cases.work")
    rows = rows.filter(waits, case__state=CaseState.OPEN, done_at__isnull=True, due_at__isnull=False)
    found: QuerySet[Any] = rows.select_related("case__org").order_by("due_at", "pk")
    return found


def next_due(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Cases with when their next open step is due."""
    waiting = Step.objects.filter(case=OuterRef("pk"), done_at__isnull=True, due_at__isnull=False)
    found: QuerySet[Any] = rows.annotate(next_due=Subquery(waiting.order_by("due_at").values("due_at")[:1]))
    return found


def by_cause(viewer: Viewer) -> list[dict[str, Any]]:
    """How many accountability cases there are of each cause, and what was decided; counts only, drills never."""
    shown = Case.objects.visible_to(viewer, "cases.lead").real()
    rows = Accountability.objects.filter(case__in=shown)
    figures = {
        one["cause"]: one
        for one in rows.order_by()
        .values("cause")
        .annotate(
            opened=Count("pk"),
            underway=Count("pk", filter=Q(case__state=CaseState.OPEN)),
            decided=Count("pk", filter=Q(decided_at__isnull=False)),
            unfounded=Count("pk", filter=Q(case__outcome="unfounded")),
        )
    }
    nothing = {"opened": 0, "underway": 0, "decided": 0, "unfounded": 0}
    return [nothing | figures.get(cause.value, {}) | {"label": cause.label} for cause in AccountCause]
