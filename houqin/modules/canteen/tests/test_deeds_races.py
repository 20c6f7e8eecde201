"""Two at once in the store: nothing is counted twice, and stock is never negative."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from houqin.core.scope.refusals import Refused
from houqin.modules.canteen.actions.corrections import correct_line, decide_correction
from houqin.modules.canteen.actions.deeds import (
    Counted,
    count_store,
    dispose_of_frozen,
    receive_from_school,
    return_to_supplier,
    send_to_school,
    take_back,
    write_off,
)
from houqin.modules.canteen.actions.live import ForMeal, issue_to_meal
from houqin.modules.canteen.models import (
    Correction,
    Delivery,
    DeliveryLine,
    Issue,
    Lot,
    Origin,
    StockEntry,
    Stocktake,
)
from houqin.modules.canteen.tests.deeds_scene import REASON, Store, make_store
from houqin.modules.canteen.tests.ledger import LATER, check_balances
from houqin.modules.canteen.tests.test_corrections import freeze
from houqin.modules.canteen.tests.test_races import at_once
from tests.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store() -> Store:
    made = make_store(make_world())
    made.rule("canteen.write_off_photo", False)
    return made


def issue(store: Store, grams: int) -> Issue:
    meal = ForMeal(LATER.date(), "lunch")
    lot = store.lot()
    return issue_to_meal(store.world.school_a, by=store.by("an"), meal=meal, product=lot.product, grams=grams, lot=lot)


def returned(store: Store, grams: int, **more: Any) -> StockEntry:
    return return_to_supplier(store.lot(), by=store.by("an"), grams=grams, reason=REASON, **more)


def done(outcome: list[Any]) -> list[Any]:
    return [one for one in outcome if not isinstance(one, Refused)]


def test_a_double_tap_is_one_entry(store: Store) -> None:
    key = uuid4()
    outcome = at_once(*[lambda: returned(store, 6_000, idempotency=key)] * 3)
    assert len({entry.pk for entry in outcome}) == 1
    assert store.left() == 4_000
    check_balances()


def test_two_keepers_on_one_lot_take_what_is_there_once(store: Store) -> None:
    outcome = at_once(*[lambda: returned(store, 6_000)] * 2)
    assert len(done(outcome)) == 1
    assert store.left() == 4_000
    check_balances()


def test_numbers_given_at_once_differ(store: Store) -> None:
    outcome = at_once(*[lambda: returned(store, 1_000)] * 4)
    assert {entry.number for entry in outcome} == {f"TH-2024-000{n}" for n in (1, 2, 3, 4)}


def test_an_issue_and_a_write_off_share_what_is_there(store: Store) -> None:
    outcome = at_once(
        lambda: issue(store, 6_000),
        lambda: write_off(store.lot(), by=store.by("an"), grams=6_000, reason=REASON),
    )
    assert len(done(outcome)) == 1
    assert store.left() == 4_000
    check_balances()


def test_a_return_while_the_lot_is_frozen_happens_before_or_not_at_all(store: Store) -> None:
    def hold() -> int:
        with transaction.atomic():
            lot = Lot.objects.select_for_update(of=("self",)).select_related("supplier", "product").get(batch="A")
            freeze(store.world, lot)
            return int(lot.on_hand_grams)

    outcome, seen = at_once(lambda: returned(store, 6_000), hold)
    assert seen == store.left() == (4_000 if isinstance(outcome, StockEntry) else 10_000)
    with pytest.raises(Refused, match="ZH-1"):
        returned(store, 1)
    check_balances()


def test_a_transfer_is_received_once(store: Store) -> None:
    sent = send_to_school(store.lot(), by=store.by("an"), to=store.world.school_b, grams=6_000, reason="支援")
    outcome = at_once(*[lambda: receive_from_school(sent, by=store.by("hu"), grams=6_000)] * 3)
    assert len(done(outcome)) == 1
    assert store.left(school=store.world.school_b) == 6_000
    check_balances()


def test_a_transfer_is_received_or_taken_back(store: Store) -> None:
    sent = send_to_school(store.lot(), by=store.by("an"), to=store.world.school_b, grams=6_000, reason="支援")
    outcome = at_once(
        lambda: receive_from_school(sent, by=store.by("hu"), grams=6_000),
        lambda: take_back(sent, by=store.by("an"), reason="车坏"),
    )
    assert len(done(outcome)) == 1
    assert sum(Lot.objects.filter(batch="A").values_list("on_hand_grams", flat=True)) == 10_000
    check_balances()


def test_goods_that_cross_between_two_schools_never_wait_for_each_other(store: Store) -> None:
    there = send_to_school(store.lot(), by=store.by("an"), to=store.world.school_b, grams=3_000, reason="支援")
    receive_from_school(there, by=store.by("hu"), grams=3_000)
    lot = store.lot(school=store.world.school_b)
    ways = at_once(
        lambda: send_to_school(store.lot(), by=store.by("an"), to=store.world.school_b, grams=1_000, reason="支援"),
        lambda: send_to_school(lot, by=store.by("hu"), to=store.world.school_a, grams=1_000, reason="支援"),
    )
    at_once(
        lambda: receive_from_school(ways[0], by=store.by("hu"), grams=1_000),
        lambda: receive_from_school(ways[1], by=store.by("an"), grams=1_000),
    )
    assert sum(Lot.objects.filter(batch="A").values_list("on_hand_grams", flat=True)) == 10_000
    check_balances()


def test_a_reversal_twice_counts_once(store: Store) -> None:
    store.rule("canteen.signature_first", False)
    Delivery.objects.update(origin=Origin.LIVE, accepted_by=store.world.an, recorded_at=LATER)
    line = DeliveryLine.objects.get(lot=store.lot())
    outcome = at_once(*[lambda: correct_line(line, by=store.by("an"), right_grams=7_000)] * 3)
    assert len(done(outcome)) == 1
    assert store.left() == 7_000
    check_balances()


def test_a_correction_is_decided_once(store: Store) -> None:
    Delivery.objects.update(origin=Origin.LIVE)
    line = DeliveryLine.objects.get(lot=store.lot())
    asked = correct_line(line, by=store.by("an"), right_grams=7_000, reason="看错秤")
    assert isinstance(asked, Correction)
    outcome = at_once(
        lambda: decide_correction(asked, by=store.by("gao"), agreed=True),
        lambda: decide_correction(asked, by=store.by("shi"), agreed=True),
    )
    assert len(done(outcome)) == 1
    assert store.left() == 7_000
    check_balances()


def test_a_stock_take_while_goods_are_issued_is_counted_again_or_first(store: Store) -> None:
    lot = store.lot()
    issued, taken = at_once(
        lambda: issue(store, 6_000),
        lambda: count_store(store.world.school_a, by=store.by("an"), lines=[Counted(lot, 9_900, "", 10_000)]),
    )
    assert isinstance(issued, Issue)
    assert store.left() == (3_900 if isinstance(taken, Stocktake) else 4_000)
    check_balances()


def test_what_was_frozen_is_disposed_of_once(store: Store) -> None:
    freeze(store.world, store.lot())
    outcome = at_once(*[lambda: dispose_of_frozen(store.lot(), by=store.by("an"), grams=10_000, reason="销毁")] * 2)
    assert len(done(outcome)) == 1
    assert store.left() == 0
    check_balances()
