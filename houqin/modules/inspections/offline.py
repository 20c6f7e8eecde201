"""A visit is carried out without network too: its sheet lies on the phones of those who go."""

from collections.abc import Iterator

from django.urls import reverse

from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.underway import to_carry_out
from houqin.ui.offline import kept_pages

MOST = 8


@kept_pages
def sheets_of_visits(viewer: Viewer) -> Iterator[str]:
    """The sheets of what one inspects, the next first."""
    for row in to_carry_out(viewer)[:MOST]:
        yield reverse("inspections:visits-sheet", args=[row.public_id])
