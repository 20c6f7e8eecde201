"""The job of this app, loaded at start: renewals are laid out several times a day, so that a power cut skips no reminder."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.jobs.registry import job, periodic
from houqin.flows.credentials.renewals import lay_out


@periodic("credentials.renewals", every=timedelta(hours=6))
@job(_("Lay out the renewal of papers"))
def lay_out_renewals() -> None:
    """Make and move on the duties to renew what ends. Run again, it changes nothing more."""
    lay_out(timezone.now())
