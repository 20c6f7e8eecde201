"""What a director looks ahead for: signatures, shortages, dates."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from houqin.core.policies.actions import set_policy
from houqin.modules.canteen.actions.live import ForMeal, issue_to_meal
from houqin.modules.canteen.models import Correction, Delivery, EntryKind, Issue, Lot, Origin, Product, StockEntry
from houqin.modules.canteen.queries.outlook import outlook
from houqin.modules.canteen.tests.ledger import came, menu, write
from houqin.modules.canteen.today.director import looking_ahead
from tests.world import World

MONDAY = date(2024, 3, 4)
MORNING = datetime(2024, 3, 4, 0, tzinfo=UTC)  # eight o'clock in the school


def sold(world: World, number: int, dishes: dict[str, list[str]]) -> None:
    write(world.town, world.viewer("bo", now=MORNING), menu(world.school_a, number, dishes))


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Sentences are compared as they are written here."""
    with translation.override("en"):
        yield


@pytest.fixture
def town(world: World) -> World:
    """50 g of rice a head for 300 at lunch on three days: 15 kg a day; 40 kg in store."""
    a = world.school_a
    write(
        world.town, world.viewer("bo", now=MORNING),
        came(a, 1, 40, expires_on=date(2024, 9, 1)), came(a, 1, 5, product="豆腐", expires_on=date(2024, 3, 6)),
        came(a, 1, 2, product="酸奶", expires_on=date(2024, 3, 3)),
    )  # fmt: skip
    for number in (3, 4, 5):
        sold(world, number, {"米饭": ["大米"]})
    return world


def shortages(town: World, now: datetime = MORNING) -> dict[str, list[tuple[str, str, int]]]:
    found = outlook(town.school_a, town.viewer("gao", now=now))
    return {
        str(one.product): [(day.isoformat(), str(kind), grams) for day, kind, grams in one.meals] for one in found.short
    }


def test_menus_times_heads_less_the_store_say_what_runs_short_and_when(town: World) -> None:
    assert shortages(town) == {"大米": [("2024-03-06", "Lunch", 5_000)]}
    sold(town, 4, {"米饭": ["大米"], "鸡蛋汤": ["鸡蛋"]})
    assert shortages(town)["鸡蛋"] == [("2024-03-05", "Lunch", 15_000)]


def test_what_was_issued_for_today_is_not_needed_again(town: World) -> None:
    rice = Product.objects.get(name="大米")
    an = town.viewer("an", now=MORNING)
    issue_to_meal(town.school_a, by=an, meal=ForMeal(MONDAY, "lunch"), product=rice, grams=15_000)
    assert shortages(town) == {"大米": [("2024-03-06", "Lunch", 5_000)]}


def test_a_meal_that_is_over_needs_nothing_more(town: World) -> None:
    assert shortages(town, MORNING + timedelta(hours=7)) == {}


def test_what_another_school_has_sent_is_counted_on(town: World) -> None:
    lot = Lot.objects.get(product__name="大米")
    StockEntry.objects.create(
        org=town.school_b, number="DC-1", kind=EntryKind.SENT, lot=lot, day=MONDAY, grams=-5_000, reason="支援", at=MORNING,
        other_org=town.school_a,
    )  # fmt: skip
    assert shortages(town) == {}


def test_days_without_a_menu_are_named_instead_of_guessed(town: World) -> None:
    found = outlook(town.school_a, town.viewer("gao", now=datetime(2024, 3, 6, 0, tzinfo=UTC)))
    assert list(found.days) == [date(2024, 3, 6), date(2024, 3, 7), date(2024, 3, 8)]
    assert list(found.unplanned) == [date(2024, 3, 7), date(2024, 3, 8)]


def test_lots_that_expire_within_the_days_of_the_policy_and_those_past_their_date(town: World) -> None:
    gao = town.viewer("gao", now=MORNING)
    found = outlook(town.school_a, gao)
    assert [str(lot.product) for lot in found.expiring.rows] == ["豆腐"]
    assert [str(lot.product) for lot in found.expired.rows] == ["酸奶"]
    assert found.expiry_days == 7
    set_policy(town.school_a, by=gao, code="canteen.expiry_days", value=200, reason="早作安排")
    assert [str(lot.product) for lot in outlook(town.school_a, gao).expiring.rows] == ["豆腐", "大米"]


def test_everything_that_waits_for_a_second_person_stands_in_one_list_the_urgent_first(town: World) -> None:
    rice = Lot.objects.get(product__name="大米")
    first, second = Delivery.objects.order_by("pk").first(), Delivery.objects.order_by("pk").last()
    made = issue_to_meal(
        town.school_a,
        by=town.viewer("an", now=MORNING),
        meal=ForMeal(MONDAY, "lunch"),
        product=rice.product,
        grams=1_000,
    )
    Delivery.objects.update(origin=Origin.LIVE)
    Issue.objects.filter(pk=made.pk).update(urgent_reason="停电，等不及")
    StockEntry.objects.create(
        org=town.school_a, number="BS-1", kind=EntryKind.WRITTEN_OFF, lot=rice, day=MONDAY, grams=-9_000, reason="受潮",
        at=MORNING, must_sign=True,
    )  # fmt: skip
    Correction.objects.create(
        org=town.school_a, issue=made, right_grams=900, reason="写错", asked_by=town.an, asked_at=MORNING
    )  # fmt: skip
    rows = outlook(town.school_a, town.viewer("gao", now=MORNING)).waiting.rows
    assert rows[0].urgent
    assert rows[0].remark == "停电，等不及"
    assert len(rows) == Delivery.objects.count() + 2
    assert first.number in rows[0].what
    assert first == second or not rows[1].urgent


def test_the_director_reads_a_line_each_on_today_and_others_none(town: World) -> None:
    told = [str(row.what) for row in looking_ahead(town.viewer("gao", now=MORNING))]
    assert told == [
        "1 lot is past its date", "1 product runs short in the next three school days", "1 lot expires within 7 days",
    ]  # fmt: skip
    for person in ("an", "shi", "bo", "hu", "chen"):
        assert list(looking_ahead(town.viewer(person, now=MORNING))) == []


def test_the_page_opens_the_rows_behind_each_figure(town: World) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.gao, backend="allauth.account.auth_backends.AuthenticationBackend")
    with time_machine.travel(MORNING, tick=False):
        page = client.get(reverse("canteen:outlook")).content.decode()
    for anchor in ("waiting", "short", "expiring", "expired"):
        assert f'href="#{anchor}"' in page
        assert f'id="{anchor}"' in page
    assert "1 product runs short in the next three school days" in page


def test_the_outlook_costs_the_same_for_a_rich_menu_and_a_poor_one(town: World) -> None:
    spent = []
    for more in (0, 20):
        if more:
            for number in (3, 4, 5):
                sold(town, number, {f"菜{n}": [f"料{n}", "大米"] for n in range(more)})
        with CaptureQueriesContext(connection) as queries:
            found = outlook(town.school_a, town.viewer("gao", now=MORNING))
        spent.append(len(queries))
    assert len(found.short) == 21
    assert spent[0] == spent[1] <= 32
