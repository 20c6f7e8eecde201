"""Two at once for one meal: stock is given out once, and a tap that comes second takes nothing."""

from uuid import uuid4

import pytest

from houqin.core.scope.refusals import Refused
from houqin.modules.canteen.actions.meals import IssueLine, issue_meal
from houqin.modules.canteen.actions.recalls import launch_recall, propose_recall
from houqin.modules.canteen.models import Issue, Lot, Meal
from houqin.modules.canteen.tests.kitchen_scene import CHICKEN, LUNCH, Kitchen, make_kitchen
from houqin.modules.canteen.tests.ledger import check_balances
from houqin.modules.canteen.tests.test_races import at_once
from tests.world import TODAY, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kitchen() -> Kitchen:
    return make_kitchen(make_world())


def test_two_keepers_with_the_same_goods_in_another_order_never_wait_for_each_other(kitchen: Kitchen) -> None:
    school, lines = kitchen.world.school_a, kitchen.wanted(大米=10, 鸡腿=6, 土豆=2)
    outcome = at_once(
        lambda: issue_meal(school, by=kitchen.an, meal=LUNCH, lines=lines),
        lambda: issue_meal(school, by=kitchen.world.viewer("gao"), meal=LUNCH, lines=lines[::-1]),
    )
    assert sum(isinstance(one, Refused) for one in outcome) == 1
    assert (Issue.objects.count(), Meal.objects.count()) == (3, 1)
    assert dict(Lot.objects.values_list("batch", "on_hand_grams")) == {"A": 0, "B": 15_000, "C": 4_000, "D": 1_000}
    check_balances()


def test_a_double_tap_of_the_plan_issues_it_once(kitchen: Kitchen) -> None:
    def tap() -> list[Issue]:
        return issue_meal(
            kitchen.world.school_a, by=kitchen.an, meal=LUNCH, lines=kitchen.wanted(大米=9, 鸡腿=5), seen=0
        )

    outcome = at_once(tap, tap, tap)
    assert sum(isinstance(one, Refused) for one in outcome) == 2
    assert Issue.objects.count() == 2
    check_balances()


def test_a_phone_that_sends_the_plan_twice_at_once_gets_one_answer(kitchen: Kitchen) -> None:
    key = uuid4()

    def send() -> list[Issue]:
        return issue_meal(
            kitchen.world.school_a,
            by=kitchen.an,
            meal=LUNCH,
            lines=kitchen.wanted(大米=9, 鸡腿=5),
            seen=0,
            idempotency=key,
        )

    first, second = at_once(send, send)
    assert [one.pk for one in first] == [one.pk for one in second]
    assert Issue.objects.count() == 2


def test_goods_frozen_while_they_are_issued_are_issued_before_or_not_at_all(kitchen: Kitchen) -> None:
    world, bad = kitchen.world, kitchen.lots["C"]
    recall = propose_recall(
        world.town, by=world.viewer("bo"), supplier=kitchen.supplier, product=kitchen.goods[CHICKEN], batch="C",
        produced_on=bad.produced_on, reason="供货方来电",
    )  # fmt: skip
    outcome, _recall = at_once(
        lambda: issue_meal(world.school_a, by=kitchen.an, meal=LUNCH, lines=kitchen.wanted(大米=9, 鸡腿=7)),
        lambda: launch_recall(recall, by=world.viewer("bai")),
    )
    lot = Lot.objects.get(batch="C")
    held = recall.lots.get(lot=lot)
    if isinstance(outcome, Refused):
        assert recall.number in str(outcome.message)
        assert (lot.on_hand_grams, held.issued_today_grams, Issue.objects.count()) == (10_000, 0, 0)
    else:
        assert (lot.on_hand_grams, held.issued_today_grams, Issue.objects.count()) == (3_000, 7_000, 2)
    assert lot.is_frozen
    with pytest.raises(Refused, match=recall.number):
        issue_meal(world.school_a, by=kitchen.an, meal=LUNCH, lines=[IssueLine(kitchen.goods[CHICKEN], 1_000, lot)])
    assert Meal.objects.get().day == TODAY
    check_balances()
