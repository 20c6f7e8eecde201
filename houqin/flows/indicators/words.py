"""Figures in words: a rate never stands without its counts."""

from django.utils.translation import gettext

from houqin.flows.indicators.reading import Amount
from houqin.flows.indicators.registry import PERCENT, Indicator
from houqin.ui import formats


def in_words(one: Indicator, amount: Amount) -> str:
    """A figure with its counts; a dash of nothing."""
    value = amount.value()
    if value is None:
        return formats.NOTHING
    if one.unit == PERCENT:
        return formats.percent(amount.amount, amount.of)
    return gettext("%(value)s %(unit)s (of %(count)s)") % {
        "value": formats.number(value, 1), "unit": one.unit, "count": formats.number(amount.of)
    }  # fmt: skip
