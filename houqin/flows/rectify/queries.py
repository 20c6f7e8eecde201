"""What waits for whom, what is overdue where, and what is found again and again."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from houqin.core.orgs.models import OFFICES, Kind, OrgUnit
from houqin.core.people.posts import own_posts
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.digest import More
from houqin.flows.rectify.days import is_working
from houqin.flows.rectify.models import OPEN_STATES, Extension, Finding, FindingState, Look, Plan, Severity
from houqin.flows.rectify.rules import working_days_late


def to_fix(viewer: Viewer) -> QuerySet[Any]:
    """Ordered findings whose post is the viewer's, and those of no post at units the viewer leads."""
    rows: QuerySet[Any] = Finding.objects.visible_to(viewer, "rectify.fix")
    return rows.filter(_mine(viewer), state=FindingState.ORDERED).select_related("org").order_by("due_on", "pk")


def _mine(viewer: Viewer) -> Q:
    """For which the viewer answers, in person or by post; what has neither waits for whoever orders at that unit."""
    mine = Q(person=viewer.person_id) if viewer.person_id else Q(pk__in=())
    for org_id, kinds in own_posts(viewer).items():
        mine |= Q(org_id=org_id, post__in=kinds, person__isnull=True)
    led = [reach.org_id for reach in viewer.reaches if "rectify.order" in reach.permissions]
    return mine | Q(org_id__in=led, post="", person__isnull=True)


def late_of_others(viewer: Viewer) -> QuerySet[Any]:
    """Overdue at the viewer's own school, for which somebody else answers."""
    own = [reach.org_id for reach in viewer.reaches]
    rows: QuerySet[Any] = Finding.objects.visible_to(viewer, "rectify.order")
    return rows.filter(state=FindingState.ORDERED, due_on__lt=viewer.today, org__in=own).exclude(_mine(viewer))


def to_order(viewer: Viewer) -> QuerySet[Any]:
    """What was found at the viewer's own units and has no order yet."""
    rows: QuerySet[Any] = Finding.objects.visible_to(viewer, "rectify.order")
    own = [reach.org_id for reach in viewer.reaches]
    return rows.filter(state=FindingState.FOUND, org__in=own).select_related("org").order_by("found_at", "pk")


def to_recheck(viewer: Viewer) -> QuerySet[Any]:
    """What waits to be looked at again by the viewer's own unit."""
    own = [reach.org_id for reach in viewer.reaches]
    rows: QuerySet[Any] = Finding.objects.visible_to(viewer, "rectify.recheck")
    return rows.filter(state=FindingState.REPORTED, check_org__in=own).select_related("org").order_by("due_on", "pk")


def to_answer(viewer: Viewer) -> QuerySet[Any]:
    """More time that others asked for and the viewer's own unit answers: the one that looks again, and of what the school
    cannot put off itself the office above it."""
    own = [reach.org_id for reach in viewer.reaches if "rectify.recheck" in reach.permissions]
    late = Q(finding__due_on__lt=viewer.today) | Q(finding__climbed__gt=0)
    office = Q(finding__check_org__kind__in=OFFICES)
    above = Q(finding__org__parent__in=own, finding__org__parent__kind__in=OFFICES) | Q(
        finding__org__parent__parent__in=own, finding__org__parent__kind=Kind.SCHOOL
    )
    theirs = Q(finding__check_org__in=own) & (office | ~late) | above & late & ~office
    rows: QuerySet[Any] = Extension.objects.visible_to(viewer, "rectify.recheck")
    found = rows.filter(theirs, granted__isnull=True, finding__state=FindingState.ORDERED)
    asked = found.exclude(account=viewer.account_id) if viewer.account_id else found
    return asked.select_related("finding__org").order_by("asked_at", "pk")


NEWEST_PLAN = Prefetch("plans", Plan.objects.order_by("-set_at", "-pk"), to_attr="newest_plans")
FIXES = Prefetch("looks", Look.objects.filter(kind=Look.Kind.FIXED).order_by("-at", "-pk"), to_attr="fixes")
PASSES = Prefetch(
    "looks",
    Look.objects.filter(kind=Look.Kind.PASSED).select_related("account").order_by("-at", "-pk"),
    to_attr="passes",
)


@dataclass(frozen=True)
class Weak:
    """Something that was found again and again at a school: how often within a year, how many of them are open."""

    org: OrgUnit
    topic: str
    title: str
    times: int
    open: int
    first: date
    last: date
    url: str


