"""Tables on Today: a school's to fill in, an office's to look at; and their forms on the phone."""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from houqin.core.scope.remembering import remembered
from houqin.core.scope.viewer import Viewer
from houqin.flows.collect.models import WAITING, Collection, Return
from houqin.ui import offline, today

MOST = 10
OPEN = Collection.State.OPEN


@remembered
def _waiting(viewer: Viewer) -> list[Return]:
    rows = Return.objects.visible_to(viewer, "collect.answer").filter(state__in=WAITING, collection__state=OPEN)
    return list(rows.select_related("collection", "org").order_by("due_on", "pk")[:MOST])


@today.source
def tables_to_fill_in(viewer: Viewer) -> Iterable[today.TodayRow]:
    """One row a table that the school has not sent, until its day."""
    if not viewer.may_anywhere("collect.answer"):
        return
    for row in _waiting(viewer):
        back = row.state == Return.State.BACK
        words = _("Put right and send again: %(title)s") if back else _("Fill in: %(title)s")
        yield today.TodayRow(
            what=words % {"title": row.collection.title}, where=row.org.name, until=row.due_on, icon="forms",
            url=reverse("collect:returns-detail", args=[row.public_id]), button=pgettext_lazy("button", "Open"),
        )  # fmt: skip


@today.source
def answers_to_look_at(viewer: Viewer) -> Iterable[today.TodayRow]:
    """What came for one's own office: one row a notice, and one for wishes for more time."""
    if not viewer.may_anywhere("collect.send"):
        return
    rows = Collection.objects.visible_to(viewer, "collect.send").filter(state=OPEN).filter(_own(viewer))
    counted = rows.select_related("org").annotate(
        came=Count("returns", filter=Q(returns__state=Return.State.SENT)),
        wishes=Count("returns", filter=Q(returns__more_state=Return.More.ASKED, returns__state__in=WAITING)),
    )  # fmt: skip
    for row in counted.filter(Q(came__gt=0) | Q(wishes__gt=0)).order_by("due_on")[:MOST]:
        url = reverse("collect:tables-detail", args=[row.public_id])
        if row.wishes:
            yield today.TodayRow(
                what=_("Decide on more time: %(title)s") % {"title": row.title}, where=row.org.name, count=row.wishes,
                url=f"{reverse('collect:returns')}?collection={row.pk}&view=time", button=_("Look"), icon="clock",
            )  # fmt: skip
        if row.came:
            yield today.TodayRow(
                what=_("%(count)s answers came: %(title)s") % {"count": row.came, "title": row.title},
                where=row.org.name, url=url, button=_("Look"), icon="table-share", bucket=today.Bucket.LATER,
            )  # fmt: skip


def _own(viewer: Viewer) -> Q:
    """The notices of the very units at which the viewer works: a province does not look at each town's tables."""
    return Q(org_id__in=[reach.org_id for reach in viewer.reaches if "collect.send" in reach.permissions])


@offline.kept_pages
def tables_on_the_phone(viewer: Viewer) -> Iterable[str]:
    """The forms that wait, so that they open without network."""
    if viewer.may_anywhere("collect.answer"):
        for row in _waiting(viewer):
            yield reverse("collect:returns-answer", args=[row.public_id])
