"""Housekeeping of leaf tables: the next months are laid, months past their time are shed."""

from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled
from houqin.core.jobs.registry import job, periodic
from houqin.core.scope.holds import held
from houqin.core.scope.models import ScopedModel
from houqin.core.scope.viewer import system_viewer
from houqin.core.tables.partitions import (
    MONTHS_AHEAD,
    drop_detached,
    lay_months,
    month_after,
    shed_months,
    shed_rows,
)

GRACE = timedelta(days=90)  # what was detached can be attached again
titled({"audit.months_shed": _("Months past their time shed")})


def leaves() -> list[type[ScopedModel]]:
    """The tables that are partitioned by day where the database can."""
    return [model for model in apps.get_models() if issubclass(model, ScopedModel) and model.PARTITIONED]


@periodic("audit.keep_months", every=timedelta(days=1))
@job(_("Lay the next months of large tables, shed old ones"))
def keep_months() -> None:
    """Once a day; run again, it finds nothing to do."""
    for model in leaves():
        keep(model, timezone.localdate())


def keep(model: type[ScopedModel], today: date) -> None:
    """Lay the months ahead of one leaf table, take from it what is past its retention, and tell it on the trail.

    The rows of units with an open matter stay until a night after it has ended.
    """
    table = model._meta.db_table
    lay_months(table, today, month_after(today, MONTHS_AHEAD))
    if model.RETENTION_MONTHS is None:
        return
    before = month_after(today, -model.RETENTION_MONTHS)
    kept: QuerySet[Any] = model._base_manager.filter(held(model)).order_by()
    shed = {
        "detached": shed_months(table, before, today, kept),
        "dropped": drop_detached(table, today - GRACE, kept),
        "rows": shed_rows(table, before, kept),
    }
    if any(shed.values()):
        shed["held"] = kept.filter(day__lt=before).count()
        record("audit.months_shed", None, by=system_viewer(), org=None, table=table, before=before, **shed)
