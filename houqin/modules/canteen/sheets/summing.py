"""What the recorded rows of an import amount to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from houqin.modules.canteen.models import DeliveryLine
from houqin.modules.canteen.rules.paper import NO_SUPPLIER

_AT_ONCE = 500


def in_parts(targets: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """As many ids as a query may name."""
    for start in range(0, len(targets), _AT_ONCE):
        yield targets[start : start + _AT_ONCE]


def sum_deliveries(targets: Sequence[UUID]) -> dict[str, Any]:
    """Kilograms by food, yuan as recorded, and the suppliers, each under the name that it stands for."""
    grams: dict[str, int] = defaultdict(int)
    fen, suppliers = 0, set()
    for product, supplier, weight, amount in _lines(targets):
        grams[product] += weight
        fen += amount
        suppliers.add(supplier)
    return {
        "kg": {name: weight / 1000 for name, weight in sorted(grams.items())},
        "amount": fen / 100,
        "suppliers": sorted(suppliers - {NO_SUPPLIER}),
    }


def _lines(targets: Sequence[UUID]) -> Iterable[tuple[str, str, int, int]]:
    fields = (
        "lot__product__name", "lot__product__root__name", "lot__supplier__name", "lot__supplier__root__name",
        "quantity_grams", "amount_fen",
    )  # fmt: skip
    for part in in_parts(targets):
        for product, food, supplier, firm, weight, amount in DeliveryLine.objects.filter(
            public_id__in=part
        ).values_list(*fields):
            yield food or product, firm or supplier, weight, amount
