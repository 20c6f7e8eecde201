"""A keeper accepts an 8-line delivery with one thumb: every tap counted, a colleague signs, nothing covers the page."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.files.tests.pictures import jpeg
from houqin.core.people.actions.pins import set_pin
from houqin.flows.credentials.actions.recording import record_credential
from houqin.modules.canteen.models import Category, Delivery, Product, SignedHow
from houqin.modules.canteen.tests.door import Door, make_door
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.visitor import Visitor, machine_since
from tests.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]
MOST_TAPS, MOST_SECONDS = 5, 90
SECONDS_A_TAP = 1.5  # finding a key and touching it, with wet hands
CAMERA_TAPS = 3  # open it, release, take the picture
PIN = "283917"
# What the scale shows; packs with a date to choose. In the order in which the page offers them.
WEIGHED = {
    "鲜猪肉": "36.5", "鸡腿": "28", "鸡蛋": "18", "白菜": "44", "草鱼": "25", "西红柿": "12.5", "大米": "4", "纯牛奶": "20",
}  # fmt: skip
PACKED = {"大米", "纯牛奶"}


@pytest.fixture
def door(transactional_db: None) -> Door:
    """A supplier who came last week with the same eight goods, its licence shown."""
    world = make_world()
    load_catalogues(by=world.system)
    door = make_door(world)
    for name, kind in (("草鱼", Category.FISH), ("西红柿", Category.VEGETABLE)):
        door.goods[name] = Product.objects.create(org=world.town, name=name, category=kind)
    Product.objects.filter(name="纯牛奶").update(shelf_life_days=180)
    last = world.viewer("an", now=timezone.now() - timedelta(days=7))
    record_credential(
        door.supplier.subject,
        by=last,
        org=door.org,
        kind="jy-licence",
        number="JY33703030000010",
        expires_on=last.today + timedelta(days=90),
    )
    produced = last.today - timedelta(days=9)
    pack = {"produced_on": produced, "expires_on": produced + timedelta(days=170), "batch": "B7"}
    door.accept(
        *(
            door.line(name, 25_000, written="25kg" if name != "白菜" else "50斤")
            for name in WEIGHED
            if name not in PACKED
        ),
        door.line("大米", 100_000, written="4袋×25kg", **pack),
        door.line("纯牛奶", 96_000, written="20箱×4.8kg", **pack),
        by=last,
    )
    set_pin(by=world.viewer("lin"), pin=PIN)
    return door


class Thumb:
    """Touches controls one at a time, and counts what it touched for which line."""

    def __init__(self, page: Any) -> None:
        self.page, self.taps, self.line = page, Counter[str](), "—"

    def tap(self, selector: str, **more: Any) -> None:
        self.page.locator(selector, **more).tap()
        self.taps[self.line] += 1

    def weigh(self, name: str, figures: str) -> None:
        self.line = name
        for key in figures:
            self.tap(f'[data-key="{key}"]')
        if name in PACKED:
            self.tap(".door-line.is-active [data-batch]")
        self.tap('[data-key="next"]')
        self.line = "—"


def test_eight_lines_take_five_taps_each_and_ninety_seconds(door: Door, live_server: Any, open_page: OpenPage) -> None:
    keeper = Visitor(open_page(width=PHONE), live_server.url, "an")
    page = keeper.page
    thumb = Thumb(page)
    keeper.visit("/canteen/accept/")
    keeper.is_sound()
    begun = time.monotonic()
    thumb.tap(".door-supplier")
    page.wait_for_selector(".door-line.is-active")
    assert page.locator(".door-name").all_inner_texts() == list(WEIGHED)
    for name, figures in WEIGHED.items():
        expect(page.locator("[data-keypad-name]").first, "the next line comes by itself").to_have_text(
            name, use_inner_text=True
        )
        assert page.evaluate("document.activeElement.inputMode") in {"", "none"}, "no native keyboard"
        thumb.weigh(name, figures)
    papers = page.locator("[data-paper]:visible")
    expect(papers, "quarantine, meat quality, farm produce, test report; the licence is carried over").to_have_count(4)
    page.set_input_files("[name=photo]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    thumb.taps["—"] += CAMERA_TAPS
    expect(papers.locator("input[type=checkbox]:checked")).to_have_count(4)
    thumb.tap(".door-foot .btn-primary")
    page.wait_for_url("**/canteen/deliveries/*/")
    waited = machine_since(begun)

    taps = thumb.taps.total()
    assert max(thumb.taps[name] for name in WEIGHED) <= MOST_TAPS, thumb.taps
    assert waited + taps * SECONDS_A_TAP <= MOST_SECONDS, (taps, waited)
    made = Delivery.objects.latest("pk")
    assert [line.written_quantity for line in made.lines.order_by("pk")] == [
        "36.5kg", "28kg", "18kg", "44斤", "25kg", "12.5kg", "4袋×25kg", "20箱×4.8kg"
    ]  # fmt: skip
    assert not made.lines.exclude(condition="").exists()
    keeper.is_sound()
    _sign_by_pin(keeper, made)


def _sign_by_pin(keeper: Visitor, made: Delivery) -> None:
    keeper.shown("a[href$='/sign-by-pin/']").click()
    keeper.is_sound()
    keeper.page.fill("[name=pin]", PIN)
    keeper.send()
    made.refresh_from_db()
    assert (made.signed_by.username, made.signed_how) == ("lin", SignedHow.PIN)


def test_ten_times_the_usual_and_a_date_to_come_are_stopped_beside_the_line(
    door: Door, live_server: Any, open_page: OpenPage
) -> None:
    keeper = Visitor(open_page(width=PHONE, language="en"), live_server.url, "an")
    page, thumb = keeper.page, Thumb(keeper.page)
    keeper.visit(f"/canteen/accept/{door.supplier.public_id}/")
    page.wait_for_selector(".door-line.is-active")
    thumb.weigh("鲜猪肉", "365")
    expect(page.locator("[data-keypad-name]").first, "it stays until somebody is sure").to_have_text(
        "鲜猪肉", use_inner_text=True
    )
    expect(page.locator(".door-line.is-active [data-sure]")).to_be_visible()
    keeper.is_sound()
    page.locator(".door-line.is-active [data-sure] input").check()
    thumb.tap('[data-key="next"]')
    expect(page.locator("[data-keypad-name]").first).to_have_text("鸡腿", use_inner_text=True)
    page.locator(".door-line", has_text="大米").locator(".door-name").tap()
    thumb.tap('[data-key="4"]')
    thumb.tap('[data-key="next"]')
    expect(page.locator("[data-keypad-name]").first, "a pack needs its date").to_have_text("大米", use_inner_text=True)
    tomorrow = (date.today() + timedelta(days=2)).isoformat()
    page.locator(".door-line.is-active [name$=produced_on]").fill(tomorrow)
    thumb.tap('[data-key="next"]')
    expect(page.locator("[data-keypad-name]").first).to_have_text("大米", use_inner_text=True)
    thumb.tap('[data-key="more"]')
    keeper.is_sound()


def test_a_desk_needs_no_mouse(door: Door, live_server: Any, open_page: OpenPage) -> None:
    keeper = Visitor(open_page(width=DESKTOP), live_server.url, "an")
    page = keeper.page
    keeper.visit(f"/canteen/accept/{door.supplier.public_id}/")
    keeper.is_sound()
    page.locator("[name=goods-0-number]").focus()
    for name, figures in WEIGHED.items():
        page.keyboard.type(figures)
        page.keyboard.press("Enter")
        if name in PACKED:
            assert page.evaluate("document.activeElement.name").endswith("-produced_on"), "Enter asks for the date"
            page.keyboard.press("Shift+Tab")
            page.keyboard.press("Space")
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('[data-add-line]')")
    page.locator(".door-foot .btn-primary").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/canteen/deliveries/*/")
    assert Delivery.objects.latest("pk").lines.count() == 8


def test_goods_by_name_and_a_draft_that_outlives_the_page(door: Door, live_server: Any, open_page: OpenPage) -> None:
    keeper = Visitor(open_page(width=PHONE), live_server.url, "an")
    page, thumb = keeper.page, Thumb(keeper.page)
    eel = Product.objects.create(org=door.world.town, name="黄鳝", category=Category.FISH)
    keeper.visit(f"/canteen/accept/{door.supplier.public_id}/")
    page.wait_for_selector(".door-line.is-active")
    thumb.weigh("鲜猪肉", "30")
    thumb.tap('[data-key="close"]')
    thumb.tap("[data-add-line]")
    page.locator(".door-line .door-named").fill(eel.name)
    page.locator(".door-line", has=page.locator(".door-named")).locator("[name$=-number]").tap()
    thumb.tap('[data-key="6"]')
    keeper.visit(f"/canteen/accept/{door.supplier.public_id}/")
    page.wait_for_selector(".door-line.is-active")
    expect(page.locator(".door-named")).to_have_value(eel.name)
    expect(page.locator("[name=goods-0-number]")).to_have_value("30")
    thumb.tap('[data-key="close"]')
    thumb.tap(".door-foot .btn-primary")
    page.wait_for_url("**/canteen/deliveries/*/")
    assert Delivery.objects.latest("pk").lines.filter(lot__product=eel, quantity_grams=6_000).exists()
