"""The jobs of this app; run twice, nothing is kept twice."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.jobs.registry import job, periodic
from houqin.core.scope.viewer import system_viewer
from houqin.modules.inspections.actions.noticing import raise_flags


@periodic("inspections.hints", every=timedelta(days=1))
@job(_("Look for what stands out in inspections"))
def look_for_hints() -> None:
    """Unlike strictness, self-checks without a fault, photos that were used again."""
    raise_flags(by=system_viewer(now=timezone.now()))
