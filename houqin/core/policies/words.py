"""A rule's value and bounds as people say them."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.policies.rules import RANGES, Kind, Value

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KILOGRAM = 1000
KIND_WORDS: dict[Kind, "StrOrPromise"] = {
    Kind.MINUTES: _("minutes"),
    Kind.HOURS: _("hours"),
    Kind.DAYS: _("days"),
    Kind.COUNT: "",
    Kind.GRAMS: _("grams"),
    Kind.PERCENT: "%",
    Kind.TEMPERATURE: "°C",
}


def in_words(kind: Kind, value: Value) -> str:
    """30 minutes, 125 g, 50 kg, 08:00, 70 °C, on."""
    if isinstance(value, bool):
        return gettext("on") if value else gettext("off")
    if isinstance(value, str):
        return value
    if kind == Kind.GRAMS and value >= KILOGRAM:
        return gettext("%(kg)s kg") % {"kg": f"{value / KILOGRAM:g}"}
    if kind == Kind.TEMPERATURE:
        return f"{value / 10:g} °C"
    forms = {
        Kind.MINUTES: ngettext("%(count)s minute", "%(count)s minutes", value),
        Kind.HOURS: ngettext("%(count)s hour", "%(count)s hours", value),
        Kind.DAYS: ngettext("%(count)s day", "%(count)s days", value),
        Kind.GRAMS: gettext("%(count)s g"),
        Kind.PERCENT: "%(count)s %%",
    }
    return forms.get(kind, "%(count)s") % {"count": value}


def bounds(kind: Kind) -> str:
    """What may be entered for a value of the kind."""
    if kind == Kind.SWITCH:
        return gettext("on or off")
    if kind == Kind.CLOCK:
        return gettext("a time of day such as 07:30")
    least, most = RANGES[kind]
    return gettext("%(least)s to %(most)s") % {"least": in_words(kind, least), "most": in_words(kind, most)}
