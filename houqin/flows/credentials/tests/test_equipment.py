"""Equipment that may not be used says so wherever it shows; what is due stands on one list."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db.models import Q
from django.test import Client

from houqin.core.places.actions import record_place
from houqin.core.places.marks import marked, marks_of
from houqin.core.places.models import Place
from houqin.core.places.rules import Need
from houqin.flows.credentials.actions.recording import record_credential, renew_credential
from houqin.flows.credentials.fitness import due_equipment
from tests.world import NOON, TODAY, World


def put(world: World, name: str, use: str, made: date | None = None) -> Place:
    return record_place(world.school_a, by=world.viewer("gao"), kind="equipment", name=name, use=use, made_on=made)


def inspected(world: World, place: Place, until: date, **more: Any) -> Any:
    return record_credential(
        place.subject, by=world.viewer("an"), kind="equipment-inspection", number="TJ1", issued_on=date(2022, 3, 1),
        expires_on=until, from_paper=True, **more,
    )  # fmt: skip


def unfit(day: date = TODAY) -> set[str]:
    found = {row.name: marks_of(row) for row in marked(Place.objects.all(), day)}
    assert all(mark.code in ("inspection", "scrap") for marks in found.values() for mark in marks)
    return set(found)


def test_an_ended_inspection_or_a_past_life_takes_it_out_of_use_until_the_new_one(world: World) -> None:
    lift, boiler = put(world, "电梯", "elevator"), put(world, "锅炉", "boiler")
    put(world, "老灭火器", "extinguisher-powder", date(2014, 3, 4))
    put(world, "灭火器", "extinguisher-powder", date(2014, 3, 5))
    old = inspected(world, lift, date(2024, 3, 3))
    inspected(world, boiler, date(2024, 3, 4))
    assert unfit() == {"电梯", "老灭火器"}
    renew_credential(old, by=world.viewer("an"), issued_on=TODAY, expires_on=date(2026, 3, 1))
    assert unfit() == {"老灭火器"}
    assert unfit(date(2024, 3, 5)) == {"锅炉", "老灭火器", "灭火器"}


def test_the_list_of_what_is_due_names_the_most_urgent_first(world: World) -> None:
    put(world, "老灭火器", "extinguisher-powder", date(2014, 3, 4))
    put(world, "欠检灭火器", "extinguisher-powder", date(2018, 5, 1))
    fresh = put(world, "已维修灭火器", "extinguisher-powder", date(2019, 3, 1))
    record_credential(
        fresh.subject,
        by=world.viewer("an"),
        kind="equipment-service",
        number="W1",
        issued_on=date(2024, 2, 1),
        from_paper=True,
    )
    inspected(world, put(world, "电梯", "elevator", date(2015, 6, 1)), date(2024, 4, 10))
    put(world, "新灭火器", "extinguisher-powder", date(2023, 1, 1))
    found = due_equipment(world.viewer("gao"), Q())
    assert [(due.place.name, due.need) for due in found] == [
        ("老灭火器", Need.SCRAP), ("欠检灭火器", Need.OVERDUE), ("电梯", Need.SOON),
    ]  # fmt: skip
    assert found[2].ask_by == date(2024, 3, 10)
    assert due_equipment(world.viewer("hu"), Q()) == []


@pytest.fixture
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def test_pages_show_it_and_many_are_recorded_from_one_list(world: World, noon: None) -> None:
    lift = put(world, "电梯", "elevator")
    inspected(world, lift, date(2024, 3, 3))
    client = Client()
    client.force_login(world.gao)
    assert "state-danger" in client.get("/console/places/").content.decode()
    assert "电梯" in client.get("/credentials/equipment/").content.decode()
    assert client.get("/credentials/equipment/?print=1").status_code == 200
    given = {
        "org": world.school_a.pk,
        "use": "extinguisher-powder",
        "several": "一楼 8\n二楼 8",
        "made_on": "2023-05-01",
    }
    assert client.post("/console/places/new/", given).status_code == 302
    assert Place.objects.filter(use="extinguisher-powder", made_on=date(2023, 5, 1)).count() == 16
    for wrong in (
        {"use": "", "several": "一楼 8"},
        {"several": "0 一楼"},
        {"several": "", "name": ""},
        {"use": "", "several": "", "name": "x"},
    ):
        assert client.post("/console/places/new/", given | wrong).status_code == 422
    assert Place.objects.count() == 17
