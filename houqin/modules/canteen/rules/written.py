"""Quantities as they are written at the door: kilograms, 斤 or packs of a known content. Pure."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from houqin.lib.notes import Unreadable
from houqin.lib.specs import GRAMS_A_UNIT, pack_name, parse_spec
from houqin.lib.units import read_quantity, unit_of

KG, JIN, PACK = "kg", "jin", "pack"
GRAMS = {KG: 1000, JIN: 500}
USUAL_PACK = "袋"


@dataclass(frozen=True)
class Measure:
    """A unit of the keypad; a pack has its name and what one holds."""

    code: str = KG
    pack: str = ""
    pack_grams: int = 0

    @property
    def grams(self) -> int:
        """Grams in one of it; nothing where a pack's content is not known."""
        return GRAMS.get(self.code, self.pack_grams)

    def weigh(self, number: Decimal) -> int:
        """A number of it in whole grams."""
        return int((number * self.grams).quantize(Decimal(1), rounding=ROUND_HALF_UP))

    def written(self, number: Decimal) -> str:
        """As the ledger has it: ``36.5kg``, ``73斤``, ``4袋×25kg``."""
        figure = plain(number)
        if self.code == PACK:
            return f"{figure}{self.pack or USUAL_PACK}×{plain(Decimal(self.pack_grams) / 1000)}kg"
        return f"{figure}{'斤' if self.code == JIN else 'kg'}"


def plain(number: Decimal) -> str:
    """Without zeros that say nothing: ``36.5``."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def measure_of(written: str) -> Measure:
    """The unit in which something was written last time; kilograms where it cannot be told."""
    try:
        quantity = read_quantity(written)
    except Unreadable:
        return Measure()
    grams = GRAMS_A_UNIT.get(unit_of(quantity.unit))
    if grams is not None:
        return Measure(JIN) if grams == GRAMS[JIN] else Measure()
    pack = pack_name(quantity.unit)
    content = parse_spec(quantity.spec).content_of(pack) if pack else None
    return Measure(PACK, pack, int(content)) if content else Measure()


def price_again(measure: Measure, unit_price: int | None, amount_fen: int, grams: int) -> int | None:
    """What one unit cost last time, in 0.0001 yuan: the price as written where it is of this unit, else what the amount
    says, in whole fen. Ledgers write a price a kilogram beside packs."""
    if not (amount_fen and grams and measure.grams):
        return None
    exact = Decimal(amount_fen) * measure.grams / grams
    if unit_price and abs(Decimal(unit_price) / 100 - exact) * 100 <= exact:
        return unit_price
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)) * 100
