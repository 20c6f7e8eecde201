"""A visit is carried out without network too: its sheet lies on the phones of those who go."""

from collections.abc import Iterator

from django.urls import reverse

from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.underway import next_visits
from houqin.ui.offline import kept_pages

MOST = 8


@kept_pages
def sheets_of_visits(viewer: Viewer) -> Iterator[str]:
    """The sheets of what one inspects, the next first."""
    for row in next_visits(viewer)[:MOST]:
        yield reverse("inspections:visits-sheet", args=[row.public_id])
