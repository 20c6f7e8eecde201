"""The school's day as one picture: nothing is lost between the door and the table, and what is missing is said."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from houqin.core.people.models import ClassGroup
from houqin.modules.canteen.actions.live import record_headcount
from houqin.modules.canteen.models import (
    CheckKind,
    Delivery,
    DeliveryLine,
    EntryKind,
    Issue,
    Lot,
    Meal,
    MealCheck,
    Origin,
    Product,
    StockEntry,
    StockMove,
)
from houqin.modules.canteen.queries.school_day import picture
from houqin.modules.canteen.queries.school_day.goods import Stage, day_goods
from houqin.modules.canteen.queries.school_day.times import missing_sentence, tracks
from houqin.modules.canteen.tests.ledger import LATER, came, day, menu, went, write
from tests.world import World

FRIDAY = day(0)
NOON = datetime(2024, 3, 1, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Sentences are compared as they are written here."""
    with translation.override("en"):
        yield


@pytest.fixture
def town(world: World) -> World:
    """Rice of the day before and of the day, meat of the day; 409 eat lunch in two classes and the rest."""
    a = world.school_a
    write(
        world.town, world.viewer("bo", now=LATER),
        came(a, -1, 30, produced=-9, batch="OLD"), came(a, 0, 50, produced=-3, batch="NEW"),
        came(a, 0, 20, product="鸡腿", supplier="宏发生鲜"), came(a, 0, 1, product="鸡腿", supplier="宏发生鲜", batch="X"),
        went(a, 0, 36), went(a, 0, 6, kind="breakfast"), went(a, 0, 15, product="鸡腿"),
        menu(world.town, 0, {"米饭": ["大米"], "烧鸡腿": ["鸡腿"]}),
    )  # fmt: skip
    wrong = DeliveryLine.objects.get(lot__batch="X")
    write(world.town, world.viewer("bo", now=LATER), lines_back=[wrong.public_id])
    return world


def test_everything_that_came_or_lay_there_went_somewhere(town: World) -> None:
    goods = day_goods(town.school_a, FRIDAY)
    came_in = {str(firm): grams for firm, grams in goods.out_of(Stage.SUPPLIER).items()}
    assert came_in == {"惠民粮油": 50_000, "宏发生鲜": 20_000}
    assert goods.out_of(Stage.BEFORE) == {"": 30_000}
    assert {str(food): grams for food, grams in goods.into(Stage.PRODUCT).items()} == {"大米": 80_000, "鸡腿": 20_000}
    assert [(meal.kind, grams) for meal, grams in goods.into(Stage.MEAL).items()] == [
        ("breakfast", 6_000),
        ("lunch", 51_000),
    ]
    assert goods.into(Stage.STAYS) == {"": 43_000}
    assert sum(goods.into(Stage.PRODUCT).values()) == sum(goods.out_of(Stage.PRODUCT).values()) == 100_000


def test_goods_written_off_and_received_from_elsewhere_are_ways_of_their_own(town: World) -> None:
    lot = Lot.objects.get(batch="NEW")
    entry = StockEntry.objects.create(
        org=town.school_a,
        number="BS-1",
        kind=EntryKind.WRITTEN_OFF,
        lot=lot,
        day=FRIDAY,
        grams=-4_000,
        reason="受潮",
        at=LATER,
    )
    StockMove.objects.create(
        day=FRIDAY, org=town.school_a, lot=lot, kind="entered", grams=-4_000, entry=entry, at=LATER
    )  # fmt: skip
    goods = day_goods(town.school_a, FRIDAY)
    assert goods.into(Stage.OTHER_OUT) == {EntryKind.WRITTEN_OFF: 4_000}
    assert goods.into(Stage.STAYS) == {"": 39_000}


def test_the_sentence_says_what_came_what_was_cooked_and_for_how_many(town: World) -> None:
    goods = day_goods(town.school_a, FRIDAY)
    assert picture.sentence(goods) == (
        "2 suppliers brought 70 kg, 57 kg went into 2 meals, Breakfast about 100 people, Lunch about 300 people."
    )
    empty = day_goods(town.school_a, day(9))
    assert "Nothing came in" in picture.sentence(empty)
    assert picture.is_empty(empty)


def test_classes_share_a_pot_by_heads_and_staff_stand_apart(town: World) -> None:
    second = ClassGroup.objects.create(org=town.school_a, name="三年级二班", grade="三年级", school_year=2023)
    lunch = Meal.objects.get(day=FRIDAY, kind="lunch")
    record_headcount(lunch, by=town.viewer("an", now=LATER), counts={town.group: 30, second: 10})
    goods = day_goods(town.school_a, FRIDAY)
    assert goods.people[lunch.pk] == {"三年级一班": 30, "三年级二班": 10}
    option = picture.picture(goods, town.school_a)
    names = {node["name"] for node in option["series"][0]["data"]}
    links = option["series"][0]["links"]
    assert {link["source"] for link in links} | {link["target"] for link in links} == names
    shares = {link["target"]: link["value"] for link in links if link["source"] == f"meal:{lunch.pk}"}
    assert shares == {"eaters:三年级一班": 51 * 0.75, "eaters:三年级二班": 51 * 0.25}
    heads, rows = picture.table(goods)
    assert ("Lunch", "三年级一班", "30 people") in rows
    assert len(heads) == 3


