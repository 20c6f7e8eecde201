"""A whole canteen day's ledgers by one person with one thumb, every tap and key counted; then without network; then slips."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from houqin.core.catalogues.loading import load_catalogues
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.ledgers.actions.entering import record_entry
from houqin.flows.ledgers.columns import Column
from houqin.flows.ledgers.definitions import resolved
from houqin.flows.ledgers.doing import address
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.rules.slips import likely, read
from houqin.flows.ledgers.tests.hand import appoint
from houqin.flows.ledgers.tests.kept import make_place
from houqin.flows.ledgers.values import decimals_of, figure
from tests.journeys.conftest import PHONE
from tests.journeys.phone import ALL_SENT, Phone, until
from tests.journeys.visitor import Visitor, machine_since
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]
MOST_SECONDS = 180
SECONDS_A_TAP = 1.5  # finding a key and touching it, with wet hands
SECONDS_A_KEY = 0.6  # one more digit on the keypad that is open already
COOKS = 12
MEALS = ("breakfast", "lunch", "dinner")
COLD = {"冷藏一号": "4.2", "冷藏二号": "5", "冷冻": "-18", "留样冰箱": "3.5"}
DAY = [
    "staff-morning-check", "cold-storage", "pest-control", "equipment-cleaning", "kitchen-waste", "canteen-hygiene",
    "gas-safety", "daily-control",
]  # fmt: skip
EACH_MEAL = ["serving-room", "tableware-disinfection", "leader-meal"]
BEFORE: dict[str, dict[str, Any]] = {
    "tableware-disinfection": {
        "items": ["trays", "bowls", "chopsticks"], "quantity": 400, "method": "steam", "temperature": 1000, "began": "05:00",
        "minutes": 15, "stored": True,
    },
    "serving-room": {"method": "ultraviolet", "began": "05:00", "minutes": 35, "room": 240, "surfaces": True},
    "equipment-cleaning": {"equipment": ["steamer"], "work": "cleaned", "works": True},
    "kitchen-waste": {
        "weight": 41_000, "barrels": 2, "collector": "洁源环保", "licensed": True, "handed_at": "05:00", "receiver": "老周",
    },
}  # fmt: skip


@dataclass
class School:
    """A school whose one keeper holds every post of the canteen, with yesterday's entries and today's open duties."""

    world: World
    duties: list[Duty]


@pytest.fixture
def school(transactional_db: None) -> School:
    world = make_world()
    load_catalogues(by=world.system)
    org, today, now = world.school_a, timezone.localdate(), timezone.now()
    world.an.person = appoint(org, "food-safety-officer", "安师傅", today)
    world.an.save()
    for number in range(1, COOKS):
        appoint(org, "cook", f"炊事员{number}", today)
    for name in COLD:
        use = {"冷冻": "freezer", "留样冰箱": "sample-refrigerator"}.get(name, "refrigerator")
        make_place(org, name, use)
    evening = timezone.localtime(now - timedelta(days=1)).replace(hour=23)
    yesterday = world.viewer("an", now=evening)
    for code, values in BEFORE.items():
        record_entry(org, by=yesterday, ledger=code, values=_fitting(code, values, org, yesterday))
    asked = [(code, "") for code in DAY] + [(code, meal) for meal in MEALS for code in EACH_MEAL]
    duties = [
        Duty(
            day=today, org=org, rule=f"ledger:{code}", slot=slot, post="cook", person=world.an.person,
            opens_at=now - timedelta(hours=1), due_at=now + timedelta(hours=1, minutes=number),
        )
        for number, (code, slot) in enumerate(asked)
    ]  # fmt: skip
    return School(world, Duty.objects.bulk_create(duties))


def _fitting(code: str, values: dict[str, Any], org: Any, by: Any) -> dict[str, Any]:
    """The values of columns that the ledger has, with a first choice where ours is gone."""
    columns = {column.code: column for column in resolved(code, org, by.today).columns}
    fitted = {name: value for name, value in values.items() if name in columns}
    for name, column in columns.items():
        if column.kind == "choices" and name in fitted:
            known = [one.code for one in column.choices]
            fitted[name] = [one for one in fitted[name] if one in known] or known[:1]
    return fitted


class Thumb:
    """Taps and types, and counts both."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.taps, self.keys, self.begun = visitor, 0, 0, time.monotonic()

    @property
    def page(self) -> Any:
        return self.visitor.page

    def tap(self, target: Any) -> None:
        (self.page.locator(target).first if isinstance(target, str) else target).tap()
        self.taps += 1

    def type(self, figures: str) -> None:
        """Digits into what is open, and on to the next."""
        self.page.keyboard.type(figures)
        self.page.keyboard.press("Enter")
        self.keys += len(figures) + 1

    @property
    def seconds(self) -> float:
        return machine_since(self.begun) + self.taps * SECONDS_A_TAP + self.keys * SECONDS_A_KEY


