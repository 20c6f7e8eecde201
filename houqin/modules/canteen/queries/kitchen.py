"""One meal as far as it has come: what is planned and issued, measured, tasted, kept as samples and served."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone

from houqin.core.orgs.models import OrgUnit
from houqin.core.orgs.schools import school_of, schools_within
from houqin.core.policies.registry import standing
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen import policies
from houqin.modules.canteen.models import CheckKind, Delivery, Meal, MealCheck, MealKind, MenuDish, Product, Sample
from houqin.modules.canteen.queries.dishes import CookedDish, stored, uncooked
from houqin.modules.canteen.queries.plans import Plan, plan_for
from houqin.modules.canteen.queries.samples import AsUsual, as_usual, sampled
from houqin.modules.canteen.queries.stock import may_sign, unsigned_deliveries
from houqin.modules.canteen.rules.issuing import Bar
from houqin.modules.canteen.rules.serving import Progress, degrees, eaten_late, to_be_eaten_by
from houqin.ui import formats

KNOWN_DISHES = timedelta(days=90)
SERVED_AT = {
    MealKind.BREAKFAST: policies.BREAKFAST_AT, MealKind.LUNCH: policies.LUNCH_AT, MealKind.DINNER: policies.DINNER_AT,
}  # fmt: skip
EARLIER_MEAL_ENDS = {MealKind.BREAKFAST: time(9), MealKind.LUNCH: time(14)}
LIMITS = (policies.CORE_TEMPERATURE, policies.SERVE_WITHIN, policies.SAMPLE_GRAMS, policies.SAMPLE_HOURS)


@dataclass(frozen=True)
class DishState:
    """One dish: its last core temperature, its sample, and until when it is to be eaten."""

    name: str
    core: MealCheck | None
    sample: Sample | None
    eat_by: datetime | None

    @property
    def degrees(self) -> str:
        """The core temperature as people say it."""
        return degrees(self.core.tenths) if self.core and self.core.tenths is not None else ""


@dataclass(frozen=True)
class Service:
    """All that the page of a meal shows."""

    plan: Plan
    progress: Progress
    dishes: tuple[DishState, ...]
    tasted: tuple[MealCheck, ...]
    begun: MealCheck | None
    ended: MealCheck | None
    usual: AsUsual
    least_tenths: int
    least_grams: int
    within_minutes: int
    served_at: datetime

    @property
    def meal(self) -> Meal:
        """The meal."""
        return self.plan.meal

    @property
    def org(self) -> OrgUnit:
        """The school."""
        return self.plan.meal.org

    @property
    def kept(self) -> list[Sample]:
        """The samples of the meal."""
        return [dish.sample for dish in self.dishes if dish.sample]

    @property
    def least_degrees(self) -> str:
        """What the core has to reach."""
        return degrees(self.least_tenths)

    @property
    def within_hours(self) -> str:
        """How long a hot dish may stand."""
        return formats.number(self.within_minutes / 60)

    def late(self, now: datetime) -> list[str]:
        """Dishes that stood too long between their last core temperature and the end of serving, or now."""
        hot = {dish.name: dish.core.at for dish in self.dishes if dish.core and dish.core.passed}
        return eaten_late(hot, self.ended.at if self.ended else now, self.within_minutes)


def service_of(org: OrgUnit, day: date, kind: str) -> Service:
    """The meal with its plan. The same number of queries for any meal."""
    plan = plan_for(org, day, kind)
    codes = (*LIMITS, SERVED_AT[MealKind(kind)])
    limits = {code: one.value for code, one in standing(codes, [org])[org.pk].items()}
    checks = checks_of([plan.meal])[plan.meal.pk]
    samples = sampled([plan.meal]).get(plan.meal.pk, {})
    names = tuple(dish.name for dish in plan.dishes)
    within, least = int(limits[policies.SERVE_WITHIN]), int(limits[policies.SAMPLE_GRAMS])
    cores = _cores(checks)
    dishes = tuple(
        DishState(name, cores.get(name), samples.get(name), _eat_by(cores.get(name), within)) for name in names
    )
    last = {check.kind: check for check in checks}
    return Service(
        plan, progress_of(
            plan.dishes, checks, samples, is_issued=bool(plan.issued), as_bought=uncooked(plan.dishes)
        ), dishes,
        tuple(check for check in checks if check.kind == CheckKind.TASTED), last.get(CheckKind.SERVING),
        last.get(CheckKind.SERVED), as_usual(org, least), int(limits[policies.CORE_TEMPERATURE]), least, within,
        moment_of(day, str(limits[SERVED_AT[MealKind(kind)]])),
    )  # fmt: skip


def waiting(plan: Plan) -> list[tuple[Delivery, str]]:
    """Deliveries without whose second signature goods are short, each with those who may sign."""
    lots = [lot.pk for line in plan.open_lines if line.awaits_signature for lot in line.left_out[Bar.UNSIGNED]]
    rows = unsigned_deliveries(lots).select_related("supplier") if lots else ()
    return [(delivery, may_sign([delivery], plan.meal.org)) for delivery in rows]


def checks_of(meals: Collection[Meal]) -> Mapping[int, list[MealCheck]]:
    """Each meal → its checks, the earliest first. One query."""
    found: dict[int, list[MealCheck]] = defaultdict(list)
    rows = MealCheck.objects.filter(meal__in=stored(meals)).select_related("account")
    for check in rows.order_by("at", "pk"):
        found[check.meal_id].append(check)
    return found


def progress_of(
    cooked: Sequence[CookedDish],
    checks: Collection[MealCheck],
    samples: Collection[str],
    *,
    is_issued: bool,
    as_bought: Collection[CookedDish],
) -> Progress:
    """How far a meal has come, by its rows."""
    last = {check.kind: check for check in checks}
    begun, ended = last.get(CheckKind.SERVING), last.get(CheckKind.SERVED)
    return Progress(
        tuple(dish.name for dish in cooked),
        is_issued,
        {dish: check.passed for dish, check in _cores(checks).items()},
        CheckKind.TASTED in last,
        samples,
        begun.at if begun else None,
        ended.at if ended else None,
        [dish.name for dish in cooked if dish in as_bought],
    )


def _cores(checks: Collection[MealCheck]) -> dict[str, MealCheck]:
    """Each dish → its last core temperature."""
    return {check.dish: check for check in checks if check.kind == CheckKind.CORE}


def _eat_by(core: MealCheck | None, within: int) -> datetime | None:
    return to_be_eaten_by(core.at, within) if core and core.passed else None


def moment_of(day: date, clock: str) -> datetime:
    """A time of day that a policy names, on a day of the schools."""
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))


def meal_url(org: OrgUnit, day: date | None, kind: str) -> str:
    """The page of a meal; without a day that of today, which a phone keeps."""
    asked = {"school": org.path, "meal": str(kind)} | ({"day": day.isoformat()} if day else {})
    return f"{reverse('canteen:kitchen')}?{urlencode(asked)}"


def kind_at(now: datetime) -> MealKind:
    """The meal that is being prepared or eaten at this time of day."""
    here = timezone.localtime(now).time()
    return next((kind for kind, ends in EARLIER_MEAL_ENDS.items() if here < ends), MealKind.DINNER)


def school_asked(viewer: Viewer, asked: str, unit: OrgUnit | None) -> OrgUnit | None:
    """The school that an address names, else the one looked at; None when the viewer has to choose."""
    if asked.isdigit():
        found: OrgUnit | None = schools_within(viewer, None, "canteen.view").filter(path=asked).first()
        return found
    return school_of(viewer, unit, "canteen.view")


def known_dishes(org: OrgUnit, day: date) -> QuerySet[MenuDish]:
    """Dishes of the last months' menus in sight of a school, each name once, as it was weighed last."""
    menus = MenuDish.objects.filter(menu__day__gte=day - KNOWN_DISHES, ingredients__isnull=False)
    in_sight = menus.filter(org__path__in=[*org.ancestor_paths, org.path])
    newest = in_sight.order_by().values("name").annotate(last=Max("pk")).values("last")
    found: QuerySet[MenuDish] = MenuDish.objects.filter(pk__in=newest).order_by("name")
    return found


def products_in_store(org: OrgUnit) -> QuerySet[Any]:
    """Products of which a school has something that may be used."""
    rows: QuerySet[Any] = Product.objects.filter(lots__org=org, lots__on_hand_grams__gt=0, lots__frozen_by__isnull=True)
    return rows.distinct().order_by("name")
