"""What the trail does not tell yet: deeds on inspections that are a secret from the reader."""

from collections.abc import Iterator
from uuid import UUID

from houqin.core.audit.models import keeps_secret
from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.models import Campaign, Draw, Visit


@keeps_secret
def inspections_kept(viewer: Viewer) -> Iterator[UUID]:
    """Campaigns, their draws and their visits."""
    campaigns = Campaign.objects.kept_from(viewer)
    yield from campaigns.values_list("public_id", flat=True)
    yield from Draw.objects.filter(campaign__in=campaigns.values("pk")).values_list("public_id", flat=True)
    yield from Visit.objects.kept_from(viewer).values_list("public_id", flat=True)
