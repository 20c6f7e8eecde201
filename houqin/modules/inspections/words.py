"""Reasons for lots, inspectors and families in words."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from houqin.modules.inspections.lots import LONGEST

FAMILIES = {
    "canteen": _("Canteen"), "dormitory": _("Dormitory"), "fire": _("Fire safety"), "power": _("Electricity"), "gas": _("Gas"),
    "bus": _("School buses"), "water": _("Drinking water"), "surroundings": _("Surroundings of schools"), "sports": _("Sports grounds"),
    "equipment": _("Special equipment"), "term_opening": _("Opening of the term"), "holiday": _("Before a holiday"),
    "disaster": _("Severe weather"), "fees": _("Fees"), "property": _("Property services"), "finance": _("Finance"), "daily": _("Daily rounds"),
}  # fmt: skip


def reason_words(why: Mapping[str, tuple[int, int]]) -> list[str]:
    """``14 months without an inspection: 140``; one for each reason, in the order in which they count."""
    return [f"{_of(code, count)} {lots:+d}" if lots else _of(code, count) for code, (count, lots) in _in_order(why)]


def _in_order(why: Mapping[str, tuple[int, int]]) -> list[tuple[str, tuple[int, int]]]:
    order = ["followed", "floor", "months", "findings", "overdue", "missed", "complaints", "most"]
    return sorted(why.items(), key=lambda one: order.index(one[0]) if one[0] in order else len(order))


def _of(code: str, count: int) -> str:
    if code == "floor":
        return str(_("every school"))
    if code == "most":
        return str(_("no school has more"))
    if code == "months" and count >= LONGEST:
        return str(_("never inspected, or not for five years"))
    words = {
        "followed": ngettext("%(count)s finding of this office still open", "%(count)s findings of this office still open", count),
        "months": ngettext("%(count)s month without an inspection", "%(count)s months without an inspection", count),
        "findings": ngettext("%(count)s finding by others within a year", "%(count)s findings by others within a year", count),
        "overdue": ngettext("%(count)s finding overdue", "%(count)s findings overdue", count),
        "missed": ngettext("%(count)s duty missed in 30 days", "%(count)s duties missed in 30 days", count),
        "complaints": ngettext("%(count)s complaint within a year", "%(count)s complaints within a year", count),
    }  # fmt: skip
    return words[code] % {"count": count}


def points(hundredths: float | None) -> str:
    """A score as it is read: 92.50."""
    return "" if hundredths is None else f"{hundredths / 100:.2f}"
