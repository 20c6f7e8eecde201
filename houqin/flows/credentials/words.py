"""What is said when a number or a date cannot be right."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.refusals import Refused
from houqin.flows.credentials.catalogue import CredentialKind
from houqin.flows.credentials.kinds import title
from houqin.flows.credentials.rules import BadDates, BadNumber, Fault

NUMBERS = {
    Fault.IDENTITY: _(
        "This is an identity number. It is not collected: leave the number out and take a photo instead."
    ),
    Fault.OLD: _("A QS number has not been valid since 1 October 2018. Ask for the SC licence."),
    Fault.OTHER_KIND: _(
        "This is no number of “%(kind)s”: that begins with %(expected)s. Choose the right kind or number."
    ),
    Fault.LENGTH: _("A number of “%(kind)s” has %(expected)s characters. Compare it with the paper."),
    Fault.CHARACTER: _("Character %(place)s cannot stand in a number of “%(kind)s”. Compare it with the paper."),
    Fault.CHECK: _(
        "Character %(place)s, which checks the others, should be %(expected)s. Compare each digit with the paper."
    ),
}
DATES = {
    "future": _("It cannot be issued on a day that has not come yet."),
    "long_ago": _("It cannot have been issued that long ago. Look at the year again."),
    "before_issue": _("It cannot end before it was issued."),
    "too_long": _("“%(kind)s” holds %(months)s months, that is until %(day)s. Look at the date again."),
    "impossible": _("No paper is valid that long. Look at the date again."),
    "ended": _("It was valid until %(day)s only. Ask for the new one."),
}


def bad_number(kind: CredentialKind, error: BadNumber) -> Refused:
    """The refusal of a number, beside its field."""
    told = {"kind": title(kind), "place": error.place, "expected": error.expected}
    return Refused(str(NUMBERS[error.fault]) % told, field="number")


def bad_dates(kind: CredentialKind, error: BadDates) -> Refused:
    """The refusal of a date, beside its field."""
    months = kind.validity.months if kind.validity else 0
    told = {"kind": title(kind), "months": months, "day": error.day.isoformat() if error.day else ""}
    return Refused(str(DATES[error.code]) % told, field=error.field)
