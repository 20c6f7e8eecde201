"""Holding a duty while something is done with it."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.refusals import Refused
from houqin.flows.duties.models import Duty


def held(duty: Duty) -> Duty:
    """The duty as it stands now, locked until the deed is whole. ``day`` finds its part of the table."""
    rows = Duty.objects.select_for_update(of=("self",)).select_related("org", "about", "account", "person")
    row: Duty | None = rows.filter(pk=duty.pk, day=duty.day).first()
    if row is None:
        raise Refused(_("This duty was laid out anew meanwhile. Open the list again."))
    return row
