"""What higher floors add to the pages of rows of lower ones: deeds that lead on, and what came of them.

An app offers it in its module ``further``, which is loaded at start, before any screen is asked for its addresses.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Model

from houqin.ui.screens.actions import Action
from houqin.ui.screens.panels import Panel


@dataclass
class Offer:
    """Deeds and parts of the page, in the order in which they were offered."""

    actions: list[Action] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)


_offers: dict[type[Model], Offer] = {}


def offer(model: type[Model], *, actions: Sequence[Action] = (), panels: Sequence[Panel] = ()) -> None:
    """Add deeds and panels to the pages of a model's rows; the panels stand above the last one, the story."""
    known = offered(model)
    known.actions += actions
    known.panels += panels


def offered(model: type[Model]) -> Offer:
    """What was added to the pages of a model's rows."""
    return _offers.setdefault(model, Offer())
