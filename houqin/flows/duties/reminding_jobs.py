"""The jobs that remind, climb and tell offices; each may run twice, nobody is told twice."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.jobs.registry import job, periodic
from houqin.flows.duties.climbing import climb
from houqin.flows.duties.digest import send_digests
from houqin.flows.duties.reminding import remind, remind_red_lines, remind_warnings


@periodic("duties.remind", every=timedelta(minutes=5))
@job(_("Remind of duties"))
def remind_of_duties() -> None:
    """What a warning asks, red lines that are overdue, and duties that end soon."""
    now = timezone.now()
    remind_warnings(now)
    remind_red_lines(now)
    remind(now)


@periodic("duties.remind_long", every=timedelta(hours=1))
@job(_("Remind of duties with long windows"))
def remind_of_long_duties() -> None:
    """Duties of a month or a term that end tomorrow."""
    remind(timezone.now(), long=True)


@periodic("duties.climb", every=timedelta(minutes=10))
@job(_("Tell the next level what is overdue"))
def climb_levels() -> None:
    """Overdue duties climb by the policy of their school."""
    climb(timezone.now())


@periodic("duties.digest", every=timedelta(minutes=30))
@job(_("Daily digests of offices"))
def tell_offices() -> None:
    """Each office once a day."""
    send_digests(timezone.now())
