"""Campaigns in the one search box; a secret one is found by nobody who must not know of it."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.models import Campaign
from houqin.ui.search import Hit, source


@source("campaigns", _("Inspection campaigns"), "inspections.view")
def find_campaigns(viewer: Viewer, text: str, limit: int) -> Iterator[Hit]:
    """By title."""
    for row in Campaign.objects.visible_to(viewer).filter(title__icontains=text).select_related("org")[:limit]:
        detail = f"{row.get_kind_display()} · {row.org.name}"
        yield Hit(row.title, detail, reverse("inspections:campaigns-detail", args=[row.public_id]))
