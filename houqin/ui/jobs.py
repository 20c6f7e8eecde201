"""Housekeeping of the pages."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.jobs.registry import job, periodic
from houqin.ui.models import SentForm

# A phone may lie in a drawer over the summer holidays with an entry whose first answer it never got.
KEPT = timedelta(days=60)


@periodic("ui.sweep_sent_forms", every=timedelta(days=1))
@job(_("Sweep keys of sent forms"))
def sweep_sent_forms() -> None:
    """Forget forms that nobody can send a second time any more."""
    SentForm.objects.filter(at__lt=timezone.now() - KEPT).delete()
