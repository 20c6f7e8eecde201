"""What people take over when something below changes."""

from houqin.core.catalogues.loading import after_loading
from houqin.core.people.actions.posts import name_kinds
from houqin.core.scope.viewer import Viewer, system_viewer


@after_loading
def name_posts(by: Viewer) -> None:
    """Posts recorded before the catalogue knew their title get their kind at every start."""
    name_kinds(by=system_viewer(now=by.now, channel=by.channel))
