"""Steps of cases on Today, the late ones above."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.kinds import manner_of
from houqin.flows.cases.queries import steps_due
from houqin.ui.today import TodayRow, source

MOST = 20


@source
def cases_due(viewer: Viewer) -> Iterator[TodayRow]:
    """A row for each open step of the viewer's cases and posts."""
    if not viewer.may_anywhere("cases.work"):
        return
    for step in steps_due(viewer)[:MOST]:
        page = manner_of(step.case.kind).page
        yield TodayRow(
            what=step.title, where=f"{step.case.number} · {step.case.org.name}", until=step.due_at,
            url=page(step.case) if page else reverse("cases:cases-detail", args=[step.case.public_id]),
            button=_("Do it"), icon="briefcase",
        )  # fmt: skip
