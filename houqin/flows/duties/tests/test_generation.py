"""Duties are laid out once, where they apply; a change touches only what has not begun."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from houqin.core.calendars.actions import mark_days
from houqin.core.calendars.models import DayKind
from houqin.core.events.bus import emit
from houqin.core.orgs.actions import record_school_facts
from houqin.core.orgs.models import CanteenMode, Kind, OrgUnit, SchoolFacts
from houqin.core.places.models import Place, PlaceKind
from houqin.core.policies.actions import set_policy
from houqin.core.subjects.models import Subject
from houqin.flows.duties.after import happened
from houqin.flows.duties.generation import generate, replan
from houqin.flows.duties.jobs import lay_out_duties
from houqin.flows.duties.models import Duty, DutyState, OwnWindow, Suspension
from houqin.flows.duties.policies import DAYS_AHEAD
from houqin.flows.duties.schedule import Every, Schedule
from houqin.flows.duties.tests.asking import (
    AT_MEALS,
    BOARDING,
    CANTEEN,
    DAILY,
    MONTHLY,
    SAMPLES,
    asked,
    local,
)
from tests.jobs import run_jobs
from tests.world import NOON, TODAY, World, make_unit

SUNDAY = TODAY + timedelta(days=6)


@pytest.fixture
def rules() -> Iterator[None]:
    with asked(DAILY, CANTEEN, BOARDING, MONTHLY, AT_MEALS, SAMPLES):
        yield


def place(org: OrgUnit, name: str, use: str = "extinguisher-powder") -> Place:
    subject = Subject.objects.create(kind="places.place", org=org, label=name)
    return Place.objects.create(subject=subject, org=org, kind=PlaceKind.EQUIPMENT, name=name, use=use)


def of(org: OrgUnit, rule: str) -> list[Duty]:
    return list(Duty.objects.filter(org=org, rule=rule).order_by("opens_at", "pk"))


@pytest.mark.usefixtures("rules")
def test_each_day_each_school_each_meal_once_and_twice_makes_nothing_more(world: World) -> None:
    made = generate(TODAY, SUNDAY)
    assert made == Duty.objects.count()
    assert [one.day for one in of(world.school_a, "test:clean")] == [TODAY + timedelta(days=n) for n in range(5)]
    (first, *_rest) = of(world.school_a, "test:meal")
    assert (first.slot, first.opens_at, first.due_at) == ("lunch", local(TODAY, 10, 40), local(TODAY, 12, 10))
    assert generate(TODAY, SUNDAY) == 0
    assert Duty.objects.count() == made


@pytest.mark.usefixtures("rules")
def test_day_by_day_makes_what_the_week_at_once_makes(world: World) -> None:
    place(world.school_a, "一楼灭火器")
    generate(TODAY, SUNDAY)
    keys = {"day", "org_id", "rule", "slot", "about_key", "opens_at", "due_at", "post", "state"}
    at_once = sorted(map(str, Duty.objects.values(*keys)))
    Duty.objects.all().delete()
    for number in (3, 0, 6, 1, 2, 5, 4):
        day = TODAY + timedelta(days=number)
        generate(day, day)
    assert sorted(map(str, Duty.objects.values(*keys))) == at_once


@pytest.mark.usefixtures("rules")
def test_only_where_there_is_what_it_is_for(world: World) -> None:
    SchoolFacts.objects.filter(org=world.school_b).update(canteen_mode=CanteenMode.NONE)
    SchoolFacts.objects.filter(org=world.school_a).update(boarders=0)
    generate(TODAY, TODAY)
    assert not of(world.school_b, "test:canteen")
    assert of(world.school_a, "test:canteen")
    assert not of(world.school_a, "test:boarding")
    assert of(world.school_b, "test:boarding")


def test_only_at_the_units_that_are_asked_and_from_the_day_on(world: World) -> None:
    with asked(replace(DAILY, paths=(world.town.path,), since=TODAY + timedelta(days=1))):
        generate(TODAY, TODAY + timedelta(days=1))
    found = set(Duty.objects.values_list("org_id", "day"))
    assert found == {(org.pk, TODAY + timedelta(days=1)) for org in (world.school_a, world.school_b)}


@pytest.mark.usefixtures("rules")
def test_a_duty_for_each_place_in_use(world: World) -> None:
    first, closed = place(world.school_a, "一楼灭火器"), place(world.school_a, "旧灭火器")
    Place.objects.filter(pk=closed.pk).update(closed_on=TODAY)
    place(world.school_a, "大门", use="gate")
    generate(TODAY, SUNDAY)
    (duty,) = of(world.school_a, "test:fire")
    assert (duty.about_id, duty.about_key, duty.day) == (first.subject_id, first.subject_id, date(2024, 3, 29))


@pytest.mark.usefixtures("rules")
def test_own_times_within_those_asked_and_an_own_post(world: World) -> None:
    OwnWindow.objects.create(
        org=world.school_a, rule="test:clean", opens=time(6), due=time(8), post="keeper", set_at=NOON
    )
    generate(TODAY, TODAY)
    (own,), (other,) = of(world.school_a, "test:clean"), of(world.school_b, "test:clean")
    assert (own.opens_at, own.due_at, own.post) == (local(TODAY, 7), local(TODAY, 8), "keeper")
    assert (other.opens_at, other.due_at, other.post) == (local(TODAY, 7), local(TODAY, 9), "cook")


@pytest.mark.usefixtures("rules")
def test_where_an_incident_is_open_what_destroys_evidence_rests(world: World) -> None:
    Suspension.objects.create(org=world.school_a, why="疑似食源性疾病", since=NOON)
    generate(TODAY, TODAY)
    assert [one.state for one in of(world.school_a, "test:canteen")] == [DutyState.SUSPENDED]
    assert [one.state for one in of(world.school_a, "test:clean")] == [DutyState.OPEN]
    assert [one.state for one in of(world.school_b, "test:canteen")] == [DutyState.OPEN]


@pytest.mark.usefixtures("rules")
def test_a_closed_day_touches_only_what_has_not_begun(world: World, time_machine: object) -> None:
    time_machine.move_to(NOON)  # type: ignore[attr-defined]
    generate(TODAY, SUNDAY)
    today, tomorrow, later = of(world.school_a, "test:clean")[:3]
    Duty.objects.filter(pk=later.pk).update(state=DutyState.DONE, done_at=NOON)
    mark_days(world.school_a, by=world.viewer("gao"), kind=DayKind.CLOSURE, first=TODAY, last=later.day)
    run_jobs()
    left = {one.pk for one in of(world.school_a, "test:clean")}
    assert {today.pk, later.pk} <= left
    assert tomorrow.pk not in left
    assert len(of(world.school_b, "test:clean")) == 5


@pytest.mark.usefixtures("rules")
def test_facts_and_places_that_change_change_what_is_to_come(world: World, time_machine: object) -> None:
    time_machine.move_to(NOON)  # type: ignore[attr-defined]
    generate(TODAY, SUNDAY)
    assert of(world.school_a, "test:canteen")
    facts = {"valid_from": TODAY, "canteen_mode": CanteenMode.NONE}
    record_school_facts(world.school_a, by=world.viewer("gao"), **facts)
    place(make_unit(world.school_a, Kind.CAMPUS, "分校区"), "灭火器")
    emit("places.changed", by=world.viewer("gao"), org=OrgUnit.objects.get(kind=Kind.CAMPUS))
    run_jobs()
    assert [one.day for one in of(world.school_a, "test:canteen")] == [TODAY]
    assert len(of(world.school_a, "test:fire")) == 1


@pytest.mark.usefixtures("rules")
def test_an_office_says_how_far_ahead_and_it_holds_at_once(world: World, time_machine: object) -> None:
    time_machine.move_to(NOON)  # type: ignore[attr-defined]
    set_policy(world.town, by=world.viewer("bo"), code=DAYS_AHEAD, value=2, reason="网络慢")
    run_jobs()
    lay_out_duties.enqueue()
    run_jobs()
    assert max(one.day for one in of(world.school_a, "test:clean")) == TODAY + timedelta(days=2)
    assert max(one.day for one in of(world.school_c, "test:clean")) == TODAY + timedelta(days=7)


def test_a_changed_rule_gives_what_has_not_begun_its_new_times_and_keeps_the_row(world: World) -> None:
    with asked(DAILY):
        generate(TODAY, TODAY + timedelta(days=7))
        before = of(world.school_a, "test:clean")
    later = replace(DAILY, post="keeper", schedules=(Schedule(Every.SCHOOL_DAY, opens=time(8), due=time(10)),))
    with asked(later):
        replan(world.town, by=world.viewer("bo"), codes=["test:clean"])
    after = of(world.school_a, "test:clean")
    assert [one.pk for one in after] == [one.pk for one in before]
    assert (after[0].due_at, after[0].post) == (local(TODAY, 9), "cook")
    assert {(one.due_at.hour, one.post) for one in after[1:]} == {(2, "keeper")}
    assert {one.due_at.hour for one in of(world.school_c, "test:clean")} == {1}


def test_a_month_holds_one_duty_also_when_its_day_moves_after_it_has_begun(world: World) -> None:
    with asked(replace(MONTHLY, uses=())):
        generate(TODAY, SUNDAY)
    with asked(replace(MONTHLY, uses=(), schedules=(Schedule(Every.MONTH, day_of_month=20),))):
        replan(world.school_a, by=world.viewer("gao"))
        generate(TODAY, SUNDAY)
    assert [one.day for one in of(world.school_a, "test:fire")] == [date(2024, 3, 29)]


@pytest.mark.usefixtures("rules")
def test_48_hours_after_a_sample_once_for_each_meal(world: World) -> None:
    at = local(TODAY, 12, 5)
    assert happened("test.sampled", world.school_a, at=at, slot="lunch") == 1
    assert happened("test.sampled", world.school_a, at=at, slot="lunch") == 0
    assert happened("test.sampled", world.school_a, at=local(TODAY, 18), slot="dinner") == 1
    assert happened("nothing", world.school_a, at=at) == 0
    (first, _second) = of(world.school_a, "test:samples")
    assert (first.opens_at, first.due_at) == (
        local(TODAY + timedelta(days=2), 12, 5),
        local(TODAY + timedelta(days=3), 12, 5),
    )
    replan(world.school_a, by=world.viewer("gao"))
    assert len(of(world.school_a, "test:samples")) == 2


@pytest.mark.usefixtures("rules")
def test_what_would_be_late_at_once_is_not_made(world: World) -> None:
    generate(TODAY, TODAY, now=NOON)
    assert not of(world.school_a, "test:clean")
    assert of(world.school_a, "test:boarding")


@pytest.mark.usefixtures("rules")
def test_the_job_lays_out_the_days_ahead(world: World, time_machine: object) -> None:
    time_machine.move_to(NOON)  # type: ignore[attr-defined]
    lay_out_duties.enqueue()
    run_jobs()
    assert max(one.day for one in of(world.school_a, "test:clean")) == TODAY + timedelta(days=7)


@pytest.mark.usefixtures("rules")
def test_the_same_queries_for_one_school_and_for_many(world: World) -> None:
    def cost(org: OrgUnit) -> int:
        with CaptureQueriesContext(connection) as found:
            generate(TODAY, SUNDAY, org=org)
        return len(found)

    assert cost(world.school_a) == cost(world.province)
