"""A stopped kitchen stands on Today of everybody at the school, with what is eaten instead, until it is released."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import KitchenStop
from houqin.ui.today import Bucket, TodayRow, source

MOST = 5


@source
def kitchens_stopped(viewer: Viewer) -> Iterator[TodayRow]:
    """A row for each stopped kitchen."""
    if not viewer.may_anywhere("canteen.view"):
        return
    rows = KitchenStop.objects.visible_to(viewer).standing().select_related("org")
    for row in rows[:MOST]:
        yield TodayRow(
            what=gettext("Kitchen stopped, eaten instead: %(instead)s") % {"instead": row.instead}, where=row.org.name,
            url=reverse("canteen:kitchen-stops-detail", args=[row.public_id]), button=_("See which"), bucket=Bucket.NOW,
            icon="hand-stop",
        )  # fmt: skip
