"""What lies in a store now, for the pot, and who has to sign before it may be used."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q

from houqin.core.grants.viewers import accounts_holding
from houqin.core.orgs.models import OrgUnit
from houqin.modules.canteen.models import Delivery, Lot
from houqin.modules.canteen.queries.signing import SIGN

MOST_NAMES = 5


def lots_of_groups(org: OrgUnit, groups: Collection[int]) -> Any:
    """Lots of a school with something left, of product groups (canonical rows with all their names)."""
    of_groups = Q(product_id__in=groups) | Q(product__root_id__in=groups)
    return Lot.objects.in_stock().filter(of_groups, org=org)


def unsigned_deliveries(lot_ids: Collection[int]) -> Any:
    """Deliveries of these lots that wait for a second person."""
    return Delivery.objects.unsigned().filter(lines__lot__in=lot_ids).distinct().order_by("pk")


def may_sign(deliveries: Iterable[Delivery], org: OrgUnit) -> str:
    """The names of those who may sign for these deliveries: not whoever accepted one."""
    first = [delivery.accepted_by_id for delivery in deliveries if delivery.accepted_by_id]
    others = accounts_holding(SIGN, org=org).exclude(pk__in=first)
    return "、".join(str(account) for account in others[:MOST_NAMES])
