"""Drinking water: what was not disinfected in time or whose test failed carries a stop-use alert wherever it shows."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.places.actions import stop_use
from houqin.core.places.marks import marked, marks_at, marks_of
from houqin.core.places.models import Place
from houqin.core.policies.actions import set_policy
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.ledgers.actions.entering import amend_entry, record_entry
from houqin.flows.ledgers.models import Breach, LedgerEntry
from houqin.flows.ledgers.out.months import Month, month_sheet
from houqin.flows.ledgers.policies import STOP_AFTER_DAYS
from houqin.flows.ledgers.tests.kept import ROOMS, declare, make_place
from houqin.flows.ledgers.tests.writer import FRIDGES, Writer, due, told
from tests.world import NOON, TODAY, World

pytestmark = pytest.mark.django_db
PASSED: dict[str, Any] = {
    "supplier": "清泉", "number": "JC1", "laboratory": "县疾控", "cma": True, "sampled_on": "2024-03-01", "result": "passed",
    "remark": "报告原件在办公室",
}  # fmt: skip
FAILED = PASSED | {"result": "failed", "remark": "已停用，改供开水"}


@pytest.fixture
def dispensers(world: World) -> list[Place]:
    load_catalogues(by=world.system)
    return [make_place(world.school_a, name, "dispenser") for name in ("一楼", "二楼")]


def codes(day: date = TODAY) -> dict[str, set[str]]:
    found = {row.name: {mark.code for mark in marks_of(row)} - {"paper"} for row in marked(Place.objects.all(), day)}
    return {name: marks for name, marks in found.items() if marks}


def missed(world: World, place: Place, day: date, state: str = DutyState.OPEN, slot: str = "") -> Duty:
    at = timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 7))
    return Duty.objects.create(
        day=day, org=place.org, rule="ledger:dispenser-disinfection", slot=slot, post="water-carrier", about=place.subject,
        about_key=place.subject_id, opens_at=at, due_at=at + timedelta(hours=11), state=state,
    )  # fmt: skip


def test_an_overdue_disinfection_is_an_alert_until_it_is_done(world: World, dispensers: list[Place]) -> None:
    first, second = dispensers
    missed(world, first, date(2024, 2, 29))
    missed(world, second, TODAY)
    missed(world, make_place(world.school_b, "他校", "dispenser"), date(2024, 2, 29), DutyState.EXCUSED)
    assert codes() == {"一楼": {"overdue"}}
    assert codes(date(2024, 2, 29)) == {}
    assert codes(TODAY + timedelta(days=1)) == {"一楼": {"overdue"}, "二楼": {"overdue"}}
    missed(world, first, date(2024, 3, 31), DutyState.DONE)
    assert codes() == {}


def test_a_unit_may_set_after_how_many_days_and_those_below_only_fewer(world: World, dispensers: list[Place]) -> None:
    missed(world, dispensers[0], date(2024, 2, 29))
    missed(world, make_place(world.school_b, "他校", "dispenser"), date(2024, 2, 29))
    set_policy(world.town, by=world.viewer("bo"), code=STOP_AFTER_DAYS, value=7, reason="送水周期")
    assert codes() == {}
    set_policy(world.school_b, by=world.viewer("hu"), code=STOP_AFTER_DAYS, value=3, reason="从严")
    assert codes() == {"他校": {"overdue"}}
    assert codes(date(2024, 3, 8)) == {"一楼": {"overdue"}, "他校": {"overdue"}}


def test_a_failed_test_marks_the_schools_dispensers_until_a_later_one_passes(
    world: World, dispensers: list[Place]
) -> None:
    make_place(world.school_b, "他校", "dispenser")
    entry = record_entry(world.school_a, by=world.viewer("gao"), ledger="water-test", values=FAILED)
    assert codes() == {"一楼": {"reading"}, "二楼": {"reading"}}
    later = world.viewer("gao", now=NOON + timedelta(minutes=5))
    amend_entry(entry, by=later, why="补备注", values=FAILED | {"remark": "已停用，改供桶装水"})
    assert codes() == {"一楼": {"reading"}, "二楼": {"reading"}}
    record_entry(
        world.school_a, by=world.viewer("gao", now=NOON + timedelta(hours=2)), ledger="water-test",
        values=PASSED | {"number": "JC2"},
    )  # fmt: skip
    assert codes() == {}


def test_an_answer_that_was_a_slip_marks_nothing_once_it_is_corrected(world: World, dispensers: list[Place]) -> None:
    entry = record_entry(world.school_a, by=world.viewer("gao"), ledger="water-test", values=FAILED)
    later = world.viewer("gao", now=NOON + timedelta(minutes=5))
    amend_entry(entry, by=later, why="点错了", values=PASSED)
    assert Breach.objects.get().state == Breach.State.CORRECTED
    assert codes() == {}


def test_a_well_with_germs_is_marked_alone_and_a_figure_of_less_than_law_marks_nothing(world: World) -> None:
    load_catalogues(by=world.system)
    well, tank = make_place(world.school_a, "水井", "well"), make_place(world.school_a, "水箱", "water-tank")
    fine = {
        "number": "1", "laboratory": "县疾控", "sampled_on": "2024-03-01", "coliforms": "none", "escherichia": "none",
        "colonies": 10, "turbidity": 50, "ph": 70, "result": "passed", "remark": "复检",
    }  # fmt: skip
    gao = world.viewer("gao")
    record_entry(world.school_a, by=gao, ledger="well-test", about=tank.subject, values=fine | {"ph": 90})
    assert codes() == {}
    record_entry(world.school_a, by=gao, ledger="well-test", about=well.subject, values=fine | {"coliforms": "found"})
    assert codes() == {"水井": {"reading"}}


# Shown ---------------------------------------------------------------------------------------------------------------------


def test_the_list_of_many_shows_the_mark_at_its_row_and_the_entry_stands(world: World) -> None:
    declare(ROOMS)
    rooms = [make_place(world.school_a, f"{number} 室", "dormitory-room") for number in range(24)]
    stop_use(rooms[3], by=world.viewer("wu", now=timezone.now()), reason="天花板掉灰")
    an = Writer(world)
    form = an.opens("rooms").context["form"]
    assert [row.line.name for row in form.rows if row.line.marks] == ["3 室"]
    page = an.opens("rooms").content.decode()
    assert page.count("天花板掉灰") == 1
    keys = {f"l-{row.line.key}": row.line.sent for row in form.rows}
    answer = an.sends("rooms", keys)
    assert answer.status_code == 302
    assert "3 室" in told(answer)
    assert LedgerEntry.objects.count() == 1
    sheet = month_sheet(world.school_a, "rooms", Month.read("", timezone.localdate()), an_viewer(world))
    assert any("3 室" in one and "天花板掉灰" in one for one in sheet.marks)


def an_viewer(world: World) -> Any:
    return world.viewer("an", now=timezone.now())


def test_the_label_of_a_stopped_place_opens_pages_that_say_so(world: World) -> None:
    declare(FRIDGES)
    declare(FRIDGES, code="fridge-wash")
    place = make_place(world.school_a, "一号柜")
    stop_use(place, by=an_viewer(world), reason="压缩机坏")
    an = Writer(world)
    assert "压缩机坏" in an.client.get(f"/q/{place.label_code}/", follow=True).content.decode()
    due(world, "fridges", place)
    page = an.client.get(f"/q/{place.label_code}/", follow=True)
    assert page.context["sheet"].place == place
    assert "压缩机坏" in page.content.decode()
    due(world, "fridge-wash", place)
    page = an.client.get(f"/q/{place.label_code}/", follow=True)
    assert page.redirect_chain[-1][0] == f"/ledgers/at/{place.label_code}/"
    assert "压缩机坏" in page.content.decode()


def test_another_schools_places_and_marks_are_not_read(world: World, dispensers: list[Place]) -> None:
    client = Client()
    client.force_login(world.hu)
    assert marks_at([dispensers[0].public_id], TODAY)
    assert client.get(f"/q/{dispensers[0].label_code}/").status_code == 404
    assert "一楼" not in client.get("/console/places/?view=unfit").content.decode()
