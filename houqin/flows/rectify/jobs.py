"""The jobs of this app; each may run twice, nothing is opened and nobody is told twice."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.jobs.registry import job, periodic
from houqin.core.scope.viewer import system_viewer
from houqin.flows.duties.digest import also
from houqin.flows.rectify.actions.climbing import tell_next_levels
from houqin.flows.rectify.actions.ordering import order_waiting
from houqin.flows.rectify.missing import find_missed
from houqin.flows.rectify.queries import overdue_at_offices

also(overdue_at_offices)


@periodic("rectify.missed", every=timedelta(minutes=10))
@job(_("Open findings of missed duties"))
def find_missed_duties() -> None:
    """Red lines at once, others when they were missed as often as local rules say."""
    find_missed(timezone.now())


@periodic("rectify.order", every=timedelta(hours=1))
@job(_("Order what nobody ordered in time"))
def order_findings() -> None:
    """Findings that wait for an order longer than local rules allow."""
    order_waiting(by=system_viewer(now=timezone.now()))


@periodic("rectify.climb", every=timedelta(hours=1))
@job(_("Tell the next level what is not put right in time"))
def climb_findings() -> None:
    """Overdue findings climb by working days."""
    tell_next_levels(by=system_viewer(now=timezone.now()))
