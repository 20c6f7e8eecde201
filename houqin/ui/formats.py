"""Figures, days and money as people read them; the same words on a page, in print and on a label."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

NOTHING = "—"
_WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def number(value: int | float | Decimal, decimals: int = 2) -> str:
    """At most so many decimals, none that say nothing, thousands set apart: 1,234.5."""
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP)
    text = f"{rounded:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def kilograms(grams: int | None) -> str:
    """Grams as a number of kilograms without its unit: 213.4."""
    return NOTHING if grams is None else number(Decimal(grams) / 1000)


def weight(grams: int | None) -> str:
    """Grams as kilograms with the unit: 213.4 公斤."""
    return NOTHING if grams is None else gettext("%(kg)s kg") % {"kg": kilograms(grams)}


def listed(parts: Iterable[str]) -> str:
    """Words one after the other, with the comma of the reader's language; empty ones are left out."""
    found = [part for part in parts if part]
    return reduce(
        lambda before, after: gettext("%(before)s, %(after)s") % {"before": before, "after": after}, found or [""]
    )


def yuan(fen: int | None) -> str:
    """Fen as money: ¥1,234.50."""
    if fen is None:
        return NOTHING
    sign = "-" if fen < 0 else ""
    return f"{sign}¥{Decimal(abs(fen)) / 100:,.2f}"


def day(value: date | None) -> str:
    """A local day with its weekday: 2024-03-04 周一."""
    if value is None:
        return NOTHING
    local = local_day(value)
    return f"{local.isoformat()} {_WEEKDAYS[local.weekday()]}"


def local_day(value: date) -> date:
    """The day in the school's time zone, for an instant or for a day."""
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def clock(value: datetime | None) -> str:
    """Time of day in the school's time zone: 07:20."""
    if value is None:
        return NOTHING
    return (timezone.localtime(value) if timezone.is_aware(value) else value).strftime("%H:%M")


def instant(value: datetime | None) -> str:
    """Day and time in the school's time zone: 2024-03-04 07:20."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return local.replace(tzinfo=None).isoformat(" ", "minutes")


def percent(part: int | float, whole: int | float) -> str:
    """A share with its count, because a share alone hides how few there were: 96 % (48/50)."""
    if not whole:
        return NOTHING
    share = number(Decimal(str(part)) * 100 / Decimal(str(whole)), 1)
    return f"{share} % ({number(part)}/{number(whole)})"
