"""Who answers for a place: by the catalogue, by its building, by name; and what nobody answers for is on a list (R-085)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from houqin.core.audit.models import AuditEntry
from houqin.core.people.actions import staff
from houqin.core.people.models import Person, PostHolding
from houqin.core.places.actions import name_owner, record_place, take_out_of_use
from houqin.core.places.models import Place, PlaceKind
from houqin.core.places.owners import areas_of, count_without_owner, with_owners, without_owner
from houqin.core.scope.refusals import Refused
from tests.world import TODAY, World

HIRED = date(2024, 2, 1)


@pytest.fixture
def people(world: World) -> dict[str, Person]:
    lines = [
        staff.RosterLine(name, post=post)
        for name, post in (("钱阿姨", "保洁员"), ("周主任", "总务主任"), ("郑安全", "安全员"))
    ]
    return {one.name: one for one in staff.record_roster(world.school_a, by=world.system, lines=lines, from_on=HIRED)}


@pytest.fixture
def building(world: World) -> Place:
    return record_place(world.school_a, by=world.system, kind=PlaceKind.BUILDING, name="教学楼")


@pytest.fixture
def toilet(world: World, building: Place) -> Place:
    return record_place(world.school_a, by=world.system, kind="room", use="toilet", name="一楼厕所", within=building)


def owners(day: date = TODAY) -> dict[str, tuple[str, str | None]]:
    return {row.name: (row.owner_code or "", row.owner_name) for row in with_owners(Place.objects.all(), day)}


def test_without_typing_anything_the_post_of_the_use_answers(
    world: World, people: dict[str, Person], toilet: Place
) -> None:
    assert owners() == {"教学楼": ("logistics-director", "周主任"), "一楼厕所": ("cleaner", "钱阿姨")}
    assert not without_owner(Place.objects.all(), TODAY).exists()


def test_who_holds_the_post_changes_and_so_does_the_owner(
    world: World, people: dict[str, Person], toilet: Place
) -> None:
    held = PostHolding.objects.get(person=people["钱阿姨"])
    staff.end_holding(held, by=world.system, on=TODAY)
    tomorrow = TODAY + timedelta(days=1)
    assert owners()["一楼厕所"] == ("cleaner", "钱阿姨")
    assert owners(tomorrow)["一楼厕所"] == ("cleaner", None)
    assert [row.name for row in without_owner(Place.objects.all(), tomorrow)] == ["一楼厕所"]


def test_an_owner_named_for_a_building_answers_for_what_stands_in_it_until_another_is_named_there(
    world: World, people: dict[str, Person], building: Place, toilet: Place
) -> None:
    by = world.viewer("gao")
    name_owner(building, by=by, post="safety-officer")
    assert owners() == {"教学楼": ("safety-officer", "郑安全"), "一楼厕所": ("safety-officer", "郑安全")}
    name_owner(toilet, by=by, person=people["钱阿姨"])
    assert owners()["一楼厕所"] == ("", "钱阿姨")
    name_owner(toilet, by=by)
    assert owners()["一楼厕所"] == ("safety-officer", "郑安全")
    assert AuditEntry.objects.filter(event="places.owner_named").count() == 3
    name_owner(toilet, by=by)
    assert AuditEntry.objects.filter(event="places.owner_named").count() == 3


def test_a_person_who_left_answers_for_nothing(world: World, people: dict[str, Person], toilet: Place) -> None:
    name_owner(toilet, by=world.viewer("gao"), person=people["郑安全"])
    staff.leave(people["郑安全"], by=world.system, on=TODAY)
    assert owners(TODAY + timedelta(days=1))["一楼厕所"][1] is None
    assert owners()["一楼厕所"][1] == "郑安全"


def test_what_is_refused_changes_nothing(world: World, people: dict[str, Person], toilet: Place) -> None:
    (stranger,) = staff.record_roster(
        world.school_b, by=world.system, lines=[staff.RosterLine("外校人", post="保洁员")], from_on=HIRED
    )
    by = world.viewer("gao")
    for given, field in (
        ({"post": "safety-officer", "person": people["钱阿姨"]}, "person"),
        ({"post": "no-such-post"}, "post"),
        ({"person": stranger}, "person"),
    ):
        with pytest.raises(Refused) as caught:
            name_owner(toilet, by=by, **given)
        assert caught.value.field == field
    with pytest.raises(PermissionDenied):
        name_owner(toilet, by=world.viewer("wu"), post="guard")
    with pytest.raises(Http404):
        name_owner(toilet, by=world.viewer("hu"), post="guard")
    take_out_of_use(toilet, by=by, on=TODAY, reason="拆除")
    with pytest.raises(Refused):
        name_owner(toilet, by=by, post="guard")
    toilet.refresh_from_db()
    assert (toilet.owner_post, toilet.owner_person) == ("", None)
    assert not AuditEntry.objects.filter(event="places.owner_named").exists()


def test_counts_by_unit_within_reach_and_with_the_same_queries_for_many(
    world: World, people: dict[str, Person], toilet: Place
) -> None:
    for number in range(3):
        record_place(world.school_b, by=world.system, kind="room", use="toilet", name=f"厕所{number}")
    record_place(world.school_c, by=world.system, kind="room", use="toilet", name="厕所")
    assert count_without_owner(world.viewer("bo"), [world.town.path]) == {world.school_b.path: 3}
    assert count_without_owner(world.viewer("bo"), [world.other_town.path]) == {}
    with CaptureQueriesContext(connection) as few:
        count_without_owner(world.viewer("bo"), [world.town.path])
    for number in range(3, 30):
        record_place(world.school_b, by=world.system, kind="room", use="toilet", name=f"厕所{number}")
    with CaptureQueriesContext(connection) as many:
        assert count_without_owner(world.viewer("bo"), [world.town.path]) == {world.school_b.path: 30}
    assert len(many) == len(few)


def test_the_areas_of_a_person_and_of_the_whole_unit(
    world: World, people: dict[str, Person], building: Place, toilet: Place
) -> None:
    def told(person: Person | None, *posts: str) -> list[tuple[int, tuple[str, ...]]]:
        return [(one.count, one.names) for one in areas_of(world.school_a, TODAY, person=person, posts=posts)]

    assert told(people["钱阿姨"], "cleaner") == [(1, ("一楼厕所",))]
    assert told(people["郑安全"], "safety-officer") == []
    name_owner(toilet, by=world.viewer("gao"), person=people["郑安全"])
    assert told(people["郑安全"], "safety-officer") == [(1, ("一楼厕所",))]
    assert told(people["钱阿姨"], "cleaner") == []
    assert len(told(None)) == 2
