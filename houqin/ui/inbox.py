"""The bell: how many notices wait, and the inbox behind it."""

from typing import Any

from django.db.models import QuerySet

from houqin.core.notices.models import Notice
from houqin.core.scope.viewer import Viewer


def unread(viewer: Viewer) -> int:
    """How many notices the viewer has not opened: one count on an index."""
    return int(Notice.objects.visible_to(viewer).unread().count())


def newest(viewer: Viewer, most: int = 100) -> QuerySet[Any]:
    """The inbox, newest first."""
    return Notice.objects.visible_to(viewer).select_related("org")[:most]


def one(viewer: Viewer, pk: int) -> Any:
    """One of the viewer's own notices, or 404."""
    return Notice.objects.get_visible(viewer, pk=pk)
