"""A suspected food poisoning that is under way, first of all that is due; and its button, kept for the time without network."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.schools import school_of
from houqin.core.scope.remembering import remembered
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.models import Case
from houqin.modules.canteen.incident_kind import KIND, page_of
from houqin.modules.canteen.incident_notices import marked
from houqin.ui.offline import kept_pages
from houqin.ui.today import TodayRow, source

WORK = "cases.work"
MOST_KEPT = 2  # cases whose pages a phone keeps: a real one and a drill
KEPT = ("ill", "search", "calls")


@remembered
def _unsettled(viewer: Viewer) -> list[Case]:
    return list(Case.objects.visible_to(viewer, WORK).unsettled().filter(kind=KIND).select_related("org"))


@source
def under_way(viewer: Viewer) -> Iterator[TodayRow]:
    """Everybody of the school, and the offices above; of a drill the school alone."""
    if not viewer.may_anywhere(WORK):
        return
    for case in _unsettled(viewer):
        if case.drill and not any(reach.org_id == case.org_id for reach in viewer.reaches):
            continue
        what = gettext("Suspected food poisoning: %(school)s") % {"school": case.org}
        yield TodayRow(
            what=marked(what) if case.drill else what, where=case.number, until=case.opened_at, icon="urgent",
            url=page_of(case), button=_("Open the list"),
        )  # fmt: skip


@kept_pages
def button_and_list(viewer: Viewer) -> Iterator[str]:
    """The button on every phone of a school, and while it counts the list, the forms for the ill and for a class, and the numbers."""
    school = school_of(viewer, None, WORK) if viewer.may_anywhere(WORK) else None
    if school is None:
        return
    yield f"{reverse('canteen:alarm')}"
    for case in [one for one in _unsettled(viewer) if one.org_id == school.pk][:MOST_KEPT]:
        yield page_of(case)
        yield from (reverse("canteen:incident-deed", args=[case.public_id, name]) for name in KEPT)
