"""Imports that wait for somebody to look at them."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.sheets.models import ImportRun
from houqin.ui import today

_FORGOTTEN_AFTER = timedelta(days=30)


@today.source
def waiting_imports(viewer: Viewer) -> Iterable[today.TodayRow]:
    """One row for each import that was read and not yet written, while it is fresh."""
    if not viewer.may_anywhere("sheets.import"):
        return
    runs = ImportRun.objects.visible_to(viewer, "sheets.import").filter(
        state=ImportRun.State.READY, started_at__gte=viewer.now - _FORGOTTEN_AFTER
    )
    for run in runs.select_related("org")[:20]:
        yield today.TodayRow(
            what=_("Look through the spreadsheets and write them: %(folder)s") % {"folder": run},
            where=run.org.name,
            url=reverse("sheets:imports-detail", args=[run.public_id]),
            button=_("Look"),
            icon="file-spreadsheet",
        )
