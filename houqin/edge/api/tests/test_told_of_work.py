"""Of a finding that is opened and a delivery that is accepted other systems are told: after it is done, within their role, by id only."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.grants.models import Grant
from houqin.core.scope.refusals import Refused
from houqin.edge.api.actions.webhooks import set_up_webhook
from houqin.edge.api.models import Delivery as Message
from houqin.edge.api.tests.caller import caller
from houqin.edge.api.tests.receiver import Receiver
from houqin.flows.rectify.actions.opening import Found, Source, open_finding, report_finding
from houqin.flows.rectify.models import CauseKind, Finding
from houqin.modules.canteen.models import Delivery
from houqin.modules.canteen.tests.door import Door, make_door
from tests.jobs import run_jobs
from tests.world import NOON, World

OPENED, ACCEPTED = "rectify.opened", "canteen.accepted"
FOUND = Found("杜小明的饭菜没热透", detail="杜小明（三年级一班）说饭菜是凉的")


@pytest.fixture
def told(world: World, receiver: Receiver) -> Receiver:
    """School A's head and school B's have their systems told, and so has the office above both."""
    for name in ("gao", "hu", "bo"):
        grant = Grant.objects.select_related("org", "account").get(account=getattr(world, name))
        set_up_webhook(grant, by=world.viewer(name), label=name, url=receiver.url, events=(OPENED, ACCEPTED))
    return receiver


@pytest.fixture
def door(world: World) -> Door:
    return make_door(world)


def bodies(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(body) for _headers, body in receiver.got]


def heard() -> set[str]:
    return set(Message.objects.values_list("webhook__label", flat=True))


def test_a_finding_is_told_by_its_id_alone_to_whom_the_school_belongs(world: World, told: Receiver) -> None:
    row = report_finding(world.school_a, by=world.viewer("an"), found=FOUND)
    assert told.got == [], "only what is committed is told"
    run_jobs()
    unit = str(world.school_a.public_id)
    assert (
        bodies(told)
        == [
            {"type": OPENED, "timestamp": "2024-03-04T04:00:00+00:00", "data": {"unit": unit, "id": str(row.public_id)}}
        ]
        * 2
    )
    assert heard() == {"gao", "bo"}, "another school's system hears nothing"
    assert all("杜小明" not in row.body for row in Message.objects.all())
    assert caller(world.gao).get(f"findings/{bodies(told)[0]['data']['id']}").status_code == 200
    assert caller(world.hu).get(f"findings/{bodies(told)[0]['data']['id']}").status_code == 404


def test_what_is_seen_again_is_not_told_anew(world: World, told: Receiver) -> None:
    found = Found("冰箱太热", topic="cold-storage.temperature")
    for key in ("reading:1", "reading:1", "reading:2"):
        source = Source(CauseKind.ALARM, key, NOON)
        open_finding(world.school_a, by=world.system, found=found, source=source, place="一号冰箱", ordered=True)
    assert (Finding.objects.count(), Message.objects.count()) == (1, 2)


def test_a_delivery_is_told_when_goods_were_taken_in(world: World, told: Receiver, door: Door) -> None:
    row = door.accept(door.line("白菜", 12_500))
    run_jobs()
    assert [one["data"]["id"] for one in bodies(told)] == [str(row.public_id)] * 2
    assert {one["type"] for one in bodies(told)} == {ACCEPTED}
    assert heard() == {"gao", "bo"}
    assert caller(world.gao).get(f"deliveries/{row.public_id}").status_code == 200


def test_what_was_refused_is_not_told(world: World, told: Receiver, door: Door) -> None:
    with pytest.raises(Refused):
        door.accept()
    with pytest.raises(PermissionDenied):
        door.accept(door.line("白菜", 12_500), by=world.viewer("lin"))
    with pytest.raises(PermissionDenied):
        report_finding(world.school_a, by=world.viewer("eve"), found=FOUND)
    run_jobs()
    assert (told.got, Message.objects.count(), Delivery.objects.count()) == ([], 0, 0)
