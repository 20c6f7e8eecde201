"""Every event that may leave the house becomes messages in its own transaction, so that none is lost and none is told of what was undone."""

from houqin.core.events.bus import on
from houqin.core.events.models import Event
from houqin.edge.api.jobs import tell_system
from houqin.edge.api.telling import messages_of
from houqin.edge.api.told import TOLD


def tell_others(event: Event) -> None:
    """A message for each system that wants to know, sent as soon as the deed is committed."""
    for message in messages_of(event):
        tell_system.enqueue(delivery_id=message.pk)


for name in TOLD:
    on(name, mode="inline")(tell_others)