def weak_points(viewer: Viewer, narrowed: Q, since: date, most: int) -> list[Weak]:
    """Topics found at least twice at a school since a day, school by school in the order of the tree. Three queries."""
    rows = Finding.objects.visible_to(viewer).filter(narrowed, day__gt=since).exclude(state=FindingState.VOID)
    figures = rows.exclude(topic="").order_by("org__path", "topic").values("org_id", "topic").annotate(
        times=Count("pk"), still=Count("pk", filter=Q(state__in=OPEN_STATES)), first=Min("day"), last=Max("day"), newest=Max("pk")
    )  # fmt: skip
    found = list(figures.filter(times__gte=2)[:most])
    titles = dict(Finding.objects.filter(pk__in=[one["newest"] for one in found]).values_list("pk", "title"))
    orgs = OrgUnit.objects.in_bulk({one["org_id"] for one in found})
    weak = [
        Weak(
            orgs[one["org_id"]], one["topic"], titles[one["newest"]], one["times"], one["still"], one["first"], one["last"],
            f"{reverse('rectify:findings')}?{urlencode({'view': 'all', 'org': one['org_id'], 'topic': one['topic']})}",
        )
        for one in found
    ]  # fmt: skip
    return sorted(weak, key=lambda one: (one.org.path, -one.times, one.topic))


@dataclass(frozen=True)
class Standing:
    """What is open at a school: how many, overdue, serious, and since when the oldest is overdue."""

    org: OrgUnit
    open: int
    overdue: int
    serious: int
    oldest: date | None
    days: int
    url: str


def standings(viewer: Viewer, narrowed: Q, most: int) -> list[Standing]:
    """Schools with something overdue, the oldest first. Two queries."""
    rows = Finding.objects.visible_to(viewer).unsettled().filter(narrowed).order_by()
    late = Q(state=FindingState.ORDERED, due_on__lt=viewer.today)
    figures = rows.values("org_id").annotate(
        count=Count("pk"), late=Count("pk", filter=late), serious=Count("pk", filter=Q(severity=Severity.SERIOUS)),
        oldest=Min("due_on", filter=late),
    )  # fmt: skip
    found = list(figures.filter(late__gt=0).order_by("oldest", "org__path")[:most])
    orgs = OrgUnit.objects.in_bulk({one["org_id"] for one in found})
    return [
        Standing(
            orgs[one["org_id"]], one["count"], one["late"], one["serious"], one["oldest"],
            working_days_late(one["oldest"], viewer.today, is_working),
            f"{reverse('rectify:findings')}?{urlencode({'view': 'overdue', 'org': one['org_id']})}",
        )
        for one in found
    ]  # fmt: skip


def counts(viewer: Viewer, narrowed: Q) -> dict[str, int]:
    """What is open within reach: all, overdue, serious, under supervision, waiting to be looked at again. One query."""
    rows = Finding.objects.visible_to(viewer).unsettled().filter(narrowed).order_by()
    figures: dict[str, int] = rows.aggregate(
        open=Count("pk"), overdue=Count("pk", filter=Q(state=FindingState.ORDERED, due_on__lt=viewer.today)),
        serious=Count("pk", filter=Q(severity=Severity.SERIOUS)), supervised=Count("pk", filter=Q(supervised_by__isnull=False)),
        reported=Count("pk", filter=Q(state=FindingState.REPORTED)),
    )  # fmt: skip
    return figures


def overdue_at_offices(now: datetime) -> dict[int, More]:
    """For each office with schools directly below it that have overdue findings: how many, and the oldest. One query."""
    today = timezone.localdate(now)
    rows = Finding.objects.filter(
        state=FindingState.ORDERED, due_on__lt=today, org__parent__kind__in=OFFICES
    ).order_by()
    found: dict[int, list[tuple[date, str, int]]] = defaultdict(list)
    for office, name, count, oldest in rows.values_list("org__parent_id", "org__name").annotate(
        count=Count("pk"), oldest=Min("due_on")
    ):
        found[office].append((oldest, name, count))
    url = f"{reverse('rectify:findings')}?view=overdue"
    return {office: More(partial(_overdue_words, sorted(some), today), url) for office, some in found.items()}


def _overdue_words(some: list[tuple[date, str, int]], today: date) -> str:
    oldest, name, _count = some[0]
    count = sum(number for _oldest, _name, number in some)
    values = {"count": count, "school": name, "days": working_days_late(oldest, today, is_working)}
    return ngettext(
        "%(count)s finding is overdue: %(school)s, %(days)s working days",
        "%(count)s findings are overdue, the oldest at %(school)s for %(days)s working days", count,
    ) % values  # fmt: skip
