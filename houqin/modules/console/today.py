"""What running a school asks of its leaders: posts that nobody holds, and posts in one hand."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.people.gaps import conflicts, vacancies
from houqin.core.scope.viewer import Viewer
from houqin.ui.today import TodayRow, source

LEAD = frozenset({"principal", "logistics_director"})


@source
def posts_to_fill(viewer: Viewer) -> Iterable[TodayRow]:
    """One row for all vacant posts of a school, one for posts in one hand: a vacancy is itself on the list (R-002)."""
    for path in sorted({reach.path for reach in viewer.reaches if reach.role in LEAD}):
        url = f"{reverse('console:post-gaps')}?under={path}"
        if gaps := vacancies(viewer, under=path):
            names = [str(gap.kind) for gap in gaps]
            what = _("Mandatory posts that nobody holds: %(count)s") % {"count": len(gaps)}
            where = "、".join(names[:3]) + ("…" if len(names) > 3 else "")
            yield TodayRow(what, where, url=url, button=_("Fill them"), bucket="later", icon="user-question")
        unanswered = [row for row in conflicts(viewer, under=path) if row.countersigned is None]
        if unanswered and viewer.may("people.countersign", path):
            what = _("Posts that belong in several hands: %(count)s people") % {"count": len(unanswered)}
            where = "、".join(row.person.name for row in unanswered[:3])
            yield TodayRow(what, where, url=url, button=_("Look"), bucket="later", icon="users")
