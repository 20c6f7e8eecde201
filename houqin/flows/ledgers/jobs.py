"""Work of ledgers that is done by the clock."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from houqin.core.jobs.registry import job, periodic
from houqin.core.scope.viewer import system_viewer
from houqin.flows.ledgers.actions.settling import settle_breaches


@periodic("ledgers.settle_breaches", every=timedelta(minutes=1))
@job(_("Let values out of limits stand that nobody put right in time"))
def settle() -> None:
    """Breaches past their time stand."""
    settle_breaches(by=system_viewer())
