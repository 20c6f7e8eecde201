"""How far today's meals have come in every kitchen that works live: for Today, in a few queries whatever their number."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from houqin.core.orgs.models import OrgUnit
from houqin.core.orgs.schools import schools_within
from houqin.core.policies.registry import standing
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import CheckKind, Delivery, Issue, Meal, MealCheck, MealKind, Menu, Origin, Sample
from houqin.modules.canteen.queries.dishes import dishes_cooked, stored, uncooked
from houqin.modules.canteen.queries.heads import heads_of
from houqin.modules.canteen.queries.kitchen import SERVED_AT, checks_of, moment_of, progress_of
from houqin.modules.canteen.queries.samples import due, sampled
from houqin.modules.canteen.rules.serving import Progress

WORKS_LIVE = timedelta(days=14)
COOK = "canteen.cook"


@dataclass(frozen=True)
class MealToday:
    """One meal of today and how far it has come."""

    org: OrgUnit
    kind: MealKind
    served_at: datetime
    progress: Progress


def live_kitchens(viewer: Viewer) -> QuerySet[OrgUnit]:
    """Kitchens of this viewer that work live: something was recorded there of late, or the school made today's menu itself.

    A school that keeps paper is not asked for anything, even where the town has made a menu for it.
    """
    since = viewer.today - WORKS_LIVE
    own = {"org": OuterRef("pk")}
    signs: list[QuerySet[Any]] = [
        Menu.objects.filter(day=viewer.today, **own),
        Delivery.objects.filter(origin=Origin.LIVE, delivered_on__gte=since, **own),
        Issue.objects.filter(origin=Origin.LIVE, issued_on__gte=since, **own),
        MealCheck.objects.filter(at__gte=viewer.now - WORKS_LIVE, **own),
        Sample.objects.filter(taken_at__gte=viewer.now - WORKS_LIVE, **own),
    ]
    works = Q()
    for rows in signs:
        works |= Q(Exists(rows))
    found: QuerySet[OrgUnit] = schools_within(viewer, None, COOK).filter(works)
    return found


def where_serving_began(schools: Collection[OrgUnit], day: date) -> list[OrgUnit]:
    """Those of them where the serving of some meal of the day has begun. One query."""
    begun = MealCheck.objects.filter(org__in=[one.pk for one in schools], kind=CheckKind.SERVING, meal__day=day)
    at = set(begun.order_by().values_list("org_id", flat=True)) if schools else set()
    return [one for one in schools if one.pk in at]


def meals_today(schools: Iterable[OrgUnit], day: date) -> list[MealToday]:
    """The meals of a day with something cooked and somebody to eat it, by school and meal. Eighteen queries at most."""
    schools = list(schools)
    if not schools:
        return []
    rows = Meal.objects.filter(org__in=schools, day=day)
    known = {(meal.org_id, meal.kind): meal for meal in rows.select_related("org")}
    meals = [
        known.get((school.pk, kind)) or Meal(pk=-number * len(MealKind) - place, org=school, day=day, kind=kind)
        for number, school in enumerate(schools, 1)
        for place, kind in enumerate(MealKind.values)
    ]
    dishes, checks, samples = dishes_cooked(meals), checks_of(meals), sampled(meals)
    as_bought = uncooked(dish for cooked in dishes.values() for dish in cooked)
    issued = set(Issue.objects.standing().filter(meal__in=stored(meals)).values_list("meal", flat=True))
    heads = heads_of([(meal.org_id, meal.day, meal.kind) for meal in meals])
    clocks = standing(SERVED_AT.values(), schools)
    return [
        MealToday(
            meal.org, MealKind(meal.kind), moment_of(day, str(clocks[meal.org_id][SERVED_AT[MealKind(meal.kind)]].value)),
            progress_of(
                dishes[meal.pk], checks[meal.pk], samples.get(meal.pk, {}), is_issued=meal.pk in issued,
                as_bought=as_bought,
            ),
        )
        for meal in meals
        if dishes[meal.pk] and heads[meal.org_id, meal.day, meal.kind].total
    ]  # fmt: skip


@dataclass(frozen=True)
class SamplesDue:
    """How many samples of a school may go, and since when."""

    org: OrgUnit
    count: int
    since: datetime


def samples_due(viewer: Viewer) -> list[SamplesDue]:
    """School by school. Two queries."""
    rows = Sample.objects.visible_to(viewer, COOK).filter(due(viewer.now)).order_by()
    sums = {row["org"]: row for row in rows.values("org").annotate(count=Count("pk"), since=Min("keep_until"))}
    schools = OrgUnit.objects.filter(pk__in=sums).order_by("path")
    return [SamplesDue(school, sums[school.pk]["count"], sums[school.pk]["since"]) for school in schools]
