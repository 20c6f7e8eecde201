"""Who may not work with food today and is not relieved yet."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.calendars.days import day_info
from houqin.core.orgs.schools import MOST_AT_ONCE, first_schools
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.queries import within_own_schools
from houqin.modules.canteen.queries.roster import roster_of
from houqin.modules.canteen.roster_words import in_short
from houqin.ui.today import Bucket, TodayRow, source


@source
def kept_off(viewer: Viewer) -> Iterator[TodayRow]:
    """A row for each person kept off without somebody who stands in, on days with lessons."""
    if within_own_schools(viewer, "canteen.record") is None:
        return
    for school in first_schools(viewer, None, "canteen.record", MOST_AT_ONCE):
        if not day_info(school, viewer.today).is_school_day:
            continue
        for place in roster_of(school, viewer.today, viewer.today).unrelieved:
            yield TodayRow(
                what=f"{place.fitness.person.name} · {in_short(place.fitness)}", where=f"{school.name} · {place.post}",
                url=reverse("canteen:roster"), button=_("Find somebody"), bucket=Bucket.NOW, icon="user-x",
            )  # fmt: skip
