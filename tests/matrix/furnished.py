"""The cast with a row of everything, every address of the program, and how each is written for such a row."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from houqin.core.calendars.actions import mark_days, set_term
from houqin.core.catalogues.loading import load_catalogues
from houqin.core.people.actions.staff import RosterLine, record_roster
from houqin.core.places.actions import record_place
from houqin.core.places.models import PlaceKind
from houqin.core.policies.actions import set_policy
from houqin.flows.sheets.actions import start_import
from houqin.flows.sheets.intake import Handed
from houqin.flows.sheets.tests.files import xlsx
from houqin.modules.canteen.actions.acceptance import Away
from houqin.modules.canteen.actions.certificates import Shown
from houqin.modules.canteen.actions.corrections import correct_line
from houqin.modules.canteen.actions.deeds import Counted, count_store, return_to_supplier, send_to_school
from houqin.modules.canteen.actions.heads import record_absences
from houqin.modules.canteen.actions.meals import Measured, SampleRow, measure_dishes, retain_samples
from houqin.modules.canteen.actions.papers import number_vouchers
from houqin.modules.canteen.actions.registering import register_canteen
from houqin.modules.canteen.models import Lot, Meal, MealDish, Menu, Origin
from houqin.modules.canteen.tests.door import make_door
from houqin.modules.canteen.tests.ledger import LATER, came, write
from houqin.modules.canteen.tests.recall_scene import make_scene
from houqin.ui.screens import Screen
from tests.matrix.api_rows import keep_api
from tests.matrix.doors import OWNED_ABOVE
from tests.matrix.duty_rows import keep_cases, keep_duties, keep_environment, keep_findings, keep_ledgers, keep_papers
from tests.matrix.inspection_rows import keep_campaigns, keep_reports, keep_rounds
from tests.world import TODAY, World, make_world


def walk(items: list[Any], namespace: str = "") -> Iterator[str]:
    for item in items:
        if isinstance(item, URLResolver):
            yield from walk(item.url_patterns, f"{namespace}{item.namespace}:" if item.namespace else namespace)
        elif isinstance(item, URLPattern):
            yield f"{namespace}{item.name}"


def screens() -> dict[str, type[Screen]]:
    get_resolver().url_patterns  # noqa: B018 - importing the views declares the screens
    found = {}
    for screen in Screen.__subclasses__():
        if screen.__module__.startswith("houqin.") and ".tests." not in screen.__module__:
            found[f"{screen.namespace}:{screen.slug}"] = screen
    return found


SCREENS = screens()
# The addresses of the API are tried in test_api_doors.
ADDRESSES = sorted({one for one in walk(get_resolver().url_patterns) if not one.startswith(("api:v1-", "api:nothing"))})


def screen_of(address: str) -> tuple[str, str]:
    """The screen that an address belongs to, and what of it: list, export, new, detail or a deed."""
    for name in sorted(SCREENS, key=len, reverse=True):
        if address == name:
            return name, "list"
        if address.startswith(f"{name}-"):
            return name, address.removeprefix(f"{name}-")
    return "", ""


@pytest.fixture
def furnished(furnished_once: World, db: None) -> World:
    """A row of everything at school A (or above it, where such rows are owned above)."""
    return deepcopy(furnished_once)


@pytest.fixture(scope="module")
def furnished_once(standing: None) -> World:
    """The same, made once for all the tests of a module."""
    return furnish()


def furnish() -> World:
    """The cast, and a row of everything at school A (or above it, where such rows are owned above)."""
    world = make_world()
    load_catalogues(by=world.system)
    record_roster(world.school_a, by=world.viewer("gao"), lines=[RosterLine("王桂英", post="厨师")], from_on=TODAY)
    record_place(world.school_a, by=world.system, kind=PlaceKind.STORE, name="主食库")
    set_term(world.school_a, by=world.system, name="第二学期", starts_on=date(2024, 2, 26), ends_on=date(2024, 7, 5))
    mark_days(world.school_a, by=world.system, kind="closure", first=date(2024, 6, 11), label="停电")
    set_policy(world.school_a, by=world.system, code="canteen.heads_due", value="07:30", reason="校务会")
    register_canteen(world.school_a, by=world.viewer("gao"), valid_from=TODAY, mode="own")
    make_scene(world).launched()
    stand_at_the_door(world)
    keep_store(world)
    number_vouchers(world.school_a, by=world.system, first=date(2024, 3, 1), last=date(2024, 3, 31))
    record_absences(world.group, by=world.viewer("lin"), day=TODAY, absent=[(world.child, "sick", TODAY)])
    Menu.objects.create(org=world.school_a, day=TODAY, kind="lunch")
    serve_breakfast(world)
    table = xlsx(
        {"进货": [["日期", "食品名称", "数量", "单位", "供货单位"], ["2024-03-01", "大米", 1, "kg", "惠民粮油"]]}
    )
    start_import(world.school_a, by=world.viewer("gao"), files=[Handed("台账.xlsx", len(table), table)])
    keep_duties(world)
    keep_ledgers(world)
    keep_papers(world)
    keep_findings(world)
    keep_cases(world)
    keep_environment(world)
    keep_campaigns(world)
    keep_api(world)
    keep_rounds(world)
    keep_reports(world)
    return world


def stand_at_the_door(world: World) -> None:
    """A delivery accepted at school A with a paper and something turned away, later than all the paper ones."""
    door, an = make_door(world), world.viewer("an", now=LATER)
    away = Away(product=door.goods["白菜"], grams=2_000, why="senses")
    shown = Shown(kinds=["quarantine-certificate"], number="4206001")
    door.accept(door.line("鲜猪肉", 30_000), by=an, turned_away=[away], certificates=[shown])


def keep_store(world: World) -> None:
    """Goods returned and counted at school A, a correction that waits there, and goods on their way from school B."""
    an, hu = world.viewer("an", now=LATER), world.viewer("hu", now=LATER)
    lot = Lot.objects.usable().select_related("org").filter(org=world.school_a, lines__delivery__origin=Origin.LIVE)[0]
    return_to_supplier(lot, by=an, grams=500, reason="质量不符")
    count_store(world.school_a, by=an, lines=[Counted(lot, lot.on_hand_grams - 600)])
    line = lot.lines.standing()[0]
    correct_line(line, by=world.viewer("gao", now=LATER), right_grams=line.quantity_grams + 1, reason="看错秤")
    write(world.school_b, hu, came(world.school_b, 1, 9, product="面条", supplier="镇粮站"))
    noodles = Lot.objects.select_related("org").get(org=world.school_b, product__name="面条")
    send_to_school(noodles, by=hu, to=world.school_a, grams=4_000, reason="支援")


def serve_breakfast(world: World) -> None:
    """A dish of today's breakfast at school A, measured, with a sample of it kept."""
    meal = Meal.objects.create(org=world.school_a, day=TODAY, kind="breakfast")
    MealDish.objects.create(org=meal.org, meal=meal, name="小米粥")
    shi = world.viewer("shi")
    measure_dishes(meal.org, by=shi, meal=meal, dishes=[Measured("小米粥", 955)])
    retain_samples(meal.org, by=shi, meal=meal, rows=[SampleRow("小米粥", 125)])


def row_of(name: str, world: World) -> Model:
    """A row of school A, or of the unit above that owns such rows."""
    screen = SCREENS[name]
    owner = getattr(world, OWNED_ABOVE.get(name, "school_a"))
    rows: Any = screen.model.objects
    if name == "console:units":
        return world.school_a
    if name == "console:catalogues":
        return rows.first()
    found = rows.filter(**{screen.model.SCOPE_PATH: owner.path}).first()
    assert found is not None, f"furnish the world with a row for {name}"
    return found


def address_of(address: str, world: World) -> str:
    name, what = screen_of(address)
    if what in {"list", "export", "new", "labels"} or what.endswith("-many"):
        return reverse(address)
    if address in {"sheets:imports-decide", "sheets:imports-undo"}:
        return reverse(address, args=[SCREENS[name].ref(row_of(name, world)), uuid4()])
    return reverse(address, args=[SCREENS[name].ref(row_of(name, world))])


def signed_in(world: World, person: str) -> Client:
    client = Client()
    client.force_login(getattr(world, person), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
