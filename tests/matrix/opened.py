"""Every address with a row behind it wherever the furnished world holds one, also of pages that are no screen."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.urls import get_resolver, reverse

from houqin.core.notices.actions import notify
from houqin.core.people.models import ClassGroup
from houqin.core.places.models import Place
from houqin.flows.cases.models import Case
from houqin.flows.collect.models import Return
from houqin.flows.duties.models import Duty
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.letters.models import Letter
from houqin.flows.rectify.models import Finding
from houqin.modules.canteen.actions.incidents import raise_alarm
from houqin.modules.canteen.models import CanteenCard, Delivery, HandOver, IncidentReport
from houqin.modules.canteen.views.incidents.deeds import DEEDS
from houqin.modules.inspections.models import Draw, Visit
from tests.matrix.doors import ODD_ARGS
from tests.matrix.furnished import ADDRESSES, address_of, screen_of
from tests.world import NOON, World

ROWS: dict[str, Any] = {
    "canteen:accept-delivery": Delivery,
    "canteen:card": CanteenCard,
    "canteen:staff-card": CanteenCard,
    "canteen:heads-class": ClassGroup,
    "canteen:incident-take": HandOver,
    "canteen:incident-report-print": IncidentReport,
    "collect:mine": Return,
    "inspections:published-draw": Draw,
    "inspections:published-record": Draw,
    "inspections:set-out": Visit,
    "inspections:walk": Duty,
    "ledgers:amend": LedgerEntry,
    "letters:form": Letter,
    "rectify:notice": Finding,
}
BY_NUMBER = {"canteen:heads-class", "inspections:walk"}
CODES = {
    "ledgers:ask": "visitors",
    "ledgers:end-asking": "visitors",
    "ledgers:write": "visitors",
    "ledgers:month": "waste-oil",
    "ledgers:month-print": "waste-oil",
    "ledgers:month-excel": "waste-oil",
    "ledgers:upload-file": "example-morning-check",
    "inspections:checklist": "term-opening",
    "inspections:checklist-print": "term-opening",
    "inspections:framework": "six-t",
    "inspections:framework-names": "three-abilities",
    "inspections:area-ask": "gate",
    "inspections:area-end": "gate",
}
STRANGE = {"provider_id": "office", "uidb36": "1", "key": "x-y", "ref": UUID(int=7), "code": "0" * 16}
"""What the other addresses need and no world holds."""


def more_rows(world: World) -> Case:
    """A suspected food poisoning at school A, and a notice to everybody."""
    notify(world.cast.values(), by=world.system, org=world.school_a, title="通知")
    return raise_alarm(world.school_a, by=world.viewer("shi", NOON), is_drill=False)


def opened(world: World) -> Iterator[tuple[str, str]]:
    """The name of each address, and how it is written."""
    case = more_rows(world)
    for address in ADDRESSES:
        if screen_of(address)[0]:
            yield address, address_of(address, world)
        elif address == "canteen:incident-deed":
            yield from ((f"{address}/{name}", reverse(address, args=[case.public_id, name])) for name in DEEDS)
        elif address in {"canteen:incident", "canteen:incident-register"}:
            yield address, reverse(address, args=[case.public_id])
        else:
            yield address, reverse(address, args=_args(address))


def _args(address: str) -> list[Any]:
    if address in CODES:
        return [CODES[address]]
    if address in {"ui:label", "environment:door", "ledgers:at-place"}:
        return [Place.objects.get(name="一楼厕所").label_code]
    row = ROWS[address].objects.order_by("pk").first() if address in ROWS else None
    if row is not None:
        return [row.pk if address in BY_NUMBER else row.public_id]
    if address in ODD_ARGS:
        return ODD_ARGS[address]
    return [STRANGE[name] for name in _asked(address)]


def _asked(address: str) -> list[str]:
    """The names of what an address needs."""
    resolver: Any = get_resolver()
    *spaces, name = address.split(":")
    for space in spaces:
        resolver = resolver.namespace_dict[space][1]
    return list(resolver.reverse_dict[name][0][0][1])
