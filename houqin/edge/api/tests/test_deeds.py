"""Deeds of programs: by the verbs of people, once under their key."""

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from houqin.core.audit.models import AuditEntry
from houqin.core.catalogues.loading import load_catalogues
from houqin.core.orgs.models import SchoolFacts
from houqin.core.people.actions.staff import RosterLine, record_roster
from houqin.edge.api.models import SentDeed
from houqin.edge.api.tests.caller import Caller, caller
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.rectify.actions.opening import Found, report_finding
from houqin.modules.canteen.models import Delivery, Lot
from houqin.modules.canteen.tests.door import make_door
from tests.world import TODAY, World, make_world

KEY = "order-2024-0001"


def delivery(world: World, **more: Any) -> dict[str, Any]:
    door = make_door(world)
    lines = [{"product": str(door.goods["白菜"].public_id), "grams": 12_500}]
    return {"unit": str(world.school_a.public_id), "supplier": str(door.supplier.public_id), "lines": lines} | more


def test_a_delivery_is_accepted_and_waits_for_a_second_person(world: World) -> None:
    program = caller(world.an)
    answer = program.post("deliveries", delivery(world))
    assert answer.status_code == 201, answer.content.decode()
    made = answer.json()
    assert made["number"] == "SH-20240304-0001"
    assert made["awaits_signature"] is True
    assert [(line["product"]["name"], line["grams"]) for line in made["lines"]] == [("白菜", 12_500)]
    assert program.get(f"deliveries/{made['id']}").json() == made
    assert Lot.objects.get().on_hand_grams == 12_500


