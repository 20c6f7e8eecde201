"""A table asked of two schools: written, filled in on a phone, put right, added up, taken home, and asked again."""

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from houqin.flows.collect.actions import Col
from houqin.flows.collect.models import Collection, Kind, Return
from houqin.flows.collect.tests.scene import FRIDGES, PUPILS, answered, draft, of, sent
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.visitor import Visitor
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]
GRADE = Col("自评等次", Kind.CHOICE, choices=("好", "中", "差"))
THERE = "柳河初级中学"


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def field(visitor: Visitor, label: str) -> Any:
    """The entry beside a label."""
    return visitor.page.get_by_label(label, exact=False).first


def test_an_office_asks_and_a_school_types_only_what_is_not_known(
    world: World, live_server: Any, open_page: OpenPage
) -> None:
    bo = Visitor(open_page(width=DESKTOP), live_server.url, "bo")
    bo.visit("/collect/tables/")
    bo.shown(".btn-primary").click()
    bo.page.wait_for_selector("[name=title]")
    bo.page.fill("[name=title]", "冷藏设备摸底")
    bo.page.fill("[name=basis]", "区教育局夏季食品安全工作通知")
    for number, (label, unit) in enumerate([("冰箱数", "台"), ("在校学生数", "人")]):
        bo.page.fill(f"[name=columns-{number}-label]", label)
        bo.page.fill(f"[name=columns-{number}-unit]", unit)
    bo.fits()
    bo.send()
    expect(bo.page.locator("[name=school]:checked"), "all that fit are ticked").to_have_count(2)
    bo.is_sound()
    bo.send()
    expect(bo.page.locator("main").first).to_contain_text(re.compile("[12] 格由系统代填"), use_inner_text=True)
    bo.is_sound()
    bo.send()
    bo.page.wait_for_selector(".note-success")
    bo.fits()
    row = Collection.objects.get()

    an = Visitor(open_page(width=PHONE), live_server.url, "an")
    an.page.locator(".due-list li", has_text="冷藏设备摸底").locator("a.btn").click()
    an.page.wait_for_selector(".lead-sentence")
    an.is_sound()
    an.page.locator(".heading-actions .btn-primary").click()
    an.page.wait_for_selector("form.entry")
    expect(field(an, "在校学生数"), "as the school's facts say").to_have_value("300")
    expect(field(an, "冰箱数")).to_have_value("")
    an.page.locator(".entry-foot button").click()
    an.page.wait_for_selector(".invalid-feedback")
    an.is_sound()
    field(an, "冰箱数").fill("7")
    an.send()
    an.page.wait_for_selector(".note-success")
    an.fits()
    assert of(row, world.school_a).state == Return.State.SENT


def test_it_is_put_right_added_up_reminded_once_and_taken_home(
    world: World, live_server: Any, open_page: OpenPage
) -> None:
    now = timezone.now()
    row = sent(world, now=now, columns=(FRIDGES, PUPILS))
    answered(world, row, world.school_a, "an", now, 冰箱数=70)
    mine = of(row, world.school_a)
    bo = Visitor(open_page(width=DESKTOP), live_server.url, "bo")
    bo.visit(f"/collect/returns/{mine.public_id}/back/")
    bo.is_sound()
    cell = mine.cells.get(column__label="冰箱数")
    bo.page.fill(f"[name=cell{cell.pk}]", "70 台？上学期是 7 台")
    bo.send()

    an = Visitor(open_page(width=PHONE), live_server.url, "an")
    an.page.locator(".due-list li", has_text="冷藏设备摸底").locator("a.btn").click()
    an.page.wait_for_selector(".lead-sentence")
    an.fits()
    an.visit(f"/collect/returns/{mine.public_id}/answer/")
    expect(an.page.locator("form.entry").first).to_contain_text("上学期是 7 台", use_inner_text=True)
    an.is_sound()
    field(an, "冰箱数").fill("7")
    an.send()

    bo.visit(f"/collect/tables/{row.public_id}/")
    summed = bo.shown("tr:has-text('冰箱数')").inner_text()
    assert ("7 台" in summed, "1/2" in summed) == (True, True), "the live sum, and how many schools are in it"
    bo.page.locator("form[action$='remind/'] button").click()
    bo.page.wait_for_selector(".note-success")
    assert of(row, world.school_b).reminded_on == timezone.localdate()
    bo.page.locator("form[action$='remind/'] button").click()
    bo.page.wait_for_selector("#messages .note-error, #messages .note-warning")

    bo.visit(f"/collect/tables/{row.public_id}/hand-in-template/")
    bo.page.set_input_files("[name=sheet]", {"name": "我局的表.xlsx", "mimeType": XLSX, "buffer": template()})
    bo.send()
    with bo.page.expect_download() as told:
        bo.page.locator("a[href$='template=1']").click()
    sheet = openpyxl.load_workbook(io.BytesIO(told.value.path().read_bytes())).active
    assert sheet["A1"].value == "青山区冷藏设备汇总"
    assert [[one.value for one in line] for line in sheet["A3:C3"]] == [["柳河中心小学", 7, 300]]
    bo.page.set_viewport_size({"width": PHONE, "height": 844})
    bo.visit(f"/collect/tables/{row.public_id}/")
    bo.is_sound()


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def template() -> bytes:
    """An office's own sheet: a title, then the names of the columns."""
    book = openpyxl.Workbook()
    book.active.append(["青山区冷藏设备汇总"])
    book.active.append(["学校", "冰箱数", "在校学生数"])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_who_asks_again_sees_what_was_answered_and_says_why(
    world: World, live_server: Any, open_page: OpenPage, language: str
) -> None:
    now = timezone.now()
    answered(world, sent(world, now=now, columns=(FRIDGES, GRADE)), world.school_a, "an", now, 冰箱数=7)
    again = draft(world, by="bai", now=now, columns=(FRIDGES,), title="冰箱再摸底")
    bai = Visitor(open_page(width=PHONE, language=language), live_server.url, "bai")
    bai.visit(f"/collect/tables/{again.public_id}/send/")
    expect(bai.page.locator(".asked-before").first).to_contain_text("7 台", use_inner_text=True)
    bai.page.locator(".entry-foot button").click()
    bai.page.wait_for_selector(".invalid-feedback")
    bai.is_sound()
    bai.page.fill("[name=again_because]", "半年复核")
    bai.send()
    bai.page.wait_for_selector(".note-success")
    an = Visitor(open_page(width=PHONE, language=language), live_server.url, "an")
    an.visit(f"/collect/returns/{of(again, world.school_a).public_id}/answer/")
    expect(an.page.locator("form.entry").first).to_contain_text("半年复核", use_inner_text=True)
    expect(field(an, "冰箱数"), "nobody types twice").to_have_value("7")
    an.is_sound()
