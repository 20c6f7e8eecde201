"""What the head of a school and its director of logistics see coming: goods that run short, goods that expire."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.schools import MOST_AT_ONCE, first_schools
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.queries.outlook import look_ahead
from houqin.modules.canteen.queries.outlook_words import expired_words, expiring_words, short_words
from houqin.ui.today import Bucket, TodayRow, source

COUNTERSIGN = "canteen.countersign"


@source
def looking_ahead(viewer: Viewer) -> Iterator[TodayRow]:
    """A line each, only where there is something; what waits for a signature has rows of its own.

    Who heads more schools than a handful looks at them one by one.
    """
    if not viewer.may_anywhere(COUNTERSIGN):
        return
    for school in first_schools(viewer, None, COUNTERSIGN, MOST_AT_ONCE):
        found = look_ahead(school, viewer)
        page = f"{reverse('canteen:outlook')}?under={school.path}"
        if found.expired.count:
            yield TodayRow(
                what=expired_words(found.expired.count), where=school.name, icon="calendar-x", button=_("See which"),
                url=f"{page}#expired",
            )  # fmt: skip
        if found.short:
            yield TodayRow(
                what=short_words(len(found.short)), where=school.name, until=found.short[0].meals[0][0],
                icon="shopping-cart", button=_("See which"), url=f"{page}#short",
            )  # fmt: skip
        if found.expiring.count:
            yield TodayRow(
                what=expiring_words(found.expiring.count, found.expiry_days), where=school.name, bucket=Bucket.LATER,
                icon="calendar-due", button=_("See which"), url=f"{page}#expiring",
            )  # fmt: skip
