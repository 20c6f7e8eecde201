"""A visit with one thumb and no network: the shipped canteen checklist with three findings, signed on the screen by both sides.

Every tap, key and stroke is counted as in the ledgers' journey.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.files.tests.pictures import jpeg
from houqin.flows.rectify.models import Finding, FindingState
from houqin.flows.seals.models import Seal
from houqin.modules.inspections.actions.visiting import plan_visit
from houqin.modules.inspections.models import Visit, VisitState
from tests.journeys.conftest import PHONE
from tests.journeys.phone import ALL_SENT, Phone, until
from tests.journeys.test_ledgers import SECONDS_A_KEY, SECONDS_A_TAP
from tests.journeys.visitor import machine_since
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]
MOST_SECONDS = 360
SECONDS_TO_LOOK = 1.0  # the eye finds the next item on the page
SECONDS_A_SIGNATURE = 4.0
CHECKLIST = "canteen-food-safety"
REMARK_KEYS = 14  # six Chinese characters by pinyin
PHOTO_SECONDS = 6.0


@pytest.fixture
def town(transactional_db: None) -> World:
    world = make_world()
    load_catalogues(by=world.system)
    return world


class Thumb:
    """Taps, types, photographs and signs, and counts what it costs."""

    def __init__(self, phone: Phone) -> None:
        self.phone, self.seconds, self.taps, self.begun = phone, 0.0, 0, time.monotonic()

    @property
    def page(self) -> Any:
        return self.phone.page

    def tap(self, target: Any) -> None:
        target.tap()
        self.taps += 1
        self.seconds += SECONDS_A_TAP

    def type(self, target: Any, text: str, keys: int) -> None:
        self.tap(target)
        target.fill(text)
        self.seconds += keys * SECONDS_A_KEY

    def photo(self, target: Any) -> None:
        target.set_input_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
        self.seconds += PHOTO_SECONDS

    def sign(self, pad: Any) -> None:
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        x, y = box["x"] + 60, box["y"] + 60
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for step in range(6):
            self.page.mouse.move(x + 30 * step, y + (40 if step % 2 else 0))
        self.page.mouse.up()
        self.seconds += SECONDS_A_SIGNATURE

    @property
    def whole(self) -> float:
        return machine_since(self.begun) + self.seconds


def fill_in(thumb: Thumb, failed: list[str], checklist: str = CHECKLIST) -> int:
    """Every item: what is wrong first, then a section at one tap, then what must be looked at one by one."""
    page = thumb.page
    for code in failed:
        item = page.locator(f"[data-item='{checklist}.{code}']")
        thumb.tap(item.locator(".choose-failed"))
        thumb.type(item.locator(f"[name='r:{checklist}.{code}']"), "门缝有积油", REMARK_KEYS)
    for button in page.locator("[data-all-fine]").all():
        if button.is_visible():
            thumb.tap(button)
    items = page.locator("[data-item]").all()
    for item in items:
        number = item.get_attribute("data-item")
        thumb.seconds += SECONDS_TO_LOOK
        if page.locator(f"[data-to='{number}']").get_attribute("data-is"):
            continue
        figure = item.locator(".figured input")
        if figure.count():
            told = item.evaluate("one => JSON.parse(one.dataset.told).limits[0]")
            value = told["max"] if told["max"] is not None else told["min"]
            thumb.type(figure, str(value), 3)
        else:
            thumb.tap(item.locator(".sheet-choices .choose").first)
    for item in items:
        if item.locator("[data-photo-part][data-open]").count():
            thumb.photo(item.locator("input[type=file]"))
    return len(items)


def plain_items(page: Any) -> list[str]:
    """Items that one may fail without a serious hazard or a photo."""
    found: list[str] = page.locator("[data-item][data-usual]").evaluate_all(
        "all => all.filter(one => one.querySelector('[name^=\"s:\"]') && !JSON.parse(one.dataset.told).photo)"
        ".map(one => one.dataset.item.split('.')[1])"
    )
    return found


def test_thirty_items_with_three_findings_without_network(town: World, live_server: Any, open_page: OpenPage) -> None:
    row = plan_visit(
        town.school_a, by=town.viewer("bo", timezone.now()), office=town.town, kind="routine", lists=[CHECKLIST],
        planned_on=timezone.localdate(), inspectors=[town.bo, town.bai],
    )  # fmt: skip
    phone = Phone(open_page(width=PHONE, language="en"), live_server.url, "bo")
    here = reverse("inspections:visits-sheet", args=[row.public_id])
    phone.keeps(here)
    phone.cut()
    phone.reopened(here)
    page = phone.page
    page.wait_for_selector("form.is-live")
    thumb = Thumb(phone)
    failed = plain_items(page)[:3]
    assert len(failed) == 3
    count = fill_in(thumb, failed)
    assert count >= 30
    begun = time.monotonic()
    expect(page.locator("[data-odd]").first).to_have_text("3 not in order", use_inner_text=True)
    phone.is_sound()
    thumb.begun += time.monotonic() - begun  # looking for faults is no part of the work
    thumb.tap(page.locator("[data-finish]"))
    assert page.locator("[data-found] li").count() == 3, page.inner_text(".sheet-bar [data-count]")
    expect(page.locator("[data-score]").first).to_contain_text("points", use_inner_text=True)
    shown = page.inner_text("[data-score]").split()[0]
    thumb.type(page.locator("[name=school]"), "高校长", 9)
    for pad in page.locator("[data-pad] canvas").all():
        thumb.sign(pad)
    begun = time.monotonic()
    phone.is_sound()
    thumb.begun += time.monotonic() - begun
    with page.expect_navigation():
        thumb.tap(page.locator("[data-sign-now]"))
    assert Visit.objects.get().number == "", "nothing has reached the server"
    assert thumb.whole <= MOST_SECONDS, (thumb.taps, thumb.seconds)
    phone.restore()
    phone.reopened("/")
    until(phone.page, ALL_SENT)
    row.refresh_from_db()
    assert (row.state, row.answers.count(), row.signatures.count()) == (VisitState.SIGNED, count, 2)
    assert f"{(row.score_hundredths or 0) / 100:.2f}" == shown, "the phone reckoned as the server does"
    assert set(Finding.objects.values_list("state", flat=True)) == {FindingState.ORDERED}
    assert Finding.objects.count() == 3
    assert Seal.objects.filter(item_id=row.public_id).count() == 1
    phone.visit(reverse("inspections:visits-detail", args=[row.public_id]))
    phone.is_sound()
    for paper in ("record", "notice"):
        assert phone.visit(reverse(f"inspections:visits-{paper}", args=[row.public_id])) == 200


def test_a_slip_is_asked_again_and_the_page_outlives_a_closed_tab(
    town: World, live_server: Any, open_page: OpenPage
) -> None:
    row = plan_visit(
        town.school_a, by=town.viewer("bo", timezone.now()), office=town.town, kind="routine", lists=[CHECKLIST],
        inspectors=[town.bo],
    )  # fmt: skip
    phone = Phone(open_page(width=PHONE, language="en"), live_server.url, "bo")
    here = reverse("inspections:visits-sheet", args=[row.public_id])
    phone.keeps(here)
    phone.cut()
    phone.reopened(here)
    phone.page.wait_for_selector("form.is-live")
    slip = phone.page.locator("[data-item]:has([data-doubt])").evaluate_all(
        "all => all.map(one => [one.dataset.item, JSON.parse(one.dataset.told).plausible]).filter(([, range]) => range)[0]"
    )
    assert slip, "the checklist asks for a figure with plausible bounds"
    item = phone.page.locator(f"[data-item='{slip[0]}']")
    item.locator(".figured input").fill(str(slip[1][1] + 1000))
    expect(item.locator("[data-doubt]")).to_be_visible()
    assert phone.page.locator(".sheet-bar [data-count]").inner_text().startswith("0 of"), (
        "what is doubted is no answer yet"
    )
    item.locator("[data-answers] button").last.tap()
    assert phone.page.locator(".sheet-bar [data-count]").inner_text().startswith("1 of")
    phone.page.locator("[data-finish]").tap()
    assert phone.page.locator(".is-missing").count() > 1, "nothing half filled in is signed"
    phone.reopened(here)
    phone.page.wait_for_selector("form.is-live")
    kept = phone.page.locator(f"[data-item='{slip[0]}'] .figured input")
    expect(kept, "what was typed is kept").to_have_value(str(slip[1][1] + 1000))
    assert slip[0] in phone.page.input_value("[name=times]"), "and when"
