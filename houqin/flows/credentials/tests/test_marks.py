"""A dispenser without a test report in force carries a stop-use alert; the report of the school or its supplier lifts it."""

from datetime import date
from typing import Any

import pytest

from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.places.actions import record_place
from houqin.core.places.marks import instead_of, marked, marks_of
from houqin.core.places.models import Place
from houqin.core.subjects.finding import subject_of_unit
from houqin.core.subjects.models import Subject
from houqin.flows.credentials.actions.recording import record_credential
from tests.world import TODAY, World, make_unit

REPORT = "drinking-water-report"


@pytest.fixture
def dispenser(world: World) -> Place:
    return put(world, world.school_a, "一楼饮水机")


def put(world: World, org: OrgUnit, name: str) -> Place:
    return record_place(org, by=world.system, kind="equipment", name=name, use="dispenser")


def alerts(day: date = TODAY) -> dict[str, list[str]]:
    return {row.name: [mark.code for mark in marks_of(row) if mark.alert] for row in marked(Place.objects.all(), day)}


def reported(world: World, holder: Subject, org: OrgUnit, **more: Any) -> Any:
    given = {"number": "JC-2024-1", "issued_on": date(2024, 1, 10), "from_paper": True} | more
    return record_credential(holder, by=world.system, org=org, kind=REPORT, **given)


def test_without_a_report_it_is_an_alert_that_names_what_is_offered_instead(world: World, dispenser: Place) -> None:
    put(world, world.school_b, "他校饮水机")
    assert alerts() == {"一楼饮水机": ["paper"], "他校饮水机": ["paper"]}
    row = marked(Place.objects.filter(pk=dispenser.pk), TODAY).get()
    assert "饮用水检测报告" in str(marks_of(row)[0])
    assert instead_of(row, TODAY) == "停用期间另供开水，或经检测合格的桶装水、瓶装水"
    reported(world, subject_of_unit(world.school_a), world.school_a)
    assert alerts() == {"他校饮水机": ["paper"]}
    assert alerts(date(2024, 4, 9)) == {"他校饮水机": ["paper"]}
    assert set(alerts(date(2024, 4, 12))) == {"一楼饮水机", "他校饮水机"}


def test_the_report_of_the_thing_itself_or_of_a_supplier_will_do(world: World, dispenser: Place) -> None:
    put(world, world.school_a, "二楼饮水机")
    reported(world, dispenser.subject, world.school_a)
    assert set(alerts()) == {"二楼饮水机"}
    firm = Subject.objects.create(kind="party", org=world.town, label="清泉送水站")
    reported(world, firm, world.town)
    assert alerts() == {}


def test_a_campus_drinks_what_its_school_tested_and_not_what_the_town_drinks(world: World) -> None:
    campus = make_unit(world.school_a, Kind.CAMPUS, "北校区")
    put(world, campus, "北校区饮水机")
    reported(world, subject_of_unit(world.town), world.town)
    assert set(alerts()) == {"北校区饮水机"}
    reported(world, subject_of_unit(world.school_b), world.school_b)
    assert set(alerts()) == {"北校区饮水机"}
    reported(world, subject_of_unit(world.school_a), world.school_a)
    assert alerts() == {}
