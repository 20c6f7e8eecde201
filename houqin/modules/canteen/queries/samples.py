"""Samples: which are missing, which may not go yet, and what is usual."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from houqin.core.orgs.models import OrgUnit
from houqin.core.places.models import Place, PlaceKind
from houqin.modules.canteen.models import Meal, Origin, Recall, RecallLot, Sample, StockMove
from houqin.modules.canteen.queries.dishes import cooked_dishes, stored


def missing_samples(meals: Collection[Meal]) -> dict[int, list[str]]:
    """Each meal → its dishes of which no sample is kept. Five queries."""
    kept = sampled(meals)
    return {pk: [name for name in names if name not in kept.get(pk, {})] for pk, names in cooked_dishes(meals).items()}


def missing_after_work(meal: Meal) -> list[str]:
    """Dishes without a sample of a meal that the kitchen has recorded live; paper tells nothing of samples."""
    is_live = meal.checks.exists() or meal.issues.filter(origin=Origin.LIVE).exists()
    return missing_samples([meal])[meal.pk] if is_live else []


def sampled(meals: Iterable[Meal]) -> dict[int, dict[str, Sample]]:
    """Each meal → its samples by dish, disposed of or not. One query."""
    found: dict[int, dict[str, Sample]] = defaultdict(dict)
    rows = Sample.objects.filter(meal__in=stored(meals)).select_related("account", "place")
    for sample in rows.order_by("pk"):
        found[sample.meal_id][sample.dish] = sample
    return found


def protected(samples: Iterable[Sample]) -> dict[int, Recall]:
    """Samples that may not go → the recall under way that concerns a lot in their meal. Two queries.

    A drill protects nothing; a lot that was ruled out neither.
    """
    samples = list(samples)
    lots = StockMove.objects.filter(meal__in={sample.meal_id for sample in samples}, issue__isnull=False).order_by()
    used = lots.values("meal_id", "lot_id").annotate(grams=Sum("grams")).filter(grams__lt=0)
    meals_of: dict[int, set[int]] = defaultdict(set)
    for row in used:
        meals_of[row["lot_id"]].add(row["meal_id"])
    recalls: dict[int, Recall] = {}
    for row in _concerned(meals_of):
        recalls |= {meal: row.recall for meal in meals_of[row.lot_id]}
    return {sample.pk: recalls[sample.meal_id] for sample in samples if sample.meal_id in recalls}


def _concerned(lot_ids: Iterable[int]) -> QuerySet[RecallLot]:
    rows: QuerySet[RecallLot] = RecallLot.objects.filter(
        lot__in=list(lot_ids), lifted_at__isnull=True, recall__state=Recall.State.OPEN, recall__is_drill=False
    )
    return rows.select_related("recall")


def is_protected() -> Q:
    """Samples kept whose meal holds goods of a recall under way, for a list."""
    lots = RecallLot.objects.filter(lifted_at__isnull=True, recall__state=Recall.State.OPEN, recall__is_drill=False)
    moves = StockMove.objects.filter(lot__in=lots.values("lot"), issue__isnull=False, issue__reversed_at__isnull=True)
    return Q(disposed_at__isnull=True, meal__in=moves.values("meal"))


def protected_by(sample: Sample) -> Recall | None:
    """The recall that keeps this sample; one that is gone is kept by none."""
    return protected([sample]).get(sample.pk) if sample.disposed_at is None else None


def due(now: datetime) -> Q:
    """Samples that may go now, for a list."""
    return Q(disposed_at__isnull=True, keep_until__lte=now) & ~is_protected()


@dataclass(frozen=True)
class AsUsual:
    """How the school kept its samples last time."""

    grams: int
    place: Place | None


def as_usual(org: OrgUnit, least: int) -> AsUsual:
    """Weight and refrigerator of the last sample; the weight asked for and the only refrigerator where there is none."""
    last = Sample.objects.filter(org=org).select_related("place").order_by("-pk").first()
    if last:
        open_place = last.place if last.place and last.place.closed_on is None else None
        return AsUsual(max(last.grams, least), open_place)
    fridges = list(Place.objects.in_use().filter(org=org, kind=PlaceKind.SAMPLE_REFRIGERATOR)[:2])
    return AsUsual(least, fridges[0] if len(fridges) == 1 else None)
