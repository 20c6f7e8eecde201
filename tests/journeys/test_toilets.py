"""A child scans the code at the door of a toilet and taps; whoever looks after it has it on Today and ticks it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from houqin.core.places.actions import record_place
from houqin.flows.duties.models import Duty, DutyState
from houqin.modules.environment.models import Word
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.visitor import Reader, Visitor
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def test_from_the_tap_at_the_door_to_the_tick(world: World, live_server: Any, open_page: Callable[..., Any]) -> None:
    toilet = record_place(world.school_a, by=world.system, kind="room", use="toilet", name="一楼厕所")
    head = Visitor(open_page(width=DESKTOP, language="en"), live_server.url, "gao")
    assert head.visit("/environment/doors/") == 200
    address = head.page.get_attribute(".poster a", "href")
    assert address == f"/environment/door/{toilet.label_code}/"
    expect(head.page.locator(".poster svg")).to_have_count(1)
    head.is_sound()
    child = Reader(open_page(width=PHONE, language="en"), live_server.url)
    child.visit(address)
    child.page.click("button[value=no-paper]")
    child.page.wait_for_selector(".door-told")
    child.is_sound()
    assert Word.objects.get().saying == "no-paper"
    worker = Visitor(open_page(width=PHONE, language="en"), live_server.url, "wu")
    worker.visit("/")
    row = worker.page.locator(".today-row, li, article").filter(has_text="一楼厕所").first
    row.get_by_role("button").first.click()
    worker.page.wait_for_load_state("networkidle")
    worker.is_sound()
    assert Duty.objects.get(rule="toilet:no-paper").state == DutyState.DONE
    assert head.visit("/environment/toilets/") == 200
    head.is_sound()