FIGURES = {
    "v-minutes": "35", "v-room": "23", "v-temperature": "100", "v-weight": "38.5", "v-quantity": "420", "v-barrels": "2",
}  # fmt: skip


def write(thumb: Thumb) -> None:
    """What this page still asks for: the first figure is tapped, the others follow by themselves."""
    page = thumb.page
    page.wait_for_selector("form.is-live")
    empty = page.locator(".figured input:visible").evaluate_all(
        "all => all.filter(one => !one.value).map(one => one.name)"
    )
    for number, name in enumerate(empty):
        if number == 0:
            thumb.tap(f"[name='{name}']")
        assert page.evaluate("document.activeElement.name") == name, "the next figure comes by itself"
        named = page.locator(f"[name='{name}']").evaluate(
            "one => one.closest('[data-ask]').querySelector('label').firstChild.textContent.trim()"
        )
        thumb.type(FIGURES.get(name) or COLD[named])


def save(thumb: Thumb) -> None:
    """The big button: save, and on with the next."""
    with thumb.page.expect_navigation():
        thumb.tap(".entry-foot .btn-primary")


def check(school: School) -> None:
    entries = LedgerEntry.objects.filter(org=school.world.school_a, day=timezone.localdate())
    assert sorted(entries.values_list("ledger", "slot")) == sorted(
        [(code, "") for code in DAY] + [(code, meal) for meal in MEALS for code in EACH_MEAL]
    )
    assert set(entries.values_list("breaches", flat=True)) == {0}
    assert set(Duty.objects.values_list("state", flat=True)) == {DutyState.DONE}


def test_a_whole_day_takes_three_minutes(school: School, live_server: Any, open_page: OpenPage) -> None:
    an = Visitor(open_page(width=PHONE), live_server.url, "an")
    an.is_sound()
    thumb = Thumb(an)
    thumb.tap(".due-list .btn-primary")
    for number in range(len(school.duties)):
        thumb.page.wait_for_selector("form.is-live")
        if number in (0, 1, 4):
            begun = time.monotonic()
            an.is_sound()
            thumb.begun += time.monotonic() - begun  # looking for faults is no part of the work
        write(thumb)
        save(thumb)
    expect(thumb.page, "nothing is left").to_have_url(f"{live_server.url}/")
    check(school)
    assert thumb.seconds <= MOST_SECONDS, (thumb.taps, thumb.keys, thumb.seconds)


def test_all_of_it_without_network(school: School, live_server: Any, open_page: OpenPage) -> None:
    phone = Phone(open_page(width=PHONE), live_server.url, "an")
    org, today = school.world.school_a, timezone.localdate()
    for duty in school.duties:
        phone.keeps(address(duty.rule.removeprefix("ledger:"), org, day=today, slot=duty.slot))
    phone.cut()
    phone.reopened("/")
    thumb = Thumb(phone)
    thumb.tap(".due-list .btn-primary")
    for _duty in school.duties:
        write(thumb)
        save(thumb)
    assert LedgerEntry.objects.filter(day=today).count() == 0, "nothing has reached the server"
    assert thumb.seconds <= MOST_SECONDS, (thumb.taps, thumb.keys, thumb.seconds)
    phone.restore()
    phone.reopened("/")
    until(phone.page, ALL_SENT)
    check(school)


