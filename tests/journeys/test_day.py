"""A school's day on three phones: heads, delivery, store, pot, sample, table; then all of it again without network."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone

from houqin.core.calendars.actions import mark_days
from houqin.core.calendars.models import DayKind
from houqin.core.catalogues.loading import load_catalogues
from houqin.core.people.actions.pins import set_pin
from houqin.core.people.models import Person
from houqin.core.places.actions import record_place
from houqin.core.places.models import PlaceKind
from houqin.modules.canteen.models import (
    CheckKind,
    Delivery,
    Headcount,
    Issue,
    Lot,
    MealCheck,
    Menu,
    MenuDish,
    MenuIngredient,
    Sample,
)
from houqin.modules.canteen.tests.door import Door, make_door
from tests.journeys.conftest import PHONE
from tests.journeys.phone import ALL_SENT, ENTRIES, Phone, until
from tests.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]
PIN = "283917"
DISHES = {"鸡蛋炒白菜": {"鸡蛋": 40, "白菜": 120}, "卤鸡腿": {"鸡腿": 80}}
WEIGHED = {"鸡腿": "20", "鸡蛋": "10", "白菜": "30"}
EATERS = 1


@dataclass
class Day:
    """A school with a menu for today and a supplier who usually comes."""

    door: Door

    @property
    def paths(self) -> dict[str, str]:
        """The pages of the day."""
        school, supplier, group = self.door.org.path, self.door.supplier.public_id, self.door.world.group.pk
        return {
            "heads": f"/canteen/heads/{group}/",
            "door": f"/canteen/accept/{supplier}/?school={school}",
            "lunch": f"/canteen/kitchen/?school={school}&meal=lunch",
        }


@pytest.fixture
def day(transactional_db: None) -> Day:
    world = make_world()
    load_catalogues(by=world.system)
    now = timezone.now()
    mark_days(world.school_a, by=world.viewer("gao", now=now), kind=DayKind.MAKE_UP, first=timezone.localdate())
    teacher = Person.objects.create(org=world.school_a, name="林老师")
    world.lin.person, world.group.teacher = teacher, teacher
    world.lin.save()
    world.group.save()
    set_pin(by=world.viewer("shi", now=now), pin=PIN)
    record_place(world.school_a, by=world.viewer("gao", now=now), kind=PlaceKind.SAMPLE_REFRIGERATOR, name="留样冰箱")
    door = make_door(world)
    menu = Menu.objects.create(org=world.town, day=timezone.localdate(), kind="lunch")
    for place, (name, inside) in enumerate(DISHES.items()):
        dish = MenuDish.objects.create(org=world.town, menu=menu, name=name, position=place)
        for product, grams in inside.items():
            MenuIngredient.objects.create(org=world.town, dish=dish, product=door.goods[product], grams_per_head=grams)
    last = world.viewer("an", now=now - timedelta(days=7))
    door.accept(*(door.line(name, 20_000, written="20kg") for name in WEIGHED), by=last)
    Lot.objects.update(on_hand_grams=0)  # last week's is eaten
    return Day(door)


class Helper(Phone):
    """Somebody of the school with a phone, who does what stands on the page."""

    def go(self, path: str) -> None:
        """Open an address, also without network."""
        self.page.goto(self.address + path)

    def press(self, step: str) -> None:
        """Press the button of one step of a meal; the page that follows has come when this returns."""
        form = self.page.locator(f"form[action*='step={step}']").first
        closed = form.locator("xpath=ancestor::details[not(@open)]")
        while closed.count():
            closed.first.locator("summary").first.click()
        with self.page.expect_navigation():
            form.locator("button.btn-step, button").last.click()

    def report(self, path: str) -> None:
        """The class eats: one tap."""
        self.go(path)
        with self.page.expect_navigation():
            self.page.locator(".entry-foot .btn-primary").tap()

    def accept(self, path: str, signer: str) -> None:
        """Weigh what has come; the second person stands there too."""
        self.go(path)
        self.page.wait_for_selector(".door-line.is-active")
        for _ in WEIGHED:
            name = self.page.inner_text("[data-keypad-name]")
            for key in [*WEIGHED[name], "next"]:
                self.page.locator(f'[data-key="{key}"]').tap()
        self.page.select_option("[name=signer]", label=signer)
        self.page.fill("[name=pin]", PIN)
        with self.page.expect_navigation():
            self.page.locator(".door-foot .btn-primary").tap()

    def issue(self, path: str) -> None:
        """All that the meal needs; where the page knows of no goods yet, what the recipe asks for."""
        self.go(path)
        for take in self.page.locator("form[action*='step=issue'] .take").all():
            entry = take.locator("input[inputmode=decimal]").first
            if not entry.input_value():
                product = take.locator("label").first.inner_text()
                entry.fill(str(sum(inside.get(product, 0) for inside in DISHES.values()) * EATERS / 1000))
        self.press("issue")

    def cook(self, path: str) -> None:
        """Measured, tasted, sampled, served."""
        self.go(path)
        for entry in self.page.locator("form[action*='step=measure'] input[inputmode=decimal]").all():
            entry.fill("86") if entry.is_visible() else entry.evaluate("(one) => { one.value = '86'; }")
        for step in ("measure", "taste", "sample", "begin", "end"):
            self.press(step)
            self.go(path)


def check_the_day(day: Day, eaten_grams: int) -> None:
    """What the books say afterwards, whichever way it came."""
    school = day.door.org
    counted = Headcount.objects.get(
        meal__day=timezone.localdate(), meal__kind="lunch", class_group=day.door.world.group
    )
    assert (counted.eaters, counted.account) == (EATERS, day.door.world.lin)
    made = Delivery.objects.get(delivered_on=timezone.localdate())
    assert (made.signed_by, made.lines.aggregate(all=Sum("quantity_grams"))["all"]) == (day.door.world.shi, 60_000)
    issued = Issue.objects.filter(org=school, reversed_at=None)
    assert issued.count() == len(WEIGHED)
    assert issued.aggregate(all=Sum("quantity_grams"))["all"] == eaten_grams
    assert Lot.objects.filter(org=school).aggregate(all=Sum("on_hand_grams"))["all"] == 60_000 - eaten_grams
    kinds = sorted(MealCheck.objects.filter(org=school, passed=True).values_list("kind", flat=True))
    assert kinds == sorted([CheckKind.CORE, CheckKind.CORE, CheckKind.TASTED, CheckKind.SERVING, CheckKind.SERVED])
    assert sorted(Sample.objects.filter(org=school).values_list("dish", "warnings")) == [
        (dish, []) for dish in sorted(DISHES)
    ]


def phones(live_server: Any, open_page: OpenPage) -> tuple[Helper, Helper, Helper]:
    teacher, keeper, cook = (Helper(open_page(width=PHONE), live_server.url, name) for name in ("lin", "an", "shi"))
    return teacher, keeper, cook


def test_from_the_class_list_to_the_empty_pot(day: Day, live_server: Any, open_page: OpenPage) -> None:
    teacher, keeper, cook = phones(live_server, open_page)
    teacher.report(day.paths["heads"])
    teacher.is_sound()
    keeper.accept(day.paths["door"], "石师傅")
    keeper.is_sound()
    keeper.issue(day.paths["lunch"])
    keeper.is_sound()
    cook.cook(day.paths["lunch"])
    cook.is_sound()
    check_the_day(day, 240 * EATERS)
    keeper.go("/canteen/day/")
    keeper.is_sound()


def test_all_of_it_again_without_network(day: Day, live_server: Any, open_page: OpenPage) -> None:
    """Every phone saw Today in the morning; then the network goes, tabs are closed, work goes on, the network comes back."""
    teacher, keeper, cook = everybody = phones(live_server, open_page)
    teacher.keeps(day.paths["heads"])
    keeper.keeps(day.paths["door"])
    keeper.keeps(day.paths["lunch"])
    cook.keeps(day.paths["lunch"])
    for phone in everybody:
        phone.cut()
        phone.reopened("/")
    teacher.report(day.paths["heads"])
    keeper.accept(day.paths["door"], "石师傅")
    keeper.issue(day.paths["lunch"])
    cook.cook(day.paths["lunch"])
    assert Delivery.objects.filter(delivered_on=timezone.localdate()).count() == 0, "nothing has reached the server"
    waiting = [[one["state"] for one in phone.page.evaluate(ENTRIES)] for phone in everybody]
    assert waiting == [["waiting"], ["waiting"] * 2, ["waiting"] * 5]
    for phone in everybody:
        phone.restore()
        until(phone.page, ALL_SENT)
    check_the_day(day, 240 * EATERS)
