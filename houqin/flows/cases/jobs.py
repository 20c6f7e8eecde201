"""The job of this app: late steps are brought to mind."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.jobs.registry import job, periodic
from houqin.core.scope.viewer import system_viewer
from houqin.flows.cases.actions.reminding import remind_of_late_steps


@periodic("cases.remind", every=timedelta(minutes=5))
@job(_("Bring late steps of cases to mind"))
def remind() -> None:
    """Once for each step; steps of the first two hours are due within minutes."""
    remind_of_late_steps(by=system_viewer(now=timezone.now()))
