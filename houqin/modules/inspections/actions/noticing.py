"""Keeping what stands out for a person of the office."""

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.models import Flag
from houqin.modules.inspections.queries.noticing import noticed

titled({"inspections.flags_raised": _("Hints noticed")})


@verb
def raise_flags(*, by: Viewer) -> int:
    """Keep what stands out now and was not noticed before; how many. Done by the system each night."""
    if not by.is_system:
        raise Refused(_("Houqin looks for hints by itself, each night."))
    before = Flag.objects.count()
    Flag.objects.bulk_create(noticed(by.now), ignore_conflicts=True)
    new = int(Flag.objects.count()) - before
    if new:
        record("inspections.flags_raised", None, by=by, org=None, count=new)
    return new
