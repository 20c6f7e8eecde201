"""The ledgers of today are written without network too."""

from collections.abc import Iterator

from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers import doing
from houqin.ui.offline import kept_pages

MOST = 24
"""A canteen's day; each page is drawn once in ten minutes for each phone."""


@kept_pages
def todays_ledgers(viewer: Viewer) -> Iterator[str]:
    """The forms of what is due today, the most urgent first."""
    if viewer.is_system or not viewer.may_anywhere(doing.RECORD):
        return
    found = dict.fromkeys(doing.address_of(duty) for duty in doing.to_write(viewer))
    yield from list(found)[:MOST]
