"""Taking away what was kept long enough."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.people.retention import Ending
from houqin.core.scope.viewer import Viewer

BATCH = 1000

titled({"people.retention_ended": _("Kept long enough and taken away")})


@verb
def end_retention(ending: Ending, *, by: Viewer) -> int:
    """Take away a thousand rows of one table whose months are over; the trail tells the table and how many, no row by its name."""
    if not by.is_system:
        raise PermissionDenied("people.erase")
    ids = list(ending.over(by.today).order_by("pk").values_list("pk", flat=True)[:BATCH])
    if not ids:
        return 0
    if ending.let_go is not None:
        ending.let_go(ids)
    ending.model._base_manager.filter(pk__in=ids).delete()
    record(
        "people.retention_ended", None, by=by, org=None,
        table=ending.model._meta.label_lower, rows=len(ids), months=ending.model.RETENTION_MONTHS,
    )  # fmt: skip
    return len(ids)
