"""What running a school asks of its leaders: posts that nobody holds, posts in one hand, places nobody answers for, places not to be used."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.people.gaps import conflicts, vacancies
from houqin.core.people.posts import own_posts
from houqin.core.places.marks import STOPPED, marked, marks_of, tally
from houqin.core.places.models import Place
from houqin.core.places.owners import count_without_owner, may_answer, with_owners
from houqin.core.scope.models import within
from houqin.core.scope.viewer import Viewer
from houqin.ui import formats
from houqin.ui.today import Bucket, TodayRow, source

LEAD = frozenset({"principal", "logistics_director"})
DIRECT = frozenset({"office_director", "office_staff"})
MOST_MARKED, MOST_NAMED = 200, 3


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


@source
def places_without_owner(viewer: Viewer) -> Iterable[TodayRow]:
    """A place for which nobody answers is an alert: to the heads of its school, in counts to the office above (R-085)."""
    led = {reach.path for reach in viewer.reaches if reach.role in LEAD}
    offices = {reach.path for reach in viewer.reaches if reach.role in DIRECT}
    if not led | offices or not viewer.may_anywhere("places.view"):
        return
    own = OrgUnit.objects.schools().filter(parent__path__in=offices, parent__kind__in=OFFICES) if offices else ()
    schools = {row.path: row.name for row in own}
    found = count_without_owner(viewer, [*led, *schools])
    url = f"{reverse('console:places')}?view=nobody"
    for path in sorted(led):
        if count := sum(number for at, number in found.items() if at.startswith(path)):
            what = _("Places for which nobody answers: %(count)s") % {"count": count}
            yield TodayRow(
                what, url=f"{url}&under={path}", button=_("Name them"), bucket=Bucket.LATER, icon="map-pin-question"
            )
    counts = {name: sum(found[at] for at in found if at.startswith(path)) for path, name in schools.items()}
    lacking = [f"{name} {count}" for name, count in counts.items() if count]
    if lacking:
        what = _("Schools with places for which nobody answers: %(count)s of %(all)s") % {
            "count": len(lacking),
            "all": len(schools),
        }
        where = "、".join(lacking[:3]) + ("…" if len(lacking) > 3 else "")
        yield TodayRow(what, where, url=url, button=_("Look"), bucket=Bucket.LATER, icon="map-pin-question")


@source
def places_not_to_be_used(viewer: Viewer) -> Iterable[TodayRow]:
    """Who answers for a place stops its use or has it mended; its school's leaders see to it. One row for each school."""
    led = tuple(sorted({reach.path for reach in viewer.reaches if reach.role in LEAD}))
    posts = own_posts(viewer) if viewer.may_anywhere("places.stop") else {}
    if not led and not posts:
        return
    held = frozenset(kind for kinds in posts.values() for kind in kinds)
    near = (Q(org__in=posts) | Q(org__parent__in=posts)) & may_answer(held, viewer.person_id, viewer.today)
    near |= within(Place.SCOPE_PATH, led)
    rows = marked(Place.objects.visible_to(viewer).filter(near), viewer.today).select_related("org")
    unfit = list(rows.order_by("org__path", "name")[:MOST_MARKED])
    others = [row.pk for row in unfit if not row.org.path.startswith(led)]
    owned = with_owners(Place.objects.filter(pk__in=others), viewer.today).select_related("org") if others else ()
    answered = {row.pk for row in owned if _answers(row, posts, viewer)}
    mine = [row for row in unfit if row.org.path.startswith(led) or row.pk in answered]
    for org, group in groupby(mine, key=lambda row: row.org):
        yield _not_to_be_used(org, list(group))


def _answers(row: Any, posts: dict[int, frozenset[str]], viewer: Viewer) -> bool:
    if row.owner_id is not None:
        return bool(row.owner_id == viewer.person_id)
    return any(row.owner_code in posts.get(unit, ()) for unit in (row.org_id, row.org.parent_id))


def _not_to_be_used(org: OrgUnit, rows: list[Any]) -> TodayRow:
    """What is only stopped waits for its release; what is not stopped yet is decided now."""
    marks = [marks_of(row) for row in rows]
    waits = all(mark.code == STOPPED.code for found in marks for mark in found)
    if len(rows) == 1:
        what = f"{rows[0]} · {marks[0][0]}"
        url = reverse("console:places-detail", args=[rows[0].public_id])
    else:
        what = tally(rows)
        url = f"{reverse('console:places')}?view=unfit&under={org.path}"
    names = formats.listed(str(row) for row in rows[:MOST_NAMED]) + ("…" if len(rows) > MOST_NAMED else "")
    return TodayRow(
        what, org.name if len(rows) == 1 else f"{names} · {org.name}", url=url, icon="hand-stop", count=len(rows),
        button=gettext("Release it") if waits else gettext("Stop or mend"), bucket=Bucket.LATER if waits else Bucket.NOW,
    )  # fmt: skip
