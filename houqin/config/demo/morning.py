"""The first school works live: its calendar and places, menus to come, and this morning as far as it has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from houqin.config.demo import kitchen
from houqin.config.demo.cast import SCHOOLS
from houqin.core.calendars.actions import mark_days, set_term
from houqin.core.calendars.models import DayKind
from houqin.core.grants.viewers import viewer_for
from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.people.actions.accounts import link_person
from houqin.core.people.actions.classes import name_class_teacher
from houqin.core.people.actions.pins import set_pin
from houqin.core.people.actions.staff import RosterLine, record_roster
from houqin.core.people.models import Account, ClassGroup
from houqin.core.places.models import Place, PlaceKind
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.acceptance import Arrived, Away, accept_delivery
from houqin.modules.canteen.actions.certificates import Shown
from houqin.modules.canteen.actions.heads.others import report_others
from houqin.modules.canteen.actions.heads.reporting import report_heads
from houqin.modules.canteen.actions.meals.checking import (
    Measured,
    begin_serving,
    end_serving,
    measure_dishes,
    taste_meal,
)
from houqin.modules.canteen.actions.meals.issuing import issue_meal
from houqin.modules.canteen.actions.meals.opening import ForMeal
from houqin.modules.canteen.actions.meals.sampling import SampleRow, retain_samples
from houqin.modules.canteen.actions.meals.taking import IssueLine
from houqin.modules.canteen.actions.signing import sign_delivery
from houqin.modules.canteen.models import Delivery, Meal, MealKind, Product, TurnedAway
from houqin.modules.canteen.queries.plans import plan_for
from houqin.modules.canteen.rules.paper import PaperDelivery

AHEAD = 7
TEACHERS_CLASS = "三年级一班"
PIN = "314159"
STAFF_EATING, GUESTS = 26, 2


@dataclass(frozen=True)
class Clock:
    """Moments of the demo: never later than now."""

    now: datetime

    def at(self, day: date, hour: int, minute: int) -> datetime:
        """A moment of a day."""
        return min(timezone.make_aware(datetime.combine(day, time(hour, minute))), self.now)


def coming(today: date) -> list[date]:
    """The next days of cooking; the weekend of a boarding school is one of rest."""
    days = (today + timedelta(days=number) for number in range(1, AHEAD + 1))
    return [day for day in days if day.weekday() < 5]


def calendar(town: OrgUnit, today: date, by: Viewer) -> None:
    """The term of the town; today is a school day, so that there is something to see on whatever day it is loaded."""
    starts = kitchen.school_days(today)[0]
    set_term(town, by=by, name="第一学期", starts_on=starts, ends_on=max(date(starts.year + 1, 1, 20), today))
    mark_days(
        town, by=by, kind=DayKind.HOLIDAY, first=date(starts.year, 10, 1), last=date(starts.year, 10, 7), label="国庆节"
    )
    if today.weekday() > 4:
        mark_days(town, by=by, kind=DayKind.MAKE_UP, first=today, label="演示：今天上课")


def morning(org: OrgUnit, days: Sequence[date], today: date, *, now: datetime) -> None:
    """Yesterday's samples, this morning's heads and deliveries of the first school."""
    clock = Clock(now)
    fridge = Place.objects.get(org=org, kind=PlaceKind.SAMPLE_REFRIGERATOR)
    for day in _sampled(days, today):
        _samples(org, day, fridge, clock.at(day, 11, 20))
    for username in ("cook", "director", "principal"):
        set_pin(by=_as(username, now), pin=PIN)
    _class_teacher(org, by=_as("principal", clock.at(days[0], 9, 0)), from_on=days[0])
    _heads(org, today, clock.at(today, 7, 20))
    _breakfast(org, today, fridge, clock)
    _deliveries(org, today, clock)


def told(days: Sequence[date], today: date) -> dict[str, list[date]]:
    """The ledgers that this morning's pages write by themselves, and of which days."""
    return {
        "food-samples": [*_sampled(days, today), today], "core-temperature": [today], "sample-disposal": [today],
        "night-roll": [today],
    }  # fmt: skip


def _sampled(days: Sequence[date], today: date) -> list[date]:
    return [day for day in days if day < today][-3::2]


def _as(username: str, now: datetime) -> Viewer:
    return viewer_for(Account.objects.get(username=username), now=now)


def _class_teacher(org: OrgUnit, *, by: Viewer, from_on: date) -> None:
    """The account of the class teacher is a person's, who teaches a class."""
    line = RosterLine("林晓燕", post="班主任", sex="f", birth_year=1988)
    (person,) = record_roster(org, by=by, lines=[line], from_on=from_on)
    link_person(Account.objects.get(username="teacher"), by=by, person=person)
    name_class_teacher(ClassGroup.objects.get(org=org, name=TEACHERS_CLASS), by=by, teacher=person)


