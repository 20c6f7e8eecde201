"""A responsibility letter from the town's office to a cook's signature, on paper too, and renewed for another year."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.people.actions.pins import set_pin
from houqin.flows.ledgers.tests.hand import appoint
from houqin.flows.letters.actions.issuing import issue_letters
from houqin.flows.letters.actions.signing import sign_letter
from houqin.flows.letters.actions.writing import Asks, write_pattern
from houqin.flows.letters.models import Letter, LetterState, Pattern, SignedHow
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.visitor import Visitor
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]
TITLE, PIN = "学校食品安全责任书", "739105"
TEXT = {
    "business": "校长是食品安全第一责任人，每周到食堂检查一次。",
    "safety": "原料索证索票，生熟分开，留样满 48 小时。",
    "integrity": "不收供货单位礼品，采购公开。",
    "targets": "食物中毒事故：0 起\n陪餐率：100 %",
    "basis": "《学校食品安全与营养健康管理规定》",
}


@pytest.fixture
def world(transactional_db: None) -> World:
    """Shi cooks at school A and has a PIN."""
    world = make_world()
    load_catalogues(by=world.system)
    world.shi.person = appoint(world.school_a, "cook", "石师傅", timezone.localdate())
    world.shi.save()
    set_pin(by=world.viewer("shi", now=timezone.now()), pin=PIN)
    return world


def write(visitor: Visitor, **choices: str) -> None:
    """A text of a letter, in its three parts."""
    visitor.visit("/letters/texts/new/")
    visitor.page.fill("[name=title]", TITLE)
    for name, value in choices.items():
        visitor.page.select_option(f"[name={name}]", value)
    for name, words in TEXT.items():
        visitor.page.fill(f"[name={name}]", words)
    visitor.fits()
    visitor.send()


def issue(visitor: Visitor) -> None:
    """Issue the text on the page, to be signed within ten days."""
    visitor.page.locator(".heading-actions .btn-primary").click()
    visitor.page.fill("[name=until]", (timezone.localdate() + timedelta(days=10)).isoformat())
    visitor.send()
    visitor.page.wait_for_selector(".note-success")


def test_a_letter_goes_from_the_office_to_the_cook(world: World, live_server: Any, open_page: OpenPage) -> None:
    year = timezone.localdate().year
    bo = Visitor(open_page(width=DESKTOP), live_server.url, "bo")
    write(bo, unit_kind="school")
    bo.is_sound()
    issue(bo)
    assert Letter.objects.filter(state=LetterState.ISSUED).count() == 2
    bo.visit("/letters/letters/rates/")
    bo.is_sound()
    with bo.page.expect_navigation():
        bo.page.locator("td a[href*='view=unsigned']").click()
    expect(bo.page.locator("tr[data-opens]:visible")).to_have_count(2)
    bo.fits()

    gao = Visitor(open_page(width=PHONE), live_server.url, "gao")
    gao.is_sound()
    gao.page.locator(".due-list li", has_text=TITLE).locator("a.btn").click()
    gao.page.wait_for_selector(".story, .facts")
    expect(gao.page.locator("main").first).to_contain_text("生熟分开", use_inner_text=True)
    gao.is_sound()
    gao.page.locator(".heading-actions .btn-primary").click()
    gao.page.wait_for_selector(".entry-foot")
    gao.fits()
    gao.send()
    gao.page.wait_for_selector(".note-success")
    own = Letter.objects.get(org=world.school_a, person=None)
    assert (own.state, own.signed_how, own.signed_by) == (LetterState.SIGNED, SignedHow.OWN, world.gao)

    write(gao, post="cook")
    issue(gao)
    cooks = Letter.objects.get(org=world.school_a, person=world.shi.person)
    gao.visit(f"/letters/letters/{cooks.public_id}/sign-by-pin/")
    gao.page.fill("[name=pin]", "111111")
    gao.page.locator(".entry-foot button").click()
    gao.page.wait_for_selector(".invalid-feedback")
    gao.is_sound()
    gao.page.fill("[name=pin]", PIN)
    gao.send()
    cooks.refresh_from_db()
    assert (cooks.state, cooks.signed_how, cooks.signed_by) == (LetterState.SIGNED, SignedHow.PIN, world.shi)

    bo.visit("/letters/letters/?view=unsigned")
    names = bo.page.locator("tr[data-opens]:visible").all_inner_texts()
    assert [("柳河初级中学" in one, TITLE in one) for one in names] == [(True, True)], "one school has not signed"
    bo.visit(f"/letters/texts/{Pattern.objects.get(org=world.town).public_id}/renew-pattern/")
    bo.fits()
    expect(bo.page.locator("[name=year]")).to_have_value(str(year + 1))
    bo.send()
    renewed = Pattern.objects.get(org=world.town, year=year + 1)
    assert renewed.renews == own.pattern


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_letter_is_printed_and_its_lists_stand_on_a_phone(
    world: World, live_server: Any, open_page: OpenPage, language: str
) -> None:
    now = timezone.now()
    office = world.viewer("bo", now=now)
    text = write_pattern(world.town, by=office, title=TITLE, year=now.year, asks=Asks(**TEXT), unit_kind="school")
    issue_letters(by=office, pattern=text, org=world.town, until=timezone.localdate() + timedelta(days=10))
    letter = sign_letter(Letter.objects.get(org=world.school_a), by=world.viewer("gao", now=now))
    gao = Visitor(open_page(width=PHONE, language=language), live_server.url, "gao")
    for path in (
        "/letters/letters/",
        f"/letters/letters/{letter.public_id}/",
        "/letters/letters/rates/",
        "/letters/texts/",
    ):
        gao.visit(path)
        gao.is_sound()
    gao.visit(f"/letters/letters/{letter.public_id}/form/")
    gao.page.set_viewport_size({"width": 794, "height": 1123})
    gao.page.emulate_media(media="print")
    gao.fits()
    sheet = gao.page.inner_text("body")
    assert all(words in sheet for words in (TITLE, "高校长", "留样满 48 小时", str(letter.public_id)))
    gao.page.emulate_media(media="screen")
    gao.is_sound()
