"""What days and holidays are called."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.calendars.rules import What

WORDS = {
    What.SCHOOL_DAY: _("School day"),
    What.MAKE_UP: _("Adjusted workday"),
    What.WEEKEND: _("Weekend"),
    What.HOLIDAY: _("Holiday"),
    What.VACATION: _("Vacation"),
    What.CLOSURE: _("School closed"),
    What.BOARDING_WEEKEND: _("Boarding weekend"),
}
HOLIDAYS = {
    "New Year's Day": _("New Year's Day"),
    "Spring Festival": _("Spring Festival"),
    "Tomb-sweeping Day": _("Tomb-sweeping Day"),
    "Labour Day": _("Labour Day"),
    "Dragon Boat Festival": _("Dragon Boat Festival"),
    "National Day": _("National Day"),
    "Mid-autumn Festival": _("Mid-autumn Festival"),
    "Anti-Fascist 70th Day": _("70 years of victory"),
}


def called(label: str) -> str:
    """A holiday's name in the reader's language, a unit's own label as it stands."""
    return gettext(str(HOLIDAYS[label])) if label in HOLIDAYS else label
