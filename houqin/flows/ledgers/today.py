"""Duties of ledgers are done on the page that writes them, and the label of a place leads to what is due there."""

from django.urls import reverse

from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.models import Duty
from houqin.flows.duties.registry import done_at
from houqin.flows.ledgers import doing
from houqin.ui import labels


@done_at("ledger")
def where_it_is_written(duty: Duty) -> str:
    """The page of the ledger; empty for one that the catalogue has no more."""
    return doing.address_of(duty)


@labels.resolver("ledgers:duties")
def due_at_the_place(viewer: Viewer, code: str) -> str:
    """What is due at the place that carries this label; nothing due: the place's own page."""
    place = doing.place_of(viewer, code)
    if place is None:
        return ""
    urls = {doing.address_of(duty, place=place.label_code) for duty in doing.at(place, viewer)}
    return urls.pop() if len(urls) == 1 else reverse("ledgers:at-place", args=[place.label_code]) if urls else ""