def page_says_what_the_server_says(page: Any) -> None:
    """What was meant by a figure, and how it is read, is reckoned twice: on the phone without network, and on the server."""
    cold = Column(code="t", zh="温度", en="T", kind="temperature", plausible=(Decimal(-30), Decimal(15)))
    sack = Column(code="w", zh="重量", en="W", kind="weight", unit="kg", plausible=(Decimal("0.3"), Decimal(30)))
    script = """([column, typed]) => typed.map((one) => houqinSlips.likely(one, ...column))"""
    for column, step in ((cold, 7), (sack, 331)):
        stored = range(-3000 if column is cold else 0, 40_000 if column is sack else 3000, step)
        asked = [
            [*map(float, column.plausible or ()), decimals_of(column), column.kind],
            [float(figure(column, one)) for one in stored],
        ]
        assert page.evaluate(script, asked) == [
            [float(figure(column, one)) for one in likely(column, value)] for value in stored
        ]
    written = ["７.8", "7。8", "7，8", "7,8", "−18", "1,200", "1,200.5", " 3 .2"]
    assert page.evaluate("all => all.map(houqinSlips.read)", written) == [float(read(one)) for one in written]


def test_slips_are_stopped_on_the_phone_and_a_cook_with_fever_is_told(
    school: School, live_server: Any, open_page: OpenPage
) -> None:
    phone = Phone(open_page(width=PHONE, language="en"), live_server.url, "an")
    org, today = school.world.school_a, timezone.localdate()
    cold, check_up = (address(code, org, day=today) for code in ("cold-storage", "staff-morning-check"))
    washed = address("tableware-disinfection", org, day=today, slot="lunch")
    phone.keeps(cold)
    phone.cut()
    page, thumb = phone.page, Thumb(phone)
    page.goto(live_server.url + cold)
    page.wait_for_selector("form.is-live")
    page_says_what_the_server_says(page)
    first, second = (page.locator(".line", has_text=name) for name in ("冷藏一号", "冷藏二号"))
    thumb.tap(first.locator(".figured input"))
    thumb.type("78")
    expect(first.locator("[data-question]")).to_contain_text("7.8 °C or 78 °C?", use_inner_text=True)
    phone.fits()
    thumb.tap(first.locator("[data-answers] button").first)
    expect(first.locator(".figured input")).to_have_value("7.8")
    second.locator(".figured input").fill("46")
    expect(second.locator("[data-answers]"), "Fahrenheit").to_contain_text("7.8 °C", use_inner_text=True)
    thumb.tap(page.locator(".entry-foot .btn-primary"))
    expect(second.locator("[data-doubt]"), "it is asked before anything is sent").to_be_visible()
    assert phone.entries() == []
    second.locator(".figured input").fill("9")
    expect(second.locator("[data-right]"), "what is right stands beside it").to_contain_text("0–8", use_inner_text=True)
    expect(second.locator("[data-remark]")).to_be_visible()
    phone.restore()

    phone.visit(washed)
    page.wait_for_selector("form.is-live")
    late = timezone.localtime() + timedelta(minutes=30)
    if late.date() == today:
        page.fill("[name=v-began]", late.strftime("%H:%M"))
        expect(page.locator(".ask:has([name=v-began]) [data-wrong]")).to_contain_text(
            "not come yet", use_inner_text=True
        )

    phone.visit(check_up)
    page.wait_for_selector("form.is-live")
    sick = page.locator(".odd", has_text="炊事员3")
    thumb.tap(sick.locator(".odd-name"))
    thumb.tap(sick.locator(".choose").first)
    thumb.tap(sick.locator(".choose:has([value=off_post])"))
    thumb.tap(page.locator(".entry-foot .btn-primary"))
    expect(sick.locator("[data-remark]"), "what was done about it").to_be_visible()
    sick.locator("[data-remark] input").fill("回家休息")
    phone.is_sound()
    save(thumb)
    entry = LedgerEntry.objects.get(ledger="staff-morning-check")
    assert entry.breaches >= 1
    expect(page.locator("#messages").first).to_contain_text("炊事员3", use_inner_text=True)
