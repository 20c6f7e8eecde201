"""Two at once: on SQLite the second waits for the first, on PostgreSQL the lots and schools are held."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from houqin.core.scope.refusals import Refused
from houqin.modules.canteen.actions.live import ForMeal, issue_to_meal
from houqin.modules.canteen.models import DeliveryLine, Issue, Lot, Product, StockMove
from houqin.modules.canteen.tests.ledger import LATER, came, check_balances, day, went, write
from houqin.modules.canteen.tests.test_corrections import freeze
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
LUNCH = ForMeal(day(40), "lunch")


@pytest.fixture
def town() -> World:
    world = make_world()
    write(world.town, world.viewer("bo", now=LATER), came(world.school_a, 1, 10, produced=0, batch="A"))
    return world


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed returned, or the refusal it met."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return deed()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_the_last_kilograms_are_given_out_once(town: World) -> None:
    an, rice = town.viewer("an", now=LATER), Product.objects.get()

    def issue() -> Issue:
        return issue_to_meal(town.school_a, by=an, meal=LUNCH, product=rice, grams=6_000)

    outcome = at_once(issue, issue, issue)
    assert sum(isinstance(one, Issue) for one in outcome) == 1
    assert Lot.objects.get().on_hand_grams == 4_000
    check_balances()


def test_a_phone_that_sends_twice_at_once_is_recorded_once(town: World) -> None:
    an, rice, key = town.viewer("an", now=LATER), Product.objects.get(), uuid4()

    def issue() -> Issue:
        return issue_to_meal(town.school_a, by=an, meal=LUNCH, product=rice, grams=10_000, idempotency=key)

    first, second = at_once(issue, issue)
    assert first.pk == second.pk
    assert Issue.objects.count() == 1


def test_a_lot_frozen_while_being_issued_is_either_issued_before_or_refused(town: World) -> None:
    an, rice = town.viewer("an", now=LATER), Product.objects.get()

    def issue() -> Issue:
        return issue_to_meal(town.school_a, by=an, meal=LUNCH, product=rice, grams=6_000, lot=Lot.objects.get())

    def hold() -> int:
        with transaction.atomic():
            lot = Lot.objects.select_for_update(of=("self",)).select_related("supplier", "product").get()
            freeze(town, lot)
            return int(lot.on_hand_grams)

    outcome, seen = at_once(issue, hold)
    lot = Lot.objects.get()
    assert lot.is_frozen
    assert seen == lot.on_hand_grams == (4_000 if isinstance(outcome, Issue) else 10_000)
    with pytest.raises(Refused, match="ZH-1"):
        issue()
    check_balances()


def test_two_books_for_one_school_never_take_the_same_grams(town: World) -> None:
    bo, bai = town.viewer("bo", now=LATER), town.viewer("bai", now=LATER)
    books = [
        lambda by=by: write(
            town.town, by, went(town.school_a, 5, 6), came(town.school_a, 5, 1, product="番茄", supplier="丁")
        )
        for by in (bo, bai)
    ]
    outcome = at_once(*books)
    assert sum(isinstance(one, Refused) for one in outcome) == 1
    assert Issue.objects.count() == 1
    assert DeliveryLine.objects.filter(lot__product__name="番茄").count() == 1
    assert StockMove.objects.filter(issue__isnull=False).count() == 1
    check_balances()
