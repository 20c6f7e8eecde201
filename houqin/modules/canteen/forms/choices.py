"""What the canteen's forms offer to choose from."""

from typing import Any

from django.db.models import QuerySet

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer


def units_with(permission: str, viewer: Viewer, row: Any) -> QuerySet[Any]:
    """Units in use at which the viewer holds the permission."""
    return OrgUnit.objects.visible_to(viewer, permission).filter(closed_on__isnull=True).order_by("path")
