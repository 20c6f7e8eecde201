"""The outlook in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from houqin.modules.canteen.queries.outlook import Outlook
from houqin.ui.formats import listed


def waiting_words(count: int) -> str:
    """How much waits for a second person."""
    return ngettext(
        "%(count)s thing waits for a second person", "%(count)s things wait for a second person", count
    ) % {"count": count}  # fmt: skip


def short_words(count: int) -> str:
    """How many products run short."""
    return ngettext(
        "%(count)s product runs short in the next three school days",
        "%(count)s products run short in the next three school days",
        count,
    ) % {"count": count}


def expiring_words(count: int, days: int) -> str:
    """How many lots have to be used soon."""
    return ngettext(
        "%(count)s lot expires within %(days)s days", "%(count)s lots expire within %(days)s days", count
    ) % {"count": count, "days": days}  # fmt: skip


def expired_words(count: int) -> str:
    """How many lots are past their date."""
    return ngettext("%(count)s lot is past its date", "%(count)s lots are past their date", count) % {"count": count}


def sentence(found: Outlook) -> str:
    """What a director is told first."""
    whole = listed([
        waiting_words(found.waiting.count) if found.waiting.count else "",
        short_words(len(found.short)) if found.short else "",
        expiring_words(found.expiring.count, found.expiry_days) if found.expiring.count else "",
        expired_words(found.expired.count) if found.expired.count else "",
    ])  # fmt: skip
    if not whole:
        return _("Nothing waits, nothing runs short, nothing expires, by what is recorded.")
    return _("%(told)s.") % {"told": whole}
