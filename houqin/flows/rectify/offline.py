"""What somebody sees wrong is reported without network too: in a cellar, on a roof, at the far end of the grounds."""

from collections.abc import Iterator

from django.urls import reverse

from houqin.core.scope.viewer import Viewer
from houqin.ui.offline import kept_pages


@kept_pages
def report_page(viewer: Viewer) -> Iterator[str]:
    """The form on which a finding is reported with its photo."""
    if not viewer.is_system and viewer.may_anywhere("rectify.find"):
        yield reverse("rectify:findings-new")