def _samples(org: OrgUnit, day: date, fridge: Place, now: datetime) -> None:
    """The lunch of a day past, as the cook kept it."""
    meal = Meal.objects.get(org=org, day=day, kind=MealKind.LUNCH)
    rows = [
        SampleRow(dish.name, 130, box=str(number)) for number, dish in enumerate(kitchen.dishes_of(day)["lunch"], 1)
    ]
    retain_samples(org, by=_as("cook", now), meal=meal, rows=rows, place=fridge, tenths=40)


def _heads(org: OrgUnit, today: date, now: datetime) -> None:
    """All classes have reported but the one whose teacher signs in to the demo."""
    by = _as("director", now)
    groups = ClassGroup.objects.filter(org=org).annotate(
        roll=Count("pupils"), boarders=Count("pupils", filter=Q(pupils__is_boarder=True))
    )
    for number, group in enumerate(groups.exclude(name=TEACHERS_CLASS).order_by("pk")):
        sick = number % 4 == 1
        meals = {MealKind.LUNCH: group.roll - sick} | (
            {MealKind.BREAKFAST: group.boarders, MealKind.DINNER: group.boarders} if group.boarders else {}
        )
        report_heads(group, by=by, day=today, meals={str(kind): heads for kind, heads in meals.items()}, sick=int(sick))
    report_others(org, by=_as("keeper", now), day=today, kind=MealKind.LUNCH, staff=STAFF_EATING, guests=GUESTS)


def _breakfast(org: OrgUnit, today: date, fridge: Place, clock: Clock) -> None:
    """Issued, measured, tasted, sampled and served; lunch and dinner are left to whoever tries the demo."""
    meal = ForMeal(today, MealKind.BREAKFAST)
    dishes = [dish.name for dish in kitchen.dishes_of(today)[meal.kind]]
    plan = plan_for(org, today, meal.kind)
    lines = [IssueLine(line.product, line.at_hand_grams) for line in plan.open_lines if line.at_hand_grams]
    issue_meal(org, by=_as("keeper", clock.at(today, 5, 10)), meal=meal, lines=lines, taken_by="张师傅")
    cooked = _as("cook", clock.at(today, 6, 15))
    measure_dishes(org, by=cooked, meal=meal, dishes=[Measured(dishes[0], 860)])
    taste_meal(org, by=cooked, meal=meal)
    rows = [SampleRow(dish, 130, box=str(number)) for number, dish in enumerate(dishes, 1)]
    retain_samples(org, by=_as("cook", clock.at(today, 6, 20)), meal=meal, rows=rows, place=fridge, tenths=40)
    begin_serving(org, by=_as("cook", clock.at(today, 6, 30)), meal=meal)
    end_serving(org, by=_as("cook", clock.at(today, 7, 10)), meal=meal)


def _deliveries(org: OrgUnit, today: date, clock: Clock) -> None:
    """Vegetables have come and are signed for; the meat waits for its second signature; the rest is on its way."""
    vegetables = _came(org, kitchen.VEGETABLES, today)
    if vegetables:
        spoilt = Away(
            product=_products(vegetables)[vegetables[0].product], grams=2_000, why=TurnedAway.Why.SENSES, words="压烂"
        )
        by = _as("keeper", clock.at(today, 6, 35))
        paper = Shown(kinds=["commitment-certificate"], number=f"CN{today:%y%m%d}07")
        signed = _accept(org, vegetables, by, paper, away=[spoilt])
        sign_delivery(signed, by=_as("cook", clock.at(today, 6, 50)))
    meat = _came(org, kitchen.FRESH, today)
    if meat:
        paper = Shown(kinds=["quarantine-certificate", "meat-quality-certificate"], number=f"42{today:%y%m%d}0315")
        _accept(org, meat, _as("keeper", clock.at(today, 6, 55)), paper)


def _came(org: OrgUnit, supplier: str, today: date) -> list[PaperDelivery]:
    rows = kitchen.deliveries(SCHOOLS[0], org.pk, [today])
    return [row for row in rows if row.supplier == supplier and kitchen.GOODS[row.product].fresh]


def _products(rows: Sequence[PaperDelivery]) -> dict[str, Product]:
    names = [row.product for row in rows]
    return {row.name: row for row in Product.objects.filter(name__in=names, org__is_demo=True)}


def _accept(
    org: OrgUnit, rows: Sequence[PaperDelivery], by: Viewer, shown: Shown, *, away: Sequence[Away] = ()
) -> Delivery:
    products = _products(rows)
    lines = [
        Arrived(
            product=products[row.product], grams=row.grams, written=row.written_quantity, unit_price=row.unit_price,
            amount_fen=row.amount_fen,
        )
        for row in rows
    ]  # fmt: skip
    supplier = Party.objects.get(name=rows[0].supplier, org__is_demo=True)
    return accept_delivery(org, by=by, supplier=supplier, lines=lines, turned_away=away, certificates=[shown])