def test_a_school_with_many_classes_is_told_by_grade(town: World) -> None:
    groups = [
        ClassGroup.objects.create(org=town.school_a, name=f"{grade}（{n}）班", grade=f"{grade}年级", school_year=2023)
        for grade in "一二三四五六" for n in "一二三四"
    ]  # fmt: skip
    lunch = Meal.objects.get(day=FRIDAY, kind="lunch")
    record_headcount(lunch, by=town.viewer("an", now=LATER), counts=dict.fromkeys(groups, 10))
    people = day_goods(town.school_a, FRIDAY).people[lunch.pk]
    assert people == {f"{grade}年级": 40 for grade in "一二三四五六"}


def lines(town: World, today: datetime = LATER) -> dict[str, dict[str, str]]:
    goods = day_goods(town.school_a, FRIDAY)
    found = tracks(town.school_a, FRIDAY, today.date(), goods.meals, goods.heads)
    return {track.name: {one.label: one.standing for one in track.stations} for track in found}


def test_a_day_copied_from_paper_misses_nothing_it_cannot_tell(town: World) -> None:
    found = lines(town)
    assert found["Deliveries"] == {"Goods accepted": "done", "Second signature": "unknown"}
    assert found["Lunch"] == {
        "Heads": "unknown", "Issued": "done", "Core temperature": "unknown", "Tasted": "unknown", "Samples": "unknown",
        "Served": "unknown",
    }  # fmt: skip


def test_a_day_kept_live_says_what_is_missing_and_today_what_is_still_open(town: World) -> None:
    Issue.objects.update(origin=Origin.LIVE)
    Delivery.objects.update(origin=Origin.LIVE)
    lunch = Meal.objects.get(day=FRIDAY, kind="lunch")
    MealCheck.objects.create(org=town.school_a, meal=lunch, kind=CheckKind.CORE, dish="米饭", tenths=950, at=NOON)
    found = lines(town)
    assert found["Deliveries"]["Second signature"] == "missing"
    assert found["Lunch"]["Core temperature"] == "missing"
    assert lines(town, NOON)["Lunch"]["Core temperature"] == "open"
    MealCheck.objects.create(org=town.school_a, meal=lunch, kind=CheckKind.CORE, dish="烧鸡腿", tenths=810, at=NOON)
    MealCheck.objects.create(org=town.school_a, meal=lunch, kind=CheckKind.TASTED, at=NOON)
    goods = day_goods(town.school_a, FRIDAY)
    done = tracks(town.school_a, FRIDAY, LATER.date(), goods.meals, goods.heads)
    lunch_track = next(track for track in done if track.name == "Lunch")
    assert [(one.label, one.told) for one in lunch_track.stations[2:4]] == [
        ("Core temperature", "2/2 12:00"),
        ("Tasted", "12:00"),
    ]
    assert lunch_track.missing == ["Heads", "Samples", "Served"]
    assert "Lunch：Heads、Samples、Served" in missing_sentence(done)


def client_of(world: World, person: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(getattr(world, person), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_page_shows_picture_table_and_print_and_moves_by_school_days(town: World) -> None:
    client = client_of(town, "an")
    with time_machine.travel(LATER, tick=False):
        page = client.get(reverse("canteen:day"), {"day": FRIDAY.isoformat()}).content.decode()
        assert 'data-chart="day-flow"' in page
        assert "?day=2024-02-29" in page
        assert "?day=2024-03-04" in page
        sheet = client.get(reverse("canteen:day"), {"day": FRIDAY.isoformat(), "print": "1"}).content.decode()
        assert "宏发生鲜" in sheet
        assert "To 2024-03-01" in client.get(reverse("canteen:day")).content.decode()
    assert "Choose a school" in client_of(town, "bo").get(reverse("canteen:day")).content.decode()
    assert (
        client_of(town, "chen")
        .get(reverse("canteen:day"), {"day": FRIDAY.isoformat()})
        .content.decode()
        .count("宏发生鲜")
        == 0
    )


def test_a_full_day_costs_as_many_queries_as_a_thin_one(town: World) -> None:
    spent = []
    for more in (0, 30):
        rows = [came(town.school_a, 0, 5, product=f"菜{n}", supplier=f"商户{n}") for n in range(more)]
        rows += [went(town.school_a, 0, 2, product=f"菜{n}") for n in range(more)]
        if rows:
            write(town.town, town.viewer("bo", now=LATER), *rows)
        with CaptureQueriesContext(connection) as queries:
            goods = day_goods(town.school_a, FRIDAY)
            tracks(town.school_a, FRIDAY, LATER.date(), goods.meals, goods.heads)
            picture.picture(goods, town.school_a)
        spent.append(len(queries))
    assert len(goods.into(Stage.PRODUCT)) == 32
    assert Product.objects.filter(name__startswith="菜").count() == 30
    assert spent[1] <= spent[0] <= 24
