"""Deliveries that wait for a second person, and the goods that wait with them."""

from collections.abc import Collection

from django.db.models import QuerySet

from houqin.core.grants.viewers import accounts_holding
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Delivery, DeliveryLine, Origin
from houqin.modules.canteen.queries.ledgers import weighed

SIGN, COUNTERSIGN = "canteen.sign", "canteen.countersign"


def unsigned_lots(lot_ids: Collection[int]) -> set[int]:
    """Those of these lots whose every standing line came live and was signed by one person only."""
    lines = DeliveryLine.objects.standing().filter(lot_id__in=lot_ids).order_by()
    signed: dict[int, bool] = {}
    for lot, origin, at in lines.values_list("lot_id", "delivery__origin", "delivery__signed_at"):
        signed[lot] = signed.get(lot, False) or origin != Origin.LIVE or at is not None
    return {lot for lot, once in signed.items() if not once}


def signers_of(delivery: Delivery) -> QuerySet[Account]:
    """Who may sign a delivery by PIN as the second person."""
    first = delivery.accepted_by
    return seconds_at(delivery.org, first.pk if first else None, first.person_id if first else None)


def seconds_at(org: OrgUnit, first: int | None, first_person: int | None) -> QuerySet[Account]:
    """Colleagues of the first person who may sign at a school and have set a PIN."""
    rows: QuerySet[Account] = accounts_holding(SIGN, org=org, at_or_above=True).exclude(pin="")
    rows = rows.exclude(pk=first) if first else rows
    return rows.exclude(person_id=first_person) if first_person else rows


def to_sign(viewer: Viewer) -> QuerySet[Delivery]:
    """Deliveries that this viewer may sign: not those they accepted themselves, by whatever account."""
    rows: QuerySet[Delivery] = Delivery.objects.visible_to(viewer, SIGN).unsigned()
    rows = rows.exclude(accepted_by_id=viewer.account_id)
    return rows.exclude(accepted_by__person_id=viewer.person_id) if viewer.person_id else rows


def own_unsigned(viewer: Viewer) -> QuerySet[Delivery]:
    """Deliveries that the viewer accepted and nobody has signed yet."""
    rows: QuerySet[Delivery] = (
        Delivery.objects.visible_to(viewer, SIGN).unsigned().filter(accepted_by_id=viewer.account_id)
    )
    return rows


def live(viewer: Viewer) -> QuerySet[Delivery]:
    """What was recorded at the door, for those who sign."""
    rows: QuerySet[Delivery] = Delivery.objects.visible_to(viewer, SIGN).filter(origin=Origin.LIVE)
    return weighed(rows)
