"""What is broken is stopped on the spot with a phone, is marked wherever it shows, and is released by the head."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from houqin.core.places.models import Stop
from houqin.flows.ledgers.tests.kept import ROOMS, declare, make_place
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.visitor import Visitor
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]
WHY = "天花板掉灰"


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def test_stopped_with_a_phone_marked_in_its_ledger_released_by_the_head(
    world: World, live_server: Any, open_page: OpenPage
) -> None:
    declare(ROOMS)
    room = [make_place(world.school_a, f"{number}室", "dormitory-room") for number in range(101, 105)][2]
    page_of_it = f"/console/places/{room.public_id}/"
    phone = Visitor(open_page(width=PHONE), live_server.url, "wu")
    phone.visit(page_of_it)
    phone.shown(f"a[href$='{page_of_it}stop-use/']").tap()
    phone.page.wait_for_selector("[name=reason]")
    phone.page.fill("[name=reason]", WHY)
    phone.send()
    assert Stop.objects.get().reason == WHY
    phone.visit(page_of_it)
    expect(phone.shown(".use-mark")).to_contain_text(WHY, use_inner_text=True)
    phone.is_sound()
    phone.visit(f"/ledgers/rooms/write/?org={world.school_a.path}")
    assert [one.inner_text().split("\n")[0] for one in phone.page.locator(".odd:has(.use-mark)").all()] == ["103室"]
    phone.is_sound()
    head = Visitor(open_page(width=DESKTOP), live_server.url, "gao")
    head.visit("/")
    head.page.locator(f"a[href$='{page_of_it}']").first.click()
    head.page.wait_for_selector(".use-mark")
    head.is_sound()
    head.shown(f"a[href$='{page_of_it}release/']").click()
    head.page.wait_for_selector("[name=reason]")
    head.page.fill("[name=reason]", "已修补，消防验收")
    head.send()
    assert Stop.objects.get().released_by == world.gao
    head.visit("/console/places/?view=unfit")
    expect(head.page.locator(".card").first).not_to_contain_text("103室", use_inner_text=True)
    head.visit(page_of_it)
    expect(head.page.locator(".use-mark")).to_have_count(0)
