"""Who may know of an inspection. Every page, list, count, search, export and the trail asks here.

An unannounced campaign is known to whoever wrote it and to those they let in (``insiders``), to nobody else, whatever
their role, until it has ended. A school that it goes to is known to the inspectors from their departure on, to everybody else within
reach once the visit has begun.
"""

from typing import Any, Self

from django.db.models import Q, QuerySet

from houqin.core.orgs.models import OFFICES
from houqin.core.scope.models import ScopedQuerySet, within
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.boards import OFFICE, SEEN

UNANNOUNCED = "unannounced"
ENDED = "ended"
PLANNED, DEPARTED = "planned", "departed"


def _all_of(model: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = model._base_manager.all()
    return rows


def _pointed_at(model: Any, field: str) -> Any:
    """The table that a row of the model belongs to."""
    return model._meta.get_field(field).related_model


class PlannedQuerySet(ScopedQuerySet):
    """Campaigns."""

    def visible_to(self, viewer: Viewer, permission: str | None = None) -> Self:
        """Within reach; an unannounced one that has not ended only for those who know of it."""
        rows = super().visible_to(viewer, permission)
        return rows if viewer.is_system else rows.exclude(pk__in=self.kept_from(viewer).values("pk"))

    def secret(self) -> Self:
        """Unannounced and not ended."""
        return self.filter(kind=UNANNOUNCED).exclude(state=ENDED)

    def kept_from(self, viewer: Viewer) -> QuerySet[Any]:
        """The campaigns that are a secret from the viewer."""
        campaigns = _all_of(self.model)
        known = campaigns.filter(Q(account=viewer.account_id) | Q(insiders=viewer.account_id))
        kept: QuerySet[Any] = self.model.objects.secret().exclude(pk__in=known.values("pk"))
        return kept


class OfCampaignQuerySet(ScopedQuerySet):
    """Rows of a campaign: seen by those who see it."""

    def visible_to(self, viewer: Viewer, permission: str | None = None) -> Self:
        """Within reach, and of no campaign that is a secret from the viewer."""
        rows = super().visible_to(viewer, permission)
        if viewer.is_system:
            return rows
        campaigns = _pointed_at(self.model, "campaign")
        return rows.exclude(campaign__in=campaigns.objects.kept_from(viewer).values("pk"))

    def secret(self) -> Self:
        """Those of campaigns that are one."""
        return self.filter(campaign__in=_pointed_at(self.model, "campaign").objects.secret().values("pk"))


class VisitQuerySet(ScopedQuerySet):
    """Visits."""

    def visible_to(self, viewer: Viewer, permission: str | None = None) -> Self:
        """Within reach or one's own to inspect, and no secret."""
        if viewer.is_system:
            return self
        reach = within(self.model.SCOPE_PATH, viewer.paths_for(permission or self.model.VIEW_PERMISSION))
        rows = self.filter(reach | Q(pk__in=self._inspected_by(viewer).values("pk")))
        return rows.exclude(pk__in=self.kept_from(viewer).values("pk"))

    def secret(self) -> Self:
        """Unannounced and not begun, also those called off before they began."""
        return self.filter(unannounced=True, began_at__isnull=True).exclude(campaign__state=ENDED)

    def kept_from(self, viewer: Viewer) -> QuerySet[Any]:
        """The visits that are a secret from the viewer: unannounced and not begun, also those called off before they began."""
        visits, me = _all_of(self.model), viewer.account_id
        alone = Q(campaign__isnull=True, account=me)
        known = visits.filter(alone | Q(campaign__account=me) | Q(campaign__insiders=me))
        on_the_way = self._inspected_by(viewer).filter(state=DEPARTED)
        kept: QuerySet[Any] = self.model.objects.secret().exclude(pk__in=known.values("pk"))
        return kept.exclude(pk__in=on_the_way.values("pk"))

    def to_depart(self, viewer: Viewer) -> QuerySet[Any]:
        """Unannounced visits that wait for the viewer to set out. Never show their school: it is told at departure."""
        return self._inspected_by(viewer).filter(unannounced=True, state=PLANNED)

    def _inspected_by(self, viewer: Viewer) -> QuerySet[Any]:
        return _all_of(self.model).filter(inspectors__account=viewer.account_id)


class OfVisitQuerySet(ScopedQuerySet):
    """Rows of a visit: seen by those who see it."""

    def visible_to(self, viewer: Viewer, permission: str | None = None) -> Self:
        """Of visits that the viewer sees."""
        if viewer.is_system:
            return self
        visits = _pointed_at(self.model, "visit")
        return self.filter(visit__in=visits.objects.visible_to(viewer, permission).values("pk"))


class OfAnswerQuerySet(ScopedQuerySet):
    """Rows of an answer on a visit: seen by those who see the visit."""

    def visible_to(self, viewer: Viewer, permission: str | None = None) -> Self:
        """Of visits that the viewer sees."""
        if viewer.is_system:
            return self
        answers = _pointed_at(self.model, "answer")
        return self.filter(answer__in=answers.objects.visible_to(viewer, permission).values("pk"))


class FlagQuerySet(ScopedQuerySet):
    """Hints for a person of the office."""

    def visible_to(self, viewer: Viewer, permission: str | None = None) -> Self:
        """Within reach, and not about the viewer: a hint about oneself is for somebody else to look at."""
        rows = super().visible_to(viewer, permission)
        if viewer.is_system:
            return rows
        return rows.exclude(inspector__isnull=False, inspector=viewer.account_id)


class ReportQuerySet(ScopedQuerySet):
    """Monthly reports as they were issued."""

    def visible_to(self, viewer: Viewer, permission: str | None = None) -> Self:
        """Within reach; those of one school only for the school itself and its direct office, as figures on boards."""
        rows = super().visible_to(viewer, permission)
        return rows if viewer.is_system else rows.filter(Q(org__kind__in=OFFICES) | schools_of_rates(viewer))


def schools_of_rates(viewer: Viewer) -> Q:
    """``may_see_rates`` as a condition on rows of an ``org``."""
    found = Q(pk__in=[])
    for reach in viewer.reaches:
        if reach.role in SEEN:
            found |= Q(org__path__startswith=reach.path)
        if reach.role in OFFICE:
            found |= Q(org__parent__path=reach.path)
    return found
