"""A label is printed, stuck on, scanned by another phone, and opens the page of what it stands on."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from houqin.core.places.actions import record_place
from houqin.core.places.models import Place, PlaceKind
from houqin.flows.duties.models import Duty
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.tests.kept import declare, make_place
from houqin.flows.ledgers.tests.writer import FRIDGES, due
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.visitor import Visitor
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def test_from_the_printed_label_back_to_the_refrigerator(
    world: World, live_server: Any, open_page: OpenPage, tmp_path: Path
) -> None:
    for number in range(3):
        record_place(world.school_a, by=world.system, kind=PlaceKind.REFRIGERATOR, name=f"{number}号冰箱")
    pictures = _printed(Visitor(open_page(width=DESKTOP), live_server.url, "gao"), tmp_path)
    phone = Visitor(open_page(width=PHONE), live_server.url, "an")
    wanted = Place.objects.get(name="1号冰箱")
    for picture in pictures:
        _scan(phone, picture)
        expect(phone.page.locator("h1").first).to_have_text(wanted.name, use_inner_text=True)
        assert phone.page.url.endswith(f"/console/places/{wanted.public_id}/")
    phone.is_sound()
    stranger = Visitor(open_page(width=PHONE), live_server.url, "hu")
    assert stranger.visit(f"/q/{wanted.label_code}/") == 404
    expect(stranger.page.locator("main").first).to_contain_text("没有这个标签码", use_inner_text=True)
    stranger.is_sound()


def test_a_label_opens_the_ledger_of_its_place(world: World, live_server: Any, open_page: OpenPage) -> None:
    """By what stands on it: what is due there now; once it is written, what may be written anyway and when it is due again."""
    declare(FRIDGES)
    fridge = make_place(world.school_a, "1号冰箱")
    tomorrow = due(world, "fridges", fridge)
    later = {name: getattr(tomorrow, name) + timedelta(days=1) for name in ("day", "opens_at", "due_at")}
    Duty.objects.filter(pk=tomorrow.pk).update(**later)
    due(world, "fridges", fridge)
    phone = Visitor(open_page(width=PHONE, language="en"), live_server.url, "an")
    page = phone.page
    phone.visit("/q/")
    page.fill("input[name=code]", fridge.label_code)
    page.keyboard.press("Enter")
    page.wait_for_selector("form.is-live")
    expect(page.locator("main").first).to_contain_text("1号冰箱", use_inner_text=True)
    page.fill("[name=v-temperature]", "4.5")
    phone.is_sound()
    phone.send()
    entry = LedgerEntry.objects.get()
    assert (entry.about, entry.breaches) == (fridge.subject, 0)
    phone.visit(f"/q/{fridge.label_code}/")
    expect(page.locator("h1").first).to_have_text("1号冰箱", use_inner_text=True)
    expect(page.locator(".due-list li")).to_have_count(1)
    phone.is_sound()
    page.locator(".due-list .btn").tap()
    page.wait_for_selector("form.is-live")


def _printed(head: Visitor, to: Path) -> list[Path]:
    """Tick all, print, and take a picture of one label of each size."""
    head.visit("/console/places/")
    for box in head.page.locator("input[name=pick]:visible").all():
        box.check()
    head.shown("button[formaction*='labels']").click()
    taken = []
    for size in ("", "&size=small"):
        head.page.goto(head.page.url.partition("&size")[0] + size)
        label = head.page.locator(".label", has_text="1号冰箱")
        taken.append(to / f"label{len(taken)}.png")
        label.screenshot(path=taken[-1])
    return taken


def _scan(phone: Visitor, picture: Path) -> None:
    phone.visit("/search/")
    phone.shown("a[href='/q/']").click()
    phone.page.locator("[data-scan]").click()
    with phone.page.expect_navigation(url="**/console/places/**"):
        phone.page.set_input_files("dialog.scanner input[type=file]", picture)
