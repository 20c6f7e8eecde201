"""Yuan as written → integer fen; unit prices → integer 0.0001 yuan. Never a float."""

import re
from dataclasses import dataclass
from decimal import Decimal

from houqin.lib.notes import mark as _
from houqin.lib.notes import unreadable
from houqin.lib.numbers import read_decimal, rounded
from houqin.lib.text import squeezed

FEN_A_YUAN = 100
PRICE_PARTS_A_YUAN = 10_000
_LARGEST_YUAN = Decimal(10) ** 10
_SIGNS = re.compile(r"^(?:人民币|rmb|cny|[¥￥$])+|(?:元整|元人民币|元|块|圆|整|rmb)$", re.IGNORECASE)
_PER = re.compile(r"^(?P<price>[^/每]+?)(?:元|块)?[/每](?P<unit>[^\d/]+)$")


def _yuan(value: object) -> Decimal:
    if isinstance(value, str):
        value = _SIGNS.sub("", _SIGNS.sub("", squeezed(value)))
    yuan = read_decimal(value)
    if abs(yuan) > _LARGEST_YUAN:
        raise unreadable("too-large", _("“%(text)s” is too large to be true."), text=value)
    return yuan


def read_fen(value: object) -> int:
    """``¥1,234.5``, ``1234.50元`` or a numeric cell, in fen; a third decimal is rounded half up."""
    return int(rounded(_yuan(value) * FEN_A_YUAN))


@dataclass(frozen=True)
class UnitPrice:
    """A price in 0.0001 yuan, for one `unit` where the cell itself names one (``3.5元/斤``)."""

    parts: int
    unit: str = ""


def read_unit_price(value: object) -> UnitPrice:
    """``3.005`` or ``3.5元/斤``."""
    unit = ""
    if isinstance(value, str):
        found = _PER.match(squeezed(value))
        if found:
            value, unit = found["price"], found["unit"]
    return UnitPrice(int(rounded(_yuan(value) * PRICE_PARTS_A_YUAN)), unit)


def price_times(parts: int, quantity: Decimal) -> int:
    """What `quantity` at a unit price of `parts` costs, in fen."""
    return int(rounded(Decimal(parts) * quantity / (PRICE_PARTS_A_YUAN // FEN_A_YUAN)))
