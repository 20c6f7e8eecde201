"""A simulated scale, probe and terminal against a running server."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from pytest_django.live_server_helper import LiveServer

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.people.actions.staff import RosterLine, record_roster
from houqin.core.places.actions import record_place
from houqin.edge.api.models import Reading
from houqin.edge.api.tests.caller import caller, device
from houqin.edge.api.tests.devices import Device, Probe, Scale, Terminal
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.rectify.models import Cause, Finding
from houqin.modules.canteen.tests.door import make_door
from tests.world import NOON, TODAY, World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
FIVE = timedelta(minutes=5)


@pytest.fixture
def kitchen(transactional_db: None) -> World:
    world = make_world()
    load_catalogues(by=world.system)
    return world


def connected(kind: type[Device], world: World, server: LiveServer, name: str, use: str = "refrigerator") -> Any:
    place = record_place(world.school_a, by=world.system, kind="refrigerator", use=use, name=name)
    code = {Scale: "scale", Probe: "probe", Terminal: "terminal"}[kind]
    return kind(server.url, device(world.gao, code, place).secret)


def test_a_refrigerator_that_warms_up_opens_one_finding(kitchen: World, live_server: LiveServer) -> None:
    probe = connected(Probe, kitchen, live_server, "一号冰箱")
    for number, tenths in enumerate((45, 62, 84, 95, 91)):
        probe.measure(NOON - FIVE * (5 - number), tenths=tenths)
    taken = probe.send()
    assert [one["is_out"] for one in taken] == [False, False, True, True, True]
    finding = Finding.objects.get()
    assert (finding.title, finding.place, finding.state) == ("温度 8.4 °C", "一号冰箱", "ordered")
    assert [cause.kind for cause in Cause.objects.all()] == ["alarm"]
    assert finding.org == kitchen.school_a


def test_a_freezer_is_judged_by_its_own_limit(kitchen: World, live_server: LiveServer) -> None:
    probe = connected(Probe, kitchen, live_server, "冰柜", "freezer")
    probe.measure(NOON, tenths=-180)
    assert not probe.send()[0]["is_out"]
    probe.measure(NOON - FIVE, tenths=45)
    assert probe.send()[0]["is_out"]


def test_after_an_outage_everything_comes_once_with_its_time(kitchen: World, live_server: LiveServer) -> None:
    probe = connected(Probe, kitchen, live_server, "一号冰箱")
    right, probe.server = probe.server, "http://127.0.0.1:9"
    for number in range(30):
        probe.measure(NOON - timedelta(hours=30 - number), tenths=40 + number % 3)
    assert not probe.try_to_send()
    probe.server, again = right, list(probe.kept)
    assert all(one["is_new"] for one in probe.send())
    probe.kept = again  # it never learnt that they had arrived
    assert not any(one["is_new"] for one in probe.send())
    rows = Reading.objects.order_by("at")
    assert rows.count() == 30
    assert (rows[0].at, rows[0].day) == (NOON - timedelta(hours=30), TODAY - timedelta(days=1))
    assert not Finding.objects.exists()


@pytest.mark.parametrize("off", [timedelta(minutes=6), -timedelta(days=15)])
def test_a_time_that_cannot_be_is_refused_whole(kitchen: World, live_server: LiveServer, off: timedelta) -> None:
    probe = connected(Probe, kitchen, live_server, "一号冰箱")
    probe.measure(NOON - FIVE, tenths=40)
    probe.measure(NOON + off, tenths=40)
    assert not probe.try_to_send()
    assert len(probe.kept) == 2
    assert not Reading.objects.exists()


def test_what_the_scale_weighed_becomes_the_line_of_a_delivery(kitchen: World, live_server: LiveServer) -> None:
    scale, door = connected(Scale, kitchen, live_server, "台秤"), make_door(kitchen)
    scale.measure(NOON, grams=12_480)
    reading = scale.send()[0]["id"]
    line = {"product": str(door.goods["白菜"].public_id), "reading": reading}
    body = {"unit": str(kitchen.school_a.public_id), "supplier": str(door.supplier.public_id), "lines": [line]}
    answer = caller(kitchen.an).post("deliveries", body)
    assert (answer.status_code, answer.json()["lines"][0]["grams"]) == (201, 12_480)
    twice = caller(kitchen.an).post("deliveries", body | {"lines": [line, line]})
    assert (twice.status_code, twice.json()["field"]) == (422, "reading")


def test_a_terminal_writes_the_morning_check_and_who_is_ill_is_off_the_post(
    kitchen: World, live_server: LiveServer
) -> None:
    people = record_roster(
        kitchen.school_a, by=kitchen.viewer("gao"), from_on=TODAY,
        lines=[RosterLine("王桂英", post="厨师"), RosterLine("李红", post="厨师")],
    )  # fmt: skip
    terminal = connected(Terminal, kitchen, live_server, "晨检仪")
    terminal.measure(NOON, person=str(people[0].public_id), temperature_tenths=365)
    terminal.measure(NOON, person=str(people[1].public_id), temperature_tenths=381, symptoms=["fever"], remark="回家")
    again = list(terminal.kept)
    first = terminal.send()[0]
    terminal.kept = again
    assert terminal.send()[0]["id"] == first["id"]
    entry = LedgerEntry.objects.get()
    assert (entry.ledger, entry.breaches, entry.account) == ("staff-morning-check", 1, kitchen.gao)
    shown = caller(kitchen.bo).items("ledger-entries")[0]
    assert "李红" not in str(shown)
    assert "381" not in str(shown)


def test_a_device_can_do_nothing_but_send(kitchen: World, live_server: LiveServer) -> None:
    fridge = record_place(kitchen.school_a, by=kitchen.system, kind="refrigerator", name="一号冰箱")
    probe = device(kitchen.gao, "probe", fridge)
    assert probe.get("lots").status_code == 403
    assert probe.get("people").status_code == 403
    reading = {"readings": [{"at": NOON.isoformat(), "grams": 5}]}
    scale = device(kitchen.gao, "scale", fridge)
    assert scale.post("devices/weights", reading).status_code == 201
    assert caller(kitchen.gao).post("devices/weights", reading).status_code == 409
    terminal = device(kitchen.gao, "terminal", fridge)
    assert terminal.post("devices/weights", reading).status_code == 403
    assert Reading.objects.count() == 1


def test_once_it_was_cold_again_the_next_warming_is_told_again(kitchen: World, live_server: LiveServer) -> None:
    probe = connected(Probe, kitchen, live_server, "一号冰箱")
    for minutes, tenths in ((0, 95), (5, 40), (10, 96)):
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            probe.measure(NOON + timedelta(minutes=minutes), tenths=tenths)
            probe.send()
    assert Finding.objects.count() == 1
    assert Cause.objects.count() == 2
