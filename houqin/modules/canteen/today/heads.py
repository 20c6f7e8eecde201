"""Who eats: what class teachers and the kitchen are asked today."""

from collections.abc import Iterator
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.calendars.days import day_info
from houqin.core.orgs.models import OrgUnit
from houqin.core.orgs.schools import school_of
from houqin.core.people.models import ClassGroup
from houqin.core.scope.remembering import remembered
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.queries.nights import night_of
from houqin.modules.canteen.queries.reports import Board, board_of, due_at, own_classes
from houqin.ui.offline import kept_pages
from houqin.ui.today import Bucket, TodayRow, source

EVENING = 18  # from this hour on the night roll is asked for


@source
def own_class_reports(viewer: Viewer) -> Iterator[TodayRow]:
    """A class teacher reports who eats, class by class, on days with school; in the evening who sleeps there."""
    for org, groups in _taught(viewer):
        info = day_info(org, viewer.today)
        if info.is_school_day:
            yield from _reports(board_of(org, viewer.today), groups)
        if info.boarders_stay and timezone.localtime(viewer.now).hour >= EVENING:
            yield from _night(org, viewer)


def _taught(viewer: Viewer) -> list[tuple[OrgUnit, list[ClassGroup]]]:
    return [(org, list(groups)) for org, groups in groupby(_own(viewer), key=lambda group: group.org)]


@remembered
def _own(viewer: Viewer) -> list[ClassGroup]:
    return list(own_classes(viewer))


def _reports(board: Board, groups: list[ClassGroup]) -> Iterator[TodayRow]:
    taught = {group.pk for group in groups}
    own = [line for line in board.lines if line.group.pk in taught]
    for line in own:
        if line.missing:
            yield TodayRow(
                what=gettext("Who eats today: %(class)s") % {"class": line.group}, where=board.org.name, until=board.due,
                url=reverse("canteen:heads-class", args=[line.group.pk]), button=_("Report who eats"), icon="users-group",
            )  # fmt: skip
    done = sum(not line.missing for line in own)
    if done:
        yield TodayRow(what=_("Classes reported"), bucket=Bucket.DONE, count=done)


def _night(org: OrgUnit, viewer: Viewer) -> Iterator[TodayRow]:
    missing = night_of(org, viewer.today, viewer).missing
    if missing:
        names = "、".join(str(line.group) for line in missing)
        yield TodayRow(
            what=gettext("Night roll: %(classes)s") % {"classes": names}, where=org.name, icon="moon",
            url=reverse("canteen:heads-night"), button=_("Call the roll"), bucket=Bucket.NOW,
        )  # fmt: skip


@source
def classes_not_told(viewer: Viewer) -> Iterator[TodayRow]:
    """Once the time is over the kitchen sees how many classes are missing."""
    if not (viewer.may_anywhere("canteen.cook") and viewer.may_anywhere("canteen.record")):
        return
    school = school_of(viewer, None, "canteen.cook")
    if school is None or not day_info(school, viewer.today).is_school_day:
        return
    if viewer.now <= due_at(school, viewer.today):
        return
    board = board_of(school, viewer.today)
    if board.missing:
        count = len(board.missing)
        told = ngettext("%(count)s class has not reported", "%(count)s classes have not reported", count)
        yield TodayRow(
            what=told % {"count": count}, where="、".join(str(line.group) for line in board.missing[:6]), icon="users-group",
            url=reverse("canteen:heads-board"), button=_("Look and remind"), bucket=Bucket.NOW,
        )  # fmt: skip


@kept_pages
def forms_of_own_classes(viewer: Viewer) -> Iterator[str]:
    """A class teacher's forms work without network, the keeper's for staff and guests too."""
    groups = _own(viewer)
    yield from (reverse("canteen:heads-class", args=[group.pk]) for group in groups)
    if groups:
        yield reverse("canteen:heads-night")
    if viewer.may_anywhere("canteen.cook") and viewer.may_anywhere("canteen.record"):
        yield reverse("canteen:heads-board")
