"""A label is printed, stuck on, scanned by another phone, and opens the page of what it stands on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from houqin.core.places.actions import record_place
from houqin.core.places.models import Place, PlaceKind
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
        assert phone.page.inner_text("h1") == wanted.name
        assert phone.page.url.endswith(f"/console/places/{wanted.public_id}/")
    phone.is_sound()
    stranger = Visitor(open_page(width=PHONE), live_server.url, "hu")
    assert stranger.visit(f"/q/{wanted.label_code}/") == 404
    assert "没有这个标签码" in stranger.page.inner_text("main")
    stranger.is_sound()


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
