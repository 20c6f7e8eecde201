"""Local rules on their page: what holds, who set it, and changing it."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from houqin.core.audit.models import AuditEntry
from houqin.core.policies.actions import set_policy
from houqin.core.policies.models import PolicySetting
from houqin.core.policies.registry import value_of
from houqin.core.tables.veils import veil
from tests.world import World

ACK, DUE, TEMPERATURE, SIGN = (
    "canteen.recall_acknowledge",
    "canteen.heads_due",
    "canteen.core_temperature",
    "canteen.signature_first",
)
CHANGE, BACK = "/console/policies/change/", "/console/policies/take-back/"


def as_(world: World, name: str) -> Client:
    client = Client()
    client.force_login(getattr(world, name))
    return client


def read(answer: object) -> str:
    return "".join(answer.content.decode().split())


def at(world: World, code: str, unit: str = "school_a") -> dict[str, str]:
    return {"unit": str(getattr(world, unit).public_id), "code": code}


def send(client: Client, world: World, code: str, value: str, **more: str):
    data = {"value": value, "reason": "校务会决定", "_key": str(uuid4()), **more}
    query = at(world, code)
    return client.post(f"{CHANGE}?unit={query['unit']}&code={code}", data)


def test_every_rule_says_what_holds_and_where_it_comes_from(world: World) -> None:
    set_policy(world.town, by=world.viewer("bo"), code=ACK, value=20, reason="镇会议纪要")
    page = read(as_(world, "gao").get("/console/policies/"))
    for words in (
        "20分钟",
        "柳河镇",
        "薄主任",
        "镇会议纪要",
        "125克",
        "70°C",
        "08:00",
        "GB31654-2021",
        "下级只能设得更早",
    ):
        assert words in page, words


def test_the_page_is_for_the_unit_looked_at(world: World) -> None:
    set_policy(world.school_a, by=world.viewer("gao"), code=ACK, value=11, reason="校务会")
    bo = as_(world, "bo")
    assert "11分钟" not in read(bo.get("/console/policies/", {"under": world.town.path}))
    assert "11分钟" in read(bo.get("/console/policies/", {"under": world.school_a.path}))


@pytest.mark.parametrize(
    ("code", "typed", "value"),
    [
        (ACK, "１０", 10),
        (DUE, "07:30", "07:30"),
        (TEMPERATURE, "72.5", 725),
        (SIGN, "on", True),
        ("canteen.return_countersign", "20.5", 20_500),
    ],
)
def test_a_rule_is_set_in_its_own_units(world: World, code: str, typed: str, value: object) -> None:
    assert send(as_(world, "gao"), world, code, typed).status_code == 302
    assert value_of(code, world.school_a) == value
    assert PolicySetting.objects.get().reason == "校务会决定"


@pytest.mark.parametrize(
    ("code", "typed"), [(ACK, "0"), (ACK, "abc"), (DUE, "25:00"), (DUE, "09:00x"), (SIGN, "maybe")]
)
def test_a_value_that_makes_no_sense_is_asked_for_again(world: World, code: str, typed: str) -> None:
    answer = send(as_(world, "gao"), world, code, typed)
    assert answer.status_code == 422
    assert "校务会决定" in answer.content.decode()
    assert PolicySetting.objects.count() == 0


def test_a_loosening_is_refused_beside_the_value_with_who_set_what(world: World) -> None:
    set_policy(world.town, by=world.viewer("bo"), code=ACK, value=20, reason="镇会议纪要")
    answer = send(as_(world, "gao"), world, ACK, "25")
    assert answer.status_code == 422
    assert "柳河镇于2024-03-04设定" in read(answer)
    assert "下级只能从严" in read(answer)
    assert value_of(ACK, world.school_a) == 20


def test_the_same_form_sent_twice_sets_once(world: World) -> None:
    client, key = as_(world, "gao"), str(uuid4())
    for _time in range(2):
        assert send(client, world, ACK, "10", _key=key).status_code == 302
    assert PolicySetting.objects.count() == 1


def test_taken_back_with_a_reason(world: World) -> None:
    set_policy(world.school_a, by=world.viewer("gao"), code=ACK, value=10, reason="校务会")
    client = as_(world, "gao")
    address = f"{BACK}?unit={world.school_a.public_id}&code={ACK}"
    assert address.replace("&", "&amp;") in client.get("/console/policies/").content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "恢复"}).status_code == 302
    assert value_of(ACK, world.school_a) == 30
    assert client.post(address, {"reason": "再来"}).status_code == 422
    changes = read(client.get("/console/policy-settings/"))
    assert "已撤回" in changes
    assert "10分钟" in changes


def test_the_trail_tells_it_in_words(world: World) -> None:
    set_policy(world.town, by=world.viewer("bo"), code=ACK, value=25, reason="镇会议纪要")
    set_policy(world.town, by=world.viewer("bo"), code=ACK, value=20, reason="镇会议纪要")
    entry = AuditEntry.objects.filter(event="policies.set").first()
    page = read(as_(world, "bo").get(f"/console/trail/{veil(AuditEntry, entry.pk)}/"))
    for words in ("设定本地规则", "学校确认停用封存通知的时限", "25分钟", "20分钟", "镇会议纪要"):
        assert words in page, words


@pytest.mark.parametrize("address", [CHANGE, BACK])
def test_doors(world: World, address: str) -> None:
    asked = at(world, ACK)
    answers = {name: as_(world, name).get(address, asked).status_code for name in world.cast}
    assert answers == {
        "an": 403, "gao": 200, "hu": 404, "bo": 200, "bai": 403, "chen": 404, "du": 403, "eve": 403, "op": 200, "shi": 403,
        "lin": 403, "wu": 403,
    }  # fmt: skip
    for wrong in ({"unit": asked["unit"], "code": "canteen.nothing"}, {"code": ACK}, {"unit": "x", "code": ACK}):
        assert as_(world, "gao").get(address, wrong).status_code == 404
    assert as_(world, "hu").post(f"{address}?unit={asked['unit']}&code={ACK}", {"value": "5"}).status_code == 404
    assert PolicySetting.objects.count() == 0


def test_the_rules_cost_the_same_however_many_were_set(world: World) -> None:
    client = as_(world, "gao")
    client.get("/console/policies/")
    spent = []
    for value in (25, 20, 15):
        with CaptureQueriesContext(connection) as queries:
            client.get("/console/policies/")
        spent.append(len(queries))
        set_policy(world.town, by=world.viewer("bo"), code=ACK, value=value, reason="镇会议纪要")
    assert len(set(spent)) == 1
    assert spent[0] <= 25
