"""Who may work today, of every post that asks for papers."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.people.actions.staff import RosterLine, record_roster
from houqin.core.people.models import Person
from houqin.core.subjects.finding import subject_of_person
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.roster import roster_of
from tests.world import NOON, TODAY, World

PAGE = "/credentials/roster/"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def people(world: World) -> dict[str, Person]:
    load_catalogues(by=world.system)
    lines = [
        RosterLine("赵司机", "校车司机"), RosterLine("钱司机", "校车司机"), RosterLine("孙宿管", "宿管"), RosterLine("李厨师", "厨师"),
        RosterLine("周老师"),
    ]  # fmt: skip
    made = record_roster(world.school_a, by=world.system, lines=lines, from_on=date(2023, 9, 1))
    found = {person.name: person for person in made}
    give(world, found["钱司机"], "school-bus-driver", TODAY + timedelta(days=3))
    give(world, found["周老师"], "school-bus-driver", TODAY + timedelta(days=30))
    give(world, found["赵司机"], "school-bus-driver", TODAY - timedelta(days=1))
    return found


def give(world: World, person: Person, kind: str, until: date) -> None:
    Credential.objects.create(
        org=person.org, holder=subject_of_person(person), kind=kind, expires_on=until, recorded_at=NOON
    )


def told(world: World, day: date) -> dict[str, tuple[list[str], list[str], list[str]]]:
    return {
        group.kind.code: (
            [place.holding.person.name for place in group.places if not place.is_off],
            [place.holding.person.name for place in group.off], [one.name for one in group.relief],
        )
        for group in roster_of(world.school_a, day)
    }  # fmt: skip


def test_it_names_who_may_who_may_not_and_who_could_stand_in(world: World, people: dict[str, Person]) -> None:
    assert told(world, TODAY) == {
        "driver": (["钱司机"], ["赵司机"], ["周老师"]), "dorm-manager": ([], ["孙宿管"], []),
    }  # fmt: skip
    assert told(world, TODAY + timedelta(days=4))["driver"] == ([], ["赵司机", "钱司机"], ["周老师"])
    assert told(world, TODAY - timedelta(days=1))["driver"] == (["赵司机", "钱司机"], [], [])


def test_the_page_says_it_for_its_own_school_only(world: World, people: dict[str, Person]) -> None:
    client = Client()
    client.force_login(world.gao)
    shown = client.get(PAGE).content.decode()
    assert {name for name in people if name in shown} == {"赵司机", "钱司机", "孙宿管", "周老师"}
    assert "李厨师" not in shown
    assert client.get(PAGE, {"day": "no day"}).status_code == client.get(PAGE, {"day": "9999-12-31"}).status_code == 200
    client.force_login(world.hu)
    assert "赵司机" not in client.get(PAGE).content.decode()
    client.force_login(world.du)
    assert client.get(PAGE).status_code == 403


def test_many_holders_cost_as_many_queries_as_few(world: World, people: dict[str, Person]) -> None:
    with CaptureQueriesContext(connection) as few:
        roster_of(world.school_a, TODAY)
    lines = [RosterLine(f"司机{number}", "校车司机") for number in range(30)]
    record_roster(world.school_a, by=world.system, lines=lines, from_on=date(2023, 9, 1))
    with CaptureQueriesContext(connection) as many:
        found = roster_of(world.school_a, TODAY)
        assert sum(len(group.places) for group in found) == 33
    assert len(many) == len(few)
