"""What the pages of an incident show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import ClassGroup, Pupil
from houqin.core.people.posts import own_posts
from houqin.core.places.models import Place
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.models import Case, Step
from houqin.lib.numbers import whole
from houqin.modules.canteen.incident_kind import KIND
from houqin.modules.canteen.models import (
    SEE_ILL,
    Body,
    Call,
    ClassSearch,
    EmergencyNumber,
    Ill,
    Lot,
    Meal,
    Sample,
    SealedThing,
    StockMove,
)
from houqin.modules.canteen.queries.dishes import cooked_dishes
from houqin.modules.canteen.queries.incidents.figures import classes_of, meals_before
from houqin.modules.canteen.queries.reports import names_allowed

NATIONWIDE = {Body.AMBULANCE: "120", Body.POLICE: "110"}
ASKED_MEALS = 3  # the last meals before the alarm: what a class can be asked in a few minutes


def case_of(viewer: Viewer, ref: object) -> Case:
    """The case within reach, with all that every page of it reads."""
    rows = Case.objects.filter(kind=KIND).select_related(
        "org", "lead", "incident__meal__org", "incident__subject", "opened_by"
    )
    found: Case = rows.get_visible(viewer, public_id=ref)
    return found


@dataclass(frozen=True)
class Served:
    """A meal and its dishes."""

    meal: Meal
    dishes: tuple[str, ...]


def served_before(case: Case, most: int | None = None) -> list[Served]:
    """The meals with dishes that can be meant, the latest first: the last ones, and the suspected one in any case."""
    meals = meals_before(case)
    dishes = cooked_dishes(meals) if meals else {}
    found = [Served(meal, tuple(dishes[meal.pk])) for meal in meals if dishes[meal.pk]]
    last = found[:most]
    return [*last, *(one for one in found[len(last) :] if one.meal.pk == case.incident.meal_id)]


@dataclass(frozen=True)
class ClassAsked:
    """A class that is asked: its dishes, and its pupils where the viewer may read names. ``ill``: one who was asked before."""

    case: Case
    group: ClassGroup | None
    served: Sequence[Served]
    pupils: QuerySet[Pupil] | None
    ill: Ill | None = None


def own_group(case: Case, viewer: Viewer, asked: str) -> ClassGroup | None:
    """The class that the address names, else the one that the viewer teaches."""
    groups = classes_of(case.org, viewer.today)
    number = whole(asked)
    if number is not None:
        found = next((one for one in groups if one.pk == number), None)
        if found is None:
            raise NotVisible
        return found
    return next((one for one in groups if viewer.person_id is not None and one.teacher_id == viewer.person_id), None)


def class_asked(case: Case, viewer: Viewer, group: ClassGroup | None, *, of_well: bool = False) -> ClassAsked:
    """What is asked of a class; names for its own teacher and for the head of school.

    Once a meal is suspected the well are asked about that one alone; the ill about all, as those before them.
    """
    pupils = None
    if group is not None and (names_allowed(viewer, group) or viewer.may(SEE_ILL, case.org.path)):
        known = Ill.objects.standing().filter(case=case, pupil__isnull=False).values("pupil")
        pupils = (
            Pupil.objects.on_roll(viewer.today).filter(class_group=group).exclude(pk__in=known).order_by("name", "pk")
        )
    served = served_before(case, ASKED_MEALS)
    suspected = [one for one in served if one.meal.pk == case.incident.meal_id]
    return ClassAsked(case, group, suspected if of_well and suspected else served, pupils)


@dataclass(frozen=True)
class Line:
    """A step as the page shows it."""

    step: Step
    mine: bool
    late: bool
    minutes: int | None


def lines_of(case: Case, viewer: Viewer) -> list[Line]:
    """All steps in their order; ``mine`` are those of the viewer's posts. Three queries."""
    posts = own_posts(viewer).get(case.org_id, frozenset())
    return [
        Line(
            step, step.post in posts,
            bool(step.was_late or (step.done_at is None and step.due_at and step.due_at < viewer.now and case.is_open)),
            None if step.done_at is None or step.not_applicable else _minutes(case.opened_at, step.done_at),
        )
        for step in case.steps.select_related("done_by")
    ]  # fmt: skip


