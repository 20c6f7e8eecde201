"""Housekeeping of files."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.files.sweeping import SHARD_EVERY, shard_of, sweep
from houqin.core.jobs.registry import job, periodic


@periodic("files.sweep", every=SHARD_EVERY)
@job(_("Sweep files that nothing names"))
def sweep_files() -> None:
    """Take away what is loose in the shard whose turn it is."""
    now = timezone.now()
    sweep(shard_of(now), now=now)
