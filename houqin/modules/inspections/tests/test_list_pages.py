"""Pages of checklists and frameworks: found, read, taken along on paper; evidence of a school with its day; members named by a unit."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.catalogues.models import CatalogueItem
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.ledgers.models import LedgerEntry
from houqin.modules.inspections.actions.answering import Given, answer_items
from houqin.modules.inspections.actions.frameworks import name_members
from houqin.modules.inspections.actions.signing import sign_visit
from houqin.modules.inspections.evidence import Shows, own_names, shown_at
from houqin.modules.inspections.lists import frameworks_on, list_as, list_on, lists_on
from houqin.modules.inspections.models import OwnFramework
from houqin.modules.inspections.tests.kept import begun, make_checklist, signs
from tests.world import NOON, TODAY, World


@pytest.fixture(autouse=True)
def _catalogues(world: World) -> None:
    load_catalogues(by=world.system)


def text_of(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(f"inspections:{name}", args=args), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_every_list_stands_on_the_page_and_is_found_by_a_word_of_its_items(world: World, client: Client) -> None:
    client.force_login(world.gao)
    page = text_of(client, "checklists")
    assert all(held.checklist.title_zh in page for held in lists_on(TODAY).values())
    found = text_of(client, "checklists", q="亚硝酸盐")
    assert "食堂食品安全检查表" in found
    assert "校车安全检查表" not in found
    only = text_of(client, "checklists", family="bus")
    assert "校车安全检查表" in only
    assert "食堂食品安全检查表" not in only
    assert "校车安全检查表" not in text_of(client, "checklists", q="没有这样的词")


def test_a_list_is_read_with_its_basis_and_its_red_lines(world: World, client: Client) -> None:
    client.force_login(world.wu)
    page = text_of(client, "checklist", "canteen-food-safety")
    for words in ("不采购、不贮存、不使用亚硝酸盐", "一包也没有", "学校食品安全与营养健康管理规定", "食品安全员"):
        assert words in page
    assert 'id="nitrite"' in page


def test_on_paper_every_item_that_applies_has_its_boxes(world: World, client: Client) -> None:
    client.force_login(world.gao)
    page = text_of(client, "checklist-print", "canteen-food-safety")
    assert "柳河中心小学" in page
    assert "≤ -12" in page
    assert "供餐单位有许可证" not in page, "school A cooks itself"
    graded = text_of(client, "checklist-print", "six-t-canteen")
    assert "□0 □1 □2 □3" in graded


def test_what_is_not_for_a_school_says_so(world: World) -> None:
    held = list_on("canteen-food-safety", TODAY).checklist
    assert held.for_school("none", 0, "小学") == []
    own = {item.code for item in held.for_school("own", 0, "小学")}
    ordered = {item.code for item in held.for_school("ordered", 0, "小学")}
    assert ("contractor" in own, "supplier" in own, "supplier" in ordered) == (False, False, True)
    assert list_on("dormitory-safety", TODAY).checklist.for_school("own", 0, "小学") == []


def test_a_visit_reads_the_version_by_which_it_looked(world: World) -> None:
    make_checklist("mine", version=1)
    make_checklist("mine", version=2)
    assert list_on("mine", TODAY).version == 2
    assert list_as("mine", 1).code == "mine"
    for code, version in (("mine", 3), ("no-such-list", 1)):
        with pytest.raises(NotVisible):
            list_as(code, version)


def shown(world: World, code: str, who: str = "gao") -> dict[str, Shows]:
    found = shown_at(frameworks_on(TODAY)[code], world.school_a, world.viewer(who))
    return {one.member.code: one for one in found}


def test_evidence_names_when_each_thing_was_last_looked_at_and_leads_there(world: World, client: Client) -> None:
    assert all(one.known == 0 for one in shown(world, "fee-rules").values())
    visit = begun(world, lists=["fees"])
    items = [item.code for item in list_on("fees", TODAY).checklist.for_school("own", 100, "小学")]
    answers = [Given("fees", code, "failed" if code == "free-things" else "ok", remark="收了资料费") for code in items]
    answer_items(visit, by=world.viewer("bo"), answers=answers)
    assert all(one.known == 0 for one in shown(world, "fee-rules").values()), "it is not signed yet"
    sign_visit(visit, by=world.viewer("bo"), signs=signs())
    found = shown(world, "fee-rules")
    assert [(one.pieces[0].last, one.pieces[0].failed) for one in found.values()] == [
        (TODAY, False), (TODAY, False), (TODAY, True), (TODAY, False), (TODAY, False),
    ]  # fmt: skip
    url = reverse("inspections:visits-detail", args=[visit.public_id])
    assert found["not-together"].pieces[0].url == url
    with time_machine.travel(NOON, tick=False):
        client.force_login(world.gao)
        assert url in text_of(client, "framework", "fee-rules")


def test_a_ledger_shows_a_member_by_its_last_entry(world: World) -> None:
    at = {"org": world.school_a, "ledger": "gate-duty", "version": 1, "at": NOON, "recorded_at": NOON, "body": "{}"}
    LedgerEntry.objects.create(**at, day=TODAY - timedelta(days=2))
    LedgerEntry.objects.create(**at, day=TODAY)
    people = shown(world, "three-defences")["people"]
    assert {piece.what: piece.last for piece in people.pieces if piece.kind == "ledger"} == {
        "门卫值班与巡逻记录表": TODAY
    }
    assert people.known == 1


def test_another_school_sees_nothing_of_it(world: World, client: Client) -> None:
    visit = begun(world, lists=["fees"])
    items = [item.code for item in list_on("fees", TODAY).checklist.for_school("own", 100, "小学")]
    answer_items(visit, by=world.viewer("bo"), answers=[Given("fees", code, "ok") for code in items])
    sign_visit(visit, by=world.viewer("bo"), signs=signs())
    assert all(one.known == 0 for one in shown(world, "fee-rules", "hu").values())
    client.force_login(world.bo)
    assert "柳河初级中学" in text_of(client, "framework", "fee-rules"), "an office chooses the school first"


def test_evidence_takes_as_many_queries_for_two_members_as_for_six(world: World) -> None:
    shown(world, "six-t")
    with CaptureQueriesContext(connection) as few:
        shown(world, "three-creations")
    with CaptureQueriesContext(connection) as many:
        shown(world, "six-t")
    assert len(many) <= len(few)


NAMES = {"purchase": "统一大宗采购", "price": "统一限价"}


def test_a_unit_names_the_members_that_no_document_spells_out(world: World) -> None:
    made = name_members(world.town, by=world.viewer("bo"), framework="six-unified", names=NAMES, source="镇〔2024〕3号")
    assert made is not None
    assert own_names(world.school_a)["six-unified"] == NAMES
    found = shown(world, "six-unified")
    assert (found["purchase"].title, found["purchase"].own, found["delivery"].own) == ("统一大宗采购", True, False)
    same = name_members(world.town, by=world.viewer("bo"), framework="six-unified", names=NAMES, source="镇〔2024〕3号")
    assert same == made
    name_members(
        world.school_a, by=world.viewer("gao"), framework="six-unified", names={"price": "统一价格"}, source="校务会"
    )
    assert own_names(world.school_a)["six-unified"] == NAMES | {"price": "统一价格"}
    assert name_members(world.town, by=world.viewer("bo"), framework="six-unified", names={}, source="") is None
    assert own_names(world.school_b) == {}


def test_what_a_document_spells_out_is_not_renamed_and_a_name_needs_its_document(world: World) -> None:
    bo = world.viewer("bo")
    for framework, names, source in (
        ("five-implementations", {"who": "责任到人"}, "镇文件"),
        ("six-unified", {"no-such-member": "第七"}, "镇文件"),
        ("six-unified", NAMES, " "),
        ("six-unified", {"price": "很" * 41}, "镇文件"),
    ):
        with pytest.raises(Refused):
            name_members(world.town, by=bo, framework=framework, names=names, source=source)
    with pytest.raises(NotVisible):
        name_members(world.town, by=bo, framework="no-such-framework", names={}, source="")
    with pytest.raises((PermissionDenied, NotVisible)):
        name_members(world.school_a, by=world.viewer("wu"), framework="six-unified", names=NAMES, source="镇文件")
    assert not OwnFramework.objects.exists()


def test_the_members_are_named_on_their_page(world: World, client: Client) -> None:
    client.force_login(world.gao)
    url = reverse("inspections:framework-names", args=["six-unified"])
    assert "统一采购" in client.get(url).content.decode()
    answer = client.post(url, {"name-price": "统一限价", "source": "校务会", "_key": "n1"})
    assert answer.status_code == 302
    assert "统一限价" in text_of(client, "frameworks")
    assert client.post(url, {"name-price": "统一限价", "source": "", "_key": "n2"}).status_code == 422
    assert client.get(reverse("inspections:framework-names", args=["five-implementations"])).status_code == 404


def test_a_changed_list_is_a_new_version_and_the_old_one_stays(world: World) -> None:
    row = CatalogueItem.objects.get(area="checklists", code="fees")
    CatalogueItem.objects.create(
        area="checklists", code="fees", version=2, title_zh=row.title_zh, title_en=row.title_en, source=row.source,
        confidence=row.confidence, effective_from=row.effective_from, body=row.body | {"minutes": 50}, digest="changed",
    )  # fmt: skip
    assert (list_on("fees", TODAY).version, list_on("fees", TODAY).checklist.minutes) == (2, 50)
    assert list_as("fees", 1).minutes == 60
