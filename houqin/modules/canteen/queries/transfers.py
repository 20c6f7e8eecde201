"""Goods that go from school to school: where they may go, and which lots belong together because of it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from houqin.core.orgs.models import Kind, OrgUnit
from houqin.modules.canteen.models import EntryKind, Lot, StockEntry, Tier

SURENESS = {Tier.CERTAIN: 0, Tier.POSSIBLE: 1, Tier.TO_RULE_OUT: 2}
Suspects = dict[int, tuple[Lot, Tier]]


def schools_nearby(school: OrgUnit) -> QuerySet[Any]:
    """The other schools of its district: to these goods may be sent. One query for the district."""
    district = OrgUnit.objects.filter(path__in=school.ancestor_paths, kind=Kind.DISTRICT).first()
    above = district.path if district else school.path[:-4]
    rows = OrgUnit.objects.under(above).filter(kind__in=[Kind.SCHOOL, Kind.CAMPUS], closed_on__isnull=True)
    return rows.exclude(pk=school.pk).order_by("path")  # type: ignore[no-any-return]


def arrivals(lots: Iterable[int]) -> QuerySet[Any]:
    """Entries by which goods of these lots came into another school's store."""
    rows = StockEntry.objects.standing().filter(kind=EntryKind.RECEIVED, pair__lot__in=list(lots))
    return rows.select_related("pair")


def followed(found: Iterable[tuple[Lot, Tier]], rows: Any) -> list[tuple[Lot, Tier]]:
    """The lots with what became of them in other schools, as surely as where they came from; ``rows`` is the reach.

    One query more where nothing was sent, two for each step of the way.
    """
    known: Suspects = {lot.pk: (lot, tier) for lot, tier in found}
    fresh = set(known)
    while fresh:
        ways = [(row.pair.lot_id, row.lot_id) for row in arrivals(fresh)]
        lots = {lot.pk: lot for lot in _with_names(rows).filter(pk__in={lot for _from, lot in ways})} if ways else {}
        fresh = set()
        for source, target in ways:
            tier = known[source][1]
            if target in lots and (target not in known or SURENESS[tier] < SURENESS[known[target][1]]):
                known[target] = (lots[target], tier)
                fresh.add(target)
    return list(known.values())


def _with_names(rows: Any) -> Any:
    return rows.select_related("org", "product", "supplier", "frozen_by")


def first_of(lot: Lot) -> Lot:
    """The lot as the supplier delivered it, before it went from school to school. One query a step."""
    seen = {lot.pk}
    while True:
        came = _with_names(Lot.objects.filter(entries__in=_sent_for(lot)))
        before: Lot | None = came.order_by("entries__pk").first()
        if before is None or before.pk in seen:
            return lot
        seen.add(before.pk)
        lot = before


def _sent_for(lot: Lot) -> QuerySet[Any]:
    """The entries by which other schools sent what came into this lot."""
    came: QuerySet[Any] = StockEntry.objects.standing().filter(kind=EntryKind.RECEIVED, lot=lot)
    return came.values("pair")
