"""What other systems can be told, and what somebody has to hold at the unit to have it told."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Told:
    """One event of the house that leaves it: only that it happened, where, and the public id of what it is about."""

    name: str
    title: "StrOrPromise"
    permission: str


TOLD = {
    one.name: one
    for one in (
        Told("canteen.accepted", _("A delivery was accepted"), "canteen.view"),
        Told("canteen.recall_launched", _("A recall was launched"), "canteen.trace"),
        Told("canteen.recall_closed", _("A recall was closed"), "canteen.trace"),
        Told("canteen.recall_withdrawn", _("A recall was withdrawn"), "canteen.trace"),
        Told("canteen.kitchen_stopped", _("A kitchen was stopped"), "canteen.view"),
        Told("canteen.kitchen_released", _("A kitchen cooks again"), "canteen.view"),
        Told("ledgers.breached", _("A value out of limits stands"), "ledgers.view"),
        Told("rectify.opened", _("A finding was opened"), "rectify.view"),
        Told("rectify.closed", _("A finding was put right and closed"), "rectify.view"),
        Told("orgs.facts_recorded", _("Facts of a school were recorded"), "orgs.view"),
        Told("places.changed", _("Places of a unit have changed"), "places.view"),
    )
}
