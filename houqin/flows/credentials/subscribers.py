"""What changes who has to renew what, besides the papers themselves; and what gates of other floors ask, loaded at start."""

from houqin.core.events.bus import on
from houqin.core.events.models import Event
from houqin.core.scope.viewer import system_viewer
from houqin.core.subjects.models import Subject
from houqin.flows.credentials.gates import papers_lacking
from houqin.flows.credentials.renewals import follow_up

__all__ = ["forget_who_left", "papers_lacking"]


@on("people.left", mode="inline")
def forget_who_left(event: Event) -> None:
    """Nobody renews the certificates of who has left."""
    holders = Subject.objects.filter(person=event.payload["person"]).values_list("pk", flat=True)
    follow_up(holders, by=system_viewer(now=event.at))
