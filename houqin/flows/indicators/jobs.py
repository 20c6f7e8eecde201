"""The nightly job: what happened in the last days may still change, so they are computed anew."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.jobs.registry import job, periodic
from houqin.flows.indicators.reading import last_day
from houqin.flows.indicators.storing import A_DAY, fill

LATELY = timedelta(days=35)
"""What was reported in time may be sent back weeks later; a day costs half a second for two thousand schools."""
AT_FIRST = timedelta(days=92)


@periodic("indicators.daily", every=timedelta(days=1))
@job(_("Compute the indicators of the last days"))
def compute_indicators() -> None:
    """The last five weeks of whole days, those that are missing, and at the very first a quarter of a year."""
    yesterday = timezone.localdate() - A_DAY
    fill(first_to_fill(yesterday), yesterday)


def first_to_fill(yesterday: date) -> date:
    """From which day on days are computed."""
    known = last_day(yesterday)
    return min(known + A_DAY, yesterday - LATELY + A_DAY) if known else yesterday - AT_FIRST