def _minutes(start: datetime, end: datetime) -> int:
    return max(round((end - start).total_seconds() / 60), 0)


@dataclass(frozen=True)
class ToCall:
    """Whom to telephone: the number, whose it is, and who answered so far."""

    body: Body
    phone: str
    note: str
    calls: tuple[Call, ...]


def numbers_at(org: OrgUnit) -> list[tuple[Body, EmergencyNumber | None]]:
    """Every authority with the nearest number on record, else the one that holds nationwide, of no unit. One query."""
    near: dict[str, EmergencyNumber] = {
        body: EmergencyNumber(body=body, phone=phone) for body, phone in NATIONWIDE.items()
    }
    paths = [*org.ancestor_paths, org.path]
    for number in EmergencyNumber.objects.filter(org__path__in=paths).select_related("org").order_by("org__path"):
        near[number.body] = number
    return [(body, near.get(body)) for body in Body]


def calls_of(case: Case) -> list[ToCall]:
    """Every authority with the nearest number on record, else the one that holds nationwide. Two queries."""
    made: dict[str, list[Call]] = {}
    for call in Call.objects.filter(case=case).select_related("account"):
        made.setdefault(call.body, []).append(call)
    return [
        ToCall(body, known.phone if known else "", known.note if known else "", tuple(made.get(body, ())))
        for body, known in numbers_at(case.org)
    ]


@dataclass(frozen=True)
class Suspects:
    """What can be sealed from the records: samples that are there, lots of the suspected meals, rooms of the kitchen."""

    samples: QuerySet[Sample]
    lots: QuerySet[Lot]
    places: QuerySet[Place]
    sealed: Sequence[SealedThing]


def suspects_of(case: Case) -> Suspects:
    """Of the suspected meal, else of all meals of 72 hours; what is sealed already is left out."""
    meals = [one.meal for one in served_before(case)]
    if case.incident.meal_id:
        meals = [meal for meal in meals if meal.pk == case.incident.meal_id]
    done = SealedThing.objects.filter(case=case)
    moves = StockMove.objects.filter(meal__in=meals, issue__isnull=False, day__in={meal.day for meal in meals})
    lots = Lot.objects.filter(pk__in=moves.order_by().values("lot")).select_related("product", "supplier")
    places = Place.objects.in_use().filter(org=case.org, use__in=["kitchen", "serving-room"])
    return Suspects(
        Sample.objects.kept().filter(org=case.org, meal__day__in={meal.day for meal in meals_before(case)})
        .exclude(pk__in=done.filter(sample__isnull=False).values("sample")).select_related("meal").order_by("-meal__day", "pk"),
        lots.exclude(pk__in=done.filter(lot__isnull=False).values("lot")).order_by("pk"),
        places.exclude(pk__in=done.filter(place__isnull=False).values("place")).order_by("pk"),
        list(done.select_related("account", "lot__supplier", "lot__product")),
    )  # fmt: skip


def running(org: OrgUnit) -> list[Case]:
    """Cases of a school that are not closed, real ones first. One query."""
    rows = Case.objects.unsettled().filter(org=org, kind=KIND).select_related("org", "opened_by")
    return list(rows.order_by("drill", "opened_at"))


def searched_of(case: Case) -> dict[int, ClassSearch]:
    """Class → its search. One query."""
    return {one.class_group_id: one for one in ClassSearch.objects.filter(case=case).select_related("account")}


def minutes_since(case: Case, viewer: Viewer) -> int:
    """Since discovery; of a closed case how long it took."""
    end = case.closed_at or viewer.now
    return _minutes(case.opened_at, timezone.localtime(end))
