"""Campaigns as lists are narrowed by them: those that the viewer may know of, named by their public id, since keys that count up have gaps."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.rectify.campaigns import names_campaigns
from houqin.modules.inspections.models import Campaign
from houqin.ui.screens.filters import MOST_CHOICES, RowChoice


@names_campaigns
def campaigns_of_findings(viewer: Viewer) -> Iterator[tuple[str, str]]:
    """The newest first."""
    rows = Campaign.objects.visible_to(viewer).values_list("public_id", "title")
    yield from ((str(public_id), title) for public_id, title in rows[:MOST_CHOICES])


def campaign_of_rows(viewer: Viewer) -> RowChoice | None:
    """Rows of one campaign; nothing is offered to those who see none."""
    rows = Campaign.objects.visible_to(viewer)
    if not viewer.is_system and not rows.exists():
        return None
    return RowChoice(field_name="campaign", queryset=rows, to_field_name="public_id", label=_("Campaign"))
