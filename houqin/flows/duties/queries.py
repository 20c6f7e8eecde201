"""Duties as pages read them: what waits for somebody, a school's day, and how many were done in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from houqin.core.grants.models import Grant
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.posts import appointed, own_posts, post_kinds
from houqin.core.scope.remembering import remembered
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.models import Duty, DutyState, Suspension, Task
from houqin.flows.duties.registry import lasting_prefixes

ARRANGE = "duties.arrange"
LONG = timedelta(days=2)
LATE_SHORT, LATE_LONG = timedelta(days=1), timedelta(days=31)


@dataclass(frozen=True)
class Figures:
    """Counts of the duties of one school, rule and post. ``due`` of them had to be done."""

    org_id: int
    rule: str
    post: str
    on_time: int
    late: int
    missed: int
    excused: int
    suspended: int
    open: int

    @property
    def due(self) -> int:
        """Those that count: done in time, done late, or missed."""
        return self.on_time + self.late + self.missed


def figures(
    orgs: Iterable[OrgUnit | int] | QuerySet[OrgUnit], first: date, last: date, *, now: datetime | None = None
) -> list[Figures]:
    """How the duties of these schools stand, a line for each school, rule and post that had any; one grouped query.

    Of the duties whose day lies from ``first`` to ``last``: *on time*: done not later than the end of the window (time of
    capture); *late*: done after it; *missed*: open and the window over; *open*: open, the window not over yet;
    *excused* and *suspended*: as they stand, they count neither for nor against the school. Each duty is counted once.
    """
    at = now or timezone.now()
    ids: Any = (
        orgs.values("pk") if isinstance(orgs, QuerySet) else [org if isinstance(org, int) else org.pk for org in orgs]
    )
    rows = Duty.objects.filter(org__in=ids, day__range=(first, last)).order_by().values("org_id", "rule", "post")
    done, still = Q(state=DutyState.DONE), Q(state=DutyState.OPEN)
    counted = rows.annotate(
        on_time=Count("id", filter=done & Q(done_at__lte=F("due_at"))),
        late=Count("id", filter=done & Q(done_at__gt=F("due_at"))),
        missed=Count("id", filter=still & Q(due_at__lt=at)),
        excused=Count("id", filter=Q(state=DutyState.EXCUSED)),
        suspended=Count("id", filter=Q(state=DutyState.SUSPENDED)),
        open=Count("id", filter=still & Q(due_at__gte=at)),
    )
    return [Figures(**row) for row in counted]


def day_of(org: OrgUnit, day: date) -> QuerySet[Duty]:
    """The duties of one school that fall due on a day, in the order of their windows."""
    rows: QuerySet[Duty] = Duty.objects.filter(org=org, day=day)
    return rows.select_related("org", "about", "account", "person").order_by(
        "due_at", "rule", "slot", "about__label", "pk"
    )


def mine(viewer: Viewer) -> Q:
    """Duties of the posts that the viewer holds, less those handed over, with those handed over to the viewer."""
    own = Q(pk__in=[])
    for org_id, posts in own_posts(viewer).items():
        own |= Q(org_id=org_id, post__in=posts, person__isnull=True)
    return own | Q(person_id=viewer.person_id) if viewer.person_id else own


@remembered
def waiting(viewer: Viewer) -> list[Duty]:
    """What the viewer has to do now or today, what is overdue first. See ``on_the_list`` for what is left out."""
    rows = _listed(Duty.objects.visible_to(viewer).open(), viewer).filter(mine(viewer))
    return [row for row in rows if on_the_list(row, viewer.now)]


def of_nobody(viewer: Viewer) -> list[Duty]:
    """What waits at schools that the viewer arranges, for posts that nobody holds who could sign in."""
    rows = _listed(Duty.objects.visible_to(viewer, ARRANGE).open(), viewer).filter(person__isnull=True)
    if not viewer.may_anywhere(ARRANGE):
        return []
    found = [row for row in rows if on_the_list(row, viewer.now)]
    held = _held({(row.org_id, row.post) for row in found}, viewer.today)
    own = own_posts(viewer)
    return [row for row in found if (row.org_id, row.post) not in held and row.post not in own.get(row.org_id, ())]


def done_today(viewer: Viewer) -> int:
    """How many duties the viewer did today."""
    begins = timezone.make_aware(datetime.combine(viewer.today, datetime.min.time()))
    rows = Duty.objects.visible_to(viewer).filter(state=DutyState.DONE, account_id=viewer.account_id)
    return int(rows.filter(day__gte=viewer.today - LATE_LONG, done_at__gte=begins).count())


def on_the_list(duty: Duty, now: datetime) -> bool:
    """Whether an open duty stands on Today, so that the list stays short.

    One of a window of days (a month, a term) from the last third of the window on, and after it as long as it was, at
    most a month; a short one on its day and, missed, on the day after. What was not done then cannot be done any more,
    and stays among the missed. A lasting one (``registry.done_at``) stands from its opening until a month after its end.
    """
    length = duty.due_at - duty.opens_at
    if duty.rule.startswith(tuple(lasting_prefixes())):
        return now <= duty.due_at + LATE_LONG
    if length > LONG:
        return duty.due_at - length / 3 <= now <= duty.due_at + min(length, LATE_LONG)
    return now <= duty.due_at or timezone.localdate(now) <= duty.day + LATE_SHORT


def _listed(rows: QuerySet[Duty], viewer: Viewer) -> QuerySet[Duty]:
    """Of the last month, and begun by tonight."""
    tonight = timezone.make_aware(datetime.combine(viewer.today + timedelta(days=1), datetime.min.time()))
    found: QuerySet[Duty] = rows.filter(day__gte=viewer.today - LATE_LONG, opens_at__lt=tonight)
    return found.select_related("org", "about", "person").order_by("due_at", "rule", "slot", "about__label", "pk")


def _held(posts: set[tuple[int, str]], day: date) -> set[tuple[int, str]]:
    """Which of these posts somebody holds who can sign in, or does by a role at that very unit. Three queries."""
    orgs = {org_id for org_id, _post in posts}
    if not orgs:
        return set()
    roles = set(Grant.objects.on(day).filter(org__in=orgs, account__is_active=True).values_list("org_id", "role"))
    kinds = post_kinds(day)
    by_role = {
        (org_id, post)
        for org_id, post in posts
        if post in kinds
        for role in kinds[post].roles
        if (org_id, role) in roles
    }
    return by_role | set(appointed(orgs, day))


def is_suspended(org: OrgUnit) -> bool:
    """Whether duties that would destroy evidence rest at a unit: then no verb may dispose of samples either. One query."""
    return bool(
        Suspension.objects.filter(org__path__in=[*org.ancestor_paths, org.path], lifted_at__isnull=True).exists()
    )


def state_now(which: str, viewer: Viewer) -> Q:
    """Open duties whose window is over: ``overdue`` can still be made good today, ``missed`` all of them."""
    over = Q(state=DutyState.OPEN, due_at__lt=viewer.now)
    return over & Q(day__gte=viewer.today - LATE_SHORT) if which == "overdue" else over


def cost_of(task: Task) -> dict[str, Any]:
    """What a task costs: minutes each time, schools, minutes together each time."""
    schools = OrgUnit.objects.under(task.org.path).schools().filter(closed_on__isnull=True).count()
    each = task.tenth_minutes / 10
    return {"schools": schools, "each": f"{each:g}", "together": f"{each * schools:g}"}
