"""The daily signature under every chain that grew."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from houqin.core.jobs.registry import job, periodic
from houqin.core.scope.viewer import system_viewer
from houqin.flows.seals.actions.checkpoints import make_checkpoints


@periodic("seals.checkpoints", every=timedelta(days=1))
@job(_("Sign the ends of the chains of seals"))
def sign_chains() -> None:
    """Check what was added since yesterday and sign it; safe to run twice, what is signed is not signed again."""
    make_checkpoints(by=system_viewer())
