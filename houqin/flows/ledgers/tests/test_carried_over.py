"""Who amends an entry about others, and may not see whom, carries them over unseen: nothing is shown, nothing is lost."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from houqin.core.people.models import Person
from houqin.flows.ledgers.actions import record_entry
from houqin.flows.ledgers.bodies import stored
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.tests.kept import MORNING, VISITORS, declare
from tests.world import World

pytestmark = pytest.mark.django_db
MEAL: dict[str, Any] = {
    "code": "meal", "title_zh": "陪餐", "title_en": "Meals with pupils", "family": "canteen", "demand": "law",
    "columns": [
        {"code": "leader", "zh": "陪餐人", "en": "Leader", "kind": "person", "personal": True},
        {"code": "ill", "zh": "健康", "en": "Health", "kind": "text", "personal": True, "required": False},
        {"code": "portion", "zh": "份量", "en": "Grams", "kind": "count", "unit": "g", "plausible": [50, 900]},
    ],
}  # fmt: skip
FEVER: dict[str, Any] = {"body": 391, "fit": False, "remark": "回家休息"}


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


def named(world: World, name: str, **more: Any) -> dict[str, str]:
    person = Person.objects.create(org=world.school_a, name=name, **more)
    return {"id": str(person.public_id), "name": name}


def meal(world: World, **values: Any) -> LedgerEntry:
    by = world.viewer("gao", timezone.now())
    return record_entry(world.school_a, by=by, ledger="meal", values={"portion": 300} | values)


def page_of(entry: LedgerEntry, account: Any) -> tuple[Client, str]:
    client = Client()
    client.force_login(account)
    return client, f"/ledgers/entries/{entry.public_id}/correct/"


def amended(entry: LedgerEntry) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    return stored(LedgerEntry.objects.get(amends=entry.public_id))


def test_the_cook_amends_a_meal_and_the_leader_stays(world: World) -> None:
    declare(MEAL)
    leader = named(world, "高远山")
    entry = meal(world, leader=leader, ill="感冒")
    client, address = page_of(entry, world.shi)
    page = client.get(address)
    told = page.content.decode()
    assert "v-leader" not in page.context["form"].fields
    assert "高**" in told
    assert "感冒" not in told
    assert leader["id"] not in told
    forged = {"v-leader": str(Person.objects.create(org=world.school_a, name="别人").public_id), "v-ill": "健康"}
    assert client.post(address, {"v-portion": "350", "why": "称错了"} | forged).status_code == 302
    assert amended(entry)[0] == {"leader": leader, "ill": "感冒", "portion": 350}


def test_somebody_who_has_left_stays_too(world: World) -> None:
    declare(MEAL)
    leader = named(world, "高远山", left_on=date(2024, 1, 1))
    entry = meal(world, leader=leader)
    client, address = page_of(entry, world.shi)
    assert client.post(address, {"v-portion": "350", "why": "称错了"}).status_code == 302
    assert amended(entry)[0]["leader"] == leader


def test_who_wrote_it_and_who_may_see_names_amend_them(world: World) -> None:
    declare(MEAL)
    first, second = named(world, "高远山"), named(world, "钱一川")
    entry = record_entry(
        world.school_a, by=world.viewer("shi", timezone.now()), ledger="meal", values={"portion": 300, "leader": first}
    )  # fmt: skip
    for account in (world.shi, world.gao):
        client, address = page_of(entry, account)
        assert client.get(address).context["form"]["v-leader"].value() == first["id"]
    sent = {"v-portion": "300", "v-leader": second["id"], "why": "选错了人"}
    assert client.post(address, sent).status_code == 302
    assert amended(entry)[0]["leader"] == second


def test_a_list_of_staff_keeps_whom_each_line_is_about_and_what_it_says_of_them(world: World) -> None:
    declare(MORNING)
    cook = named(world, "王小兰")
    gao = world.viewer("gao", timezone.now())
    lines = [{"line": cook} | FEVER, {"line": {"id": "", "name": "临时工赵四"}, "body": 365, "fit": True}]
    entry = record_entry(world.school_a, by=gao, ledger="morning-check", values={}, lines=lines)
    client, address = page_of(entry, world.shi)
    page = client.get(address)
    told, rows = page.content.decode(), page.context["form"].rows
    assert "王**" in told
    for secret in ("王小兰", "临时工赵四", "39.1", "回家休息", cook["id"]):
        assert secret not in told
    sent = {f"l-{row.line.key}": row.line.sent for row in rows} | {f"l-{rows[0].line.key}-remark": "送医"}
    assert client.post(address, sent | {"why": "补充去向"}).status_code == 302
    assert amended(entry)[1] == [lines[0] | {"remark": "送医"}, lines[1]]


def test_a_remark_about_somebody_stays_unless_another_takes_its_place(world: World) -> None:
    declare(MORNING | {"columns": [{"code": "room", "zh": "更衣室", "en": "Room", "kind": "yes_no"}]})
    gao = world.viewer("gao", timezone.now())
    lines = [{"line": named(world, "王小兰")} | FEVER]
    entry = record_entry(world.school_a, by=gao, ledger="morning-check", values={"room": True}, lines=lines)
    client, address = page_of(entry, world.shi)
    rows = client.get(address).context["form"].rows
    sent = {f"l-{row.line.key}": row.line.sent for row in rows} | {"v-room": "no", "v-remark": "停水", "why": "看错"}
    assert client.post(address, sent).status_code == 302
    assert amended(entry) == ({"room": False, "remark": "停水"}, lines)


def test_visitors_keep_their_names(world: World) -> None:
    declare(VISITORS)
    lines = [{"name": "赵六"}, {"name": "钱七"}]
    gao = world.viewer("gao", timezone.now())
    entry = record_entry(world.school_a, by=gao, ledger="visitors", values={}, lines=lines)
    client, address = page_of(entry, world.wu)
    assert "赵六" not in client.get(address).content.decode()
    sent = {"l-TOTAL_FORMS": "2", "l-1-remark": "送货", "why": "补充"}
    assert client.post(address, sent).status_code == 302
    assert amended(entry)[1] == [lines[0], lines[1] | {"remark": "送货"}]
