"""What was probably meant by a number that cannot be. Pure: ``write.js`` does the same before anything is sent."""

from decimal import Decimal

FAHRENHEIT_ZERO = Decimal(32)
FAHRENHEIT_STEP = Decimal(5) / Decimal(9)
MOST = 2


def likely(
    typed: Decimal, low: Decimal, high: Decimal, *, decimals: int, is_temperature: bool = False
) -> list[Decimal]:
    """Values within the plausible bounds that a slip turns into what was typed, the likeliest first.

    A forgotten or doubled decimal point, a forgotten minus, and of temperatures degrees Fahrenheit.
    """
    meant = [typed / 10, *([(typed - FAHRENHEIT_ZERO) * FAHRENHEIT_STEP] if is_temperature else []), typed * 10, -typed]
    if not low <= typed / 10 <= high:
        meant.insert(1, typed / 100)
    step = Decimal(1).scaleb(-decimals)
    found = [value.quantize(step) for value in meant if low <= value <= high]
    return [value for value in dict.fromkeys(found) if value != typed][:MOST]