def test_sent_again_it_is_answered_again_and_done_once(world: World) -> None:
    program, body = caller(world.an), delivery(world)
    first, second = (program.post("deliveries", body, key=KEY) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second["Idempotent-Replayed"] == "true"
    assert Delivery.objects.count() == 1
    assert Lot.objects.get().on_hand_grams == 12_500


def test_another_deed_under_the_same_key_is_refused(world: World) -> None:
    program, body = caller(world.an), delivery(world)
    program.post("deliveries", body, key=KEY)
    answer = program.post("deliveries", body | {"note": "另一批"}, key=KEY)
    assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")
    assert Delivery.objects.count() == 1


def test_keys_of_two_programs_are_two_keys(world: World) -> None:
    body = delivery(world)
    for _program in range(2):
        assert caller(world.an).post("deliveries", body, key=KEY).status_code == 201
    assert Delivery.objects.count() == 2


def test_what_was_refused_is_not_kept_and_may_be_sent_put_right(world: World) -> None:
    program = caller(world.an)
    body = delivery(world, lines=[])
    assert program.post("deliveries", body, key=KEY).status_code == 409
    assert not SentDeed.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("key", ["short", "x" * 201, "with space", "ключ-ключ", "a\x00bcdefgh"])
def test_a_key_that_is_none_is_refused(world: World, key: str) -> None:
    answer = caller(world.gao).post("school-facts", facts(world), key=key)
    assert answer.status_code == 400
    assert SchoolFacts.objects.filter(org=world.school_a).count() == 1


def facts(world: World) -> dict[str, Any]:
    return {"unit": str(world.school_a.public_id), "valid_from": "2024-03-01", "enrolment": 310}


def test_what_a_school_does_not_see_it_cannot_name(world: World) -> None:
    program, body = caller(world.an), delivery(world)
    for field, wrong in (("supplier", str(uuid4())), ("lines", [{"product": str(uuid4()), "grams": 1}])):
        answer = program.post("deliveries", body | {field: wrong})
        assert (answer.status_code, answer.json()["field"]) == (422, {"lines": "product"}.get(field, field))
    assert program.post("deliveries", body | {"unit": str(world.school_b.public_id)}).status_code == 404
    assert not Delivery.objects.exists()
    assert not AuditEntry.objects.filter(event="canteen.accepted").exists()


def test_a_ledger_is_written_sealed_and_read_with_names_covered(world: World) -> None:
    load_catalogues(by=world.system)
    body = {
        "unit": str(world.school_a.public_id), "ledger": "cold-storage", "values": {},
        "lines": [{"use": "refrigerator", "temperature": 95, "line": {"id": "", "name": "一号冰箱"}, "remark": "已移走"}],
    }  # fmt: skip
    answer = caller(world.an).post("ledger-entries", body)
    assert (answer.status_code, answer.json().get("breaches")) == (201, 1), answer.content.decode()
    entry = LedgerEntry.objects.get()
    assert str(entry.public_id) == answer.json()["id"]
    shown = caller(world.an).items("ledger-entries", ledger="cold-storage")[0]
    cell = next(one for one in shown["lines"][0]["cells"] if one["code"] == "temperature")
    assert (cell["value"], cell["out_of_limits"]) == (95, True)


@pytest.mark.parametrize(
    "values",
    [{"no_such": 1}, {"remark": 7}, {"remark": ["a"]}, {"remark": {"id": "x"}}],
)
def test_values_that_no_column_takes_are_refused(world: World, values: dict[str, Any]) -> None:
    load_catalogues(by=world.system)
    body = {"unit": str(world.school_a.public_id), "ledger": "cold-storage", "values": values, "lines": []}
    assert caller(world.an).post("ledger-entries", body).status_code in {409, 422}
    assert not LedgerEntry.objects.exists()


def test_a_finding_goes_its_way_by_two_programs(world: World) -> None:
    finding = report_finding(world.school_a, by=world.viewer("bo"), found=Found("地面有积水"))
    ref = finding.public_id
    fixed = caller(world.gao).post(f"findings/{ref}/fixed", {"remark": "已拖干"})
    assert (fixed.status_code, fixed.json()["state"]) == (201, "reported")
    assert caller(world.gao).post(f"findings/{ref}/passed", {"remark": "好"}).status_code in {403, 409}
    back = caller(world.bo).post(f"findings/{ref}/returned", {"remark": "仍湿"})
    assert back.json()["state"] == "ordered"
    assert caller(world.hu).post(f"findings/{ref}/fixed", {"remark": "x"}).status_code == 404


@pytest.mark.parametrize("holder", ["person", "supplier", "unit"])
def test_a_credential_is_recorded_for_whoever_holds_it(world: World, holder: str) -> None:
    load_catalogues(by=world.system)
    person = record_roster(
        world.school_a, by=world.viewer("gao"), lines=[RosterLine("王桂英", post="厨师")], from_on=TODAY
    )[0]
    holders = {"person": person, "supplier": make_door(world).supplier, "unit": world.school_a}
    kinds = {"person": "health-certificate", "supplier": "contract", "unit": "contract"}
    body = {
        "unit": str(world.school_a.public_id), "holder_kind": holder, "holder": str(holders[holder].public_id),
        "kind": kinds[holder], "number": "4206001234", "expires_on": "2025-03-01",
    }  # fmt: skip
    answer = caller(world.gao).post("credentials", body)
    assert answer.status_code == 201, answer.content.decode()
    shown = caller(world.gao).items("credentials")[0]["number"]
    assert shown == ("42******34" if holder == "person" else "4206001234")
    assert caller(world.hu).post("credentials", body).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_repeats_at_the_same_time_do_it_once() -> None:
    world = make_world()
    program, answers = caller(world.gao), []
    body = facts(world) | {"enrolment": 999}
    start = threading.Barrier(6)

    def send(program: Caller) -> None:
        start.wait()
        answers.append(program.post("school-facts", body, key=KEY))
        connection.close()

    threads = [threading.Thread(target=send, args=[program]) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.content for answer in answers}) == 1
    assert AuditEntry.objects.filter(event="orgs.facts_recorded").count() == 1
    assert SentDeed.objects.count() == 1
