"""How checks and samples of a meal are said, in lists and on the page of the meal."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.modules.canteen.models import MealCheck, Sample
from houqin.modules.canteen.rules.serving import degrees
from houqin.ui.screens import Badge


def celsius(row: Sample | MealCheck) -> str:
    """The temperature with its unit; empty where none was taken."""
    return "" if row.tenths is None else f"{degrees(row.tenths)} °C"


def kept_in(row: Sample) -> str:
    """The refrigerator, the box, and the number written on the label."""
    number = gettext("No. %(number)s") % {"number": row.written_number} if row.written_number else ""
    box = gettext("box %(box)s") % {"box": row.box} if row.box else ""
    return " · ".join(str(one) for one in (row.place, box, number) if one)


def _state(row: Sample) -> Any:
    if row.disposed_at:
        return _("Disposed of")
    return _("Kept, with a warning") if row.warnings else _("Kept")


def _tone(row: Sample) -> str:
    return "quiet" if row.disposed_at else ("soon" if row.warnings else "passed")


SAMPLE_STATE = Badge("state", _("State"), value=_state, tone=_tone)
PASSED = Badge(
    "passed",
    value=lambda row: _("In order") if row.passed else _("Not in order"),
    tone=lambda row: "passed" if row.passed else "danger",
)
