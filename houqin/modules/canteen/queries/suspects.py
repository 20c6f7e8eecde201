"""Which lots belong to bad goods, and how sure that is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce

from houqin.core.merging.models import Mergeable
from houqin.core.parties.models import Party
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Lot, Product, Tier
from houqin.modules.canteen.queries.transfers import first_of, followed

LONGEST_KEEPING = 365  # days in which a lot without a date may come from the day asked for, when nothing says less


@dataclass(frozen=True)
class Goods:
    """What is asked about: a supplier's product of one production date or batch, under all their names."""

    supplier_ids: frozenset[int]
    product_ids: frozenset[int]
    keeps_days: int
    produced_on: date | None = None
    batch: str = ""
    received_on: date | None = None


def goods_of(supplier: Party, product: Product, *, produced_on: date | None = None, batch: str = "") -> Goods:
    """All names of both, wherever they are kept. Two queries."""
    products = _rows_of(Product, product).values_list("pk", "shelf_life_days")
    return Goods(
        supplier_ids=same_thing(Party, supplier),
        product_ids=frozenset(pk for pk, _days in products),
        keeps_days=max((days for _pk, days in products if days), default=LONGEST_KEEPING),
        produced_on=produced_on,
        batch=batch.strip(),
    )


def same_thing(model: type[Mergeable], row: Mergeable) -> frozenset[int]:
    """Every name of it, and what other units keep under one of these names: two towns that write the same name each
    have a row of their own, and a district that traces it means both."""
    return frozenset(_rows_of(model, row).values_list("pk", flat=True))


def _rows_of(model: type[Mergeable], row: Mergeable) -> Any:
    rows: Any = model.objects.order_by()
    bearers = rows.filter(name__in=model.objects.group_of(row).order_by().values("name"))
    roots = bearers.values(top=Coalesce("root_id", "pk"))
    return rows.filter(pk__in=roots).union(rows.filter(root_id__in=roots))  # each by its index, as no OR of them is


def suspects(viewer: Viewer, goods: Goods, *, under_path: str = "") -> list[tuple[Lot, Tier]]:
    """Lots within the viewer's reach (and under a unit), followed from school to school."""
    rows = Lot.objects.visible_to(viewer, "canteen.trace").under(under_path)
    return followed(sort_out(rows, goods), rows)


def sort_out(rows: Any, goods: Goods) -> list[tuple[Lot, Tier]]:
    """Which of these lots belong to the goods. Two queries.

    Certain: the batch, or the production date, stands on the lot. Possible: the date fits but the lot says another
    batch; or the lot says no batch and has the date that the batch has elsewhere. To be ruled out: the lot says neither
    date nor batch and came in while the goods could be used.
    """
    same = rows.filter(supplier_id__in=goods.supplier_ids, product_id__in=goods.product_ids)
    same = same.select_related("org", "product", "supplier", "frozen_by").order_by("pk")
    found = [(lot, _tier(lot, goods)) for lot in same.filter(_names(goods))]
    days = {lot.produced_on for lot, _tier in found if lot.produced_on}
    if goods.produced_on:
        days.add(goods.produced_on)
    known = {lot.pk for lot, _tier in found}
    others = [lot for lot in same.filter(_doubtful(goods, days, found)) if lot.pk not in known]
    found += [(lot, Tier.POSSIBLE if lot.produced_on else Tier.TO_RULE_OUT) for lot in others]
    return sorted(found, key=lambda pair: (str(pair[0].org.name), pair[0].received_on, pair[0].pk))


def suspects_like(viewer: Viewer, lot: Lot, goods: Goods, *, under_path: str = "") -> list[tuple[Lot, Tier]]:
    """The lots that hold the same goods as this one; farm produce without date or batch is known by its arrival."""
    first = first_of(lot)
    if not lot.produced_on and not lot.batch:
        goods = replace(goods, received_on=first.received_on)
    rows = Lot.objects.visible_to(viewer, "canteen.trace").under(under_path)
    found = dict(sort_out(rows, goods))
    if first != lot and rows.filter(pk=first.pk).exists():
        found[first] = Tier.CERTAIN
    found[lot] = Tier.CERTAIN
    return followed(found.items(), rows)


def _names(goods: Goods) -> Q:
    match = Q(pk__in=[])
    if goods.produced_on:
        match |= Q(produced_on=goods.produced_on)
    if goods.batch:
        match |= Q(batch=goods.batch)
    if goods.received_on:
        match |= Q(produced_on__isnull=True, batch="", received_on=goods.received_on)
    return match


def _tier(lot: Lot, goods: Goods) -> Tier:
    if goods.batch and lot.batch == goods.batch:
        return Tier.CERTAIN
    if goods.produced_on and lot.produced_on == goods.produced_on:
        return Tier.POSSIBLE if goods.batch and lot.batch else Tier.CERTAIN
    return Tier.POSSIBLE


def _doubtful(goods: Goods, days: Collection[date], found: Iterable[tuple[Lot, Tier]]) -> Q:
    """Lots that do not say enough: no batch, or neither batch nor date."""
    match = Q(pk__in=[])
    if goods.batch and not goods.produced_on and days:
        match |= Q(batch="", produced_on__in=days)
    known = [*days, *(lot.received_on for lot, _tier in found if not days), *filter(None, [goods.received_on])]
    if known:
        last = max(known) + timedelta(days=goods.keeps_days)
        match |= Q(batch="", produced_on__isnull=True, received_on__gte=min(known), received_on__lte=last)
    return match
