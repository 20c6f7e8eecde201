"""A class teacher reports who eats in ten seconds, with one thumb, with and without network; the kitchen sees it."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from houqin.core.calendars.models import DayKind, DayMark
from houqin.modules.canteen.models import Absence, Headcount
from houqin.modules.canteen.tests.dining import LUNCH, Dining, make_dining
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.phone import ALL_SENT, Phone, until
from tests.journeys.visitor import Visitor, machine_since
from tests.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]
MOST_SECONDS, MOST_TAPS = 10, 3
SECONDS_A_TAP = 1.5  # looking at the number and touching the button


@pytest.fixture
def dining(transactional_db: None) -> Dining:
    """The school of forty and thirty children, today, which is a school day."""
    world, today = make_world(), timezone.localdate()
    DayMark.objects.create(org=world.town, day=today, kind=DayKind.MAKE_UP)
    return make_dining(world, today)


class Thumb:
    """Taps, counted, and how long they take a person; where the machine is measured, both together."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.taps, self.begun = visitor, 0, time.monotonic()

    def taps_on(self, selector: str) -> None:
        self.visitor.shown(selector).click()
        self.taps += 1

    @property
    def seconds(self) -> float:
        return machine_since(self.begun) + self.taps * SECONDS_A_TAP


def told() -> dict[str, int]:
    return dict(Headcount.objects.filter(class_group__isnull=False).values_list("meal__kind", "eaters"))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_unusual_takes_two_taps(dining: Dining, live_server: Any, open_page: OpenPage, language: str) -> None:
    lin = Visitor(open_page(width=PHONE, language=language), live_server.url, "lin")
    lin.is_sound()
    path = f"/canteen/heads/{dining.three.pk}/"
    thumb = Thumb(lin)
    thumb.taps_on(f"a.btn[href='{path}']")
    lin.page.wait_for_selector("[data-heads]")
    thumb.taps_on(".entry-foot .btn-primary")
    lin.page.wait_for_selector(".note-success")
    assert told() == {LUNCH: 40, "dinner": 10}
    assert thumb.taps <= MOST_TAPS
    assert thumb.seconds <= MOST_SECONDS, thumb.seconds
    lin.is_sound()


def test_a_sick_child_is_two_taps_more_and_the_number_follows(
    dining: Dining, live_server: Any, open_page: OpenPage
) -> None:
    lin = Visitor(open_page(width=PHONE), live_server.url, "lin")
    sick = dining.pupils[1]
    thumb = Thumb(lin)
    thumb.taps_on(f"a.btn[href='/canteen/heads/{dining.three.pk}/']")
    thumb.taps_on(".heads-away summary")
    thumb.taps_on(f"label:has(input[name=away-{sick.pk}])")
    expect(lin.shown("[data-heads-words]")).to_contain_text("39", use_inner_text=True)
    thumb.taps_on(".entry-foot .btn-primary")
    lin.page.wait_for_selector(".note-success")
    assert told() == {LUNCH: 39, "dinner": 9}
    assert Absence.objects.get().pupil == sick
    assert thumb.taps <= 4
    assert thumb.seconds <= MOST_SECONDS, thumb.seconds
    lin.shown(".heads-away summary").click()
    lin.is_sound()

    for width in (PHONE, DESKTOP):
        keeper = Visitor(open_page(width=width), live_server.url, "an")
        keeper.visit("/canteen/heads/board/")
        expect(keeper.page.locator("main").first).to_contain_text("39", use_inner_text=True)
        expect(keeper.page.locator("main").first).not_to_contain_text(sick.name, use_inner_text=True)
        keeper.is_sound()
        keeper.visit("/canteen/heads/night/")
        keeper.is_sound()
        keeper.visit("/canteen/heads/")
        keeper.is_sound()


def test_without_network_it_waits_on_the_phone_and_is_sent_once(
    dining: Dining, live_server: Any, open_page: OpenPage
) -> None:
    phone = Phone(open_page(width=PHONE), live_server.url, "lin")
    path = f"/canteen/heads/{dining.three.pk}/"
    phone.keeps(path)
    phone.keeps("/static/canteen/heads.js")
    phone.cut()
    thumb = Thumb(phone)
    thumb.taps_on(f"a.btn[href='{path}']")
    expect(phone.shown("[data-heads-words]")).to_contain_text("40", use_inner_text=True)
    thumb.taps_on("[data-step='-1']")
    expect(phone.shown("[data-heads-words]")).to_contain_text("39", use_inner_text=True)
    thumb.taps_on(".entry-foot .btn-primary")
    phone.page.wait_for_url("**/waiting/")
    assert thumb.seconds <= MOST_SECONDS + 5, thumb.seconds
    assert told() == {}
    phone.restore()
    phone.reopened("/")
    until(phone.page, ALL_SENT)
    assert told() == {LUNCH: 39, "dinner": 10}
    assert Headcount.objects.get(meal__kind=LUNCH).away == 1
