"""What goods cost, from what was written when they came."""

import re
from decimal import ROUND_HALF_UP, Decimal

from houqin.lib.specs import GRAMS_A_UNIT

PARTS_A_FEN = 100
KILOGRAM = "公斤"
_BY_WEIGHT = {Decimal(1000): KILOGRAM, Decimal(500): "斤"}
_WRITTEN = re.compile(r"^(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[^\s\d.,×*]+)")


def worth(fen: int, grams: int, of: int) -> int:
    """What ``grams`` are worth of goods of which ``of`` grams cost ``fen``."""
    return int((Decimal(fen) * grams / of).quantize(Decimal(1), rounding=ROUND_HALF_UP)) if of else 0


def priced_unit(written: str, unit_price: int | None, grams: int, fen: int) -> str:
    """The unit that a line's price is for, as a voucher names it.

    It is the unit as written, unless only a price by weight makes the amount: ``12袋×25kg`` at 5.20 is by the kilogram.
    """
    found = _WRITTEN.match(written)
    unit = found["unit"] if found else ""
    unit = _BY_WEIGHT.get(GRAMS_A_UNIT.get(unit.lower(), Decimal(0)), unit)
    if unit_price and fen:
        counts = {unit: Decimal(found["number"].replace(",", ""))} if found else {}
        counts |= {name: grams / each for each, name in _BY_WEIGHT.items() if name not in counts}
        for name, count in counts.items():
            if abs(count * unit_price / PARTS_A_FEN - fen) <= max(Decimal(1), count / 2):
                return name
    return unit or KILOGRAM
