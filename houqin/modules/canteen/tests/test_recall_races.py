"""Two people at once: exactly one deed counts, and the other is told why not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from houqin.core.scope.refusals import Refused
from houqin.modules.canteen.actions.live import ForMeal, issue_to_meal
from houqin.modules.canteen.actions.recalls import launch_recall, propose_recall, withdraw_recall
from houqin.modules.canteen.models import Issue, Lot, MealKind, Recall, RecallLot
from houqin.modules.canteen.tests.recall_scene import Scene, make_scene
from tests.world import TODAY, make_world

pytestmark = pytest.mark.django_db(transaction=True)
Deed = Callable[[], Any]


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    """Committed, so that other connections see it."""
    return make_scene(make_world())


def at_once(*deeds: Deed) -> list[Any]:
    """Each in a thread and connection of its own, begun together; a refusal is an answer too."""
    start = Barrier(len(deeds))

    def run(deed: Deed) -> Any:
        try:
            start.wait(timeout=10)
            return deed()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, deed) for deed in deeds]]


def refusals(answers: list[Any]) -> int:
    """How many were refused."""
    return sum(isinstance(answer, Refused) for answer in answers)


@pytest.mark.parametrize("attempt", range(3))
def test_a_lot_that_is_being_issued_while_it_is_frozen(scene: Scene, attempt: int) -> None:
    recall, world = scene.proposed(), scene.world
    keeper, second = world.viewer("an"), world.viewer("bai")
    answers = at_once(
        lambda: launch_recall(recall, by=second),
        lambda: issue_to_meal(
            world.school_a, by=keeper, meal=ForMeal(TODAY, MealKind.LUNCH), product=scene.product, grams=2_000,
            lot=scene.lot_a,
        ),
    )  # fmt: skip
    lot, noted = Lot.objects.get(pk=scene.lot_a.pk), RecallLot.objects.get(lot=scene.lot_a)
    assert isinstance(answers[0], Recall)
    assert lot.frozen_by == recall
    assert noted.in_store_grams == lot.on_hand_grams, "what the recall noted is what is there"
    if isinstance(answers[1], Refused):
        assert recall.number in str(answers[1].message)
        assert lot.on_hand_grams == 7_000
        assert Issue.objects.filter(quantity_grams=2_000).count() == 0
    else:
        assert (lot.on_hand_grams, noted.issued_today_grams) == (5_000, 7_000)


def test_a_frozen_lot_is_refused_and_another_named(scene: Scene) -> None:
    recall, world = scene.launched(), scene.world
    meal = ForMeal(TODAY, MealKind.LUNCH)
    with pytest.raises(Refused, match=recall.number):
        issue_to_meal(
            world.school_a, by=world.viewer("an"), meal=meal, product=scene.product, grams=1_000, lot=scene.lot_a
        )
    issue = issue_to_meal(world.school_a, by=world.viewer("an"), meal=meal, product=scene.product, grams=1_000)
    assert set(issue.moves.values_list("lot_id", flat=True)) == {scene.other_a.pk}, "children eat from the other lot"


def test_launched_by_two_at_once(scene: Scene) -> None:
    recall, world = scene.proposed(), scene.world
    by = [world.viewer("bai"), world.viewer("op")]
    answers = at_once(*(lambda who=who: launch_recall(recall, by=who) for who in by))
    assert refusals(answers) == 1
    assert RecallLot.objects.count() == 3
    assert recall.answers.count() == 2


def test_withdrawn_by_two_at_once(scene: Scene) -> None:
    recall, world = scene.launched(), scene.world
    by = [world.viewer("bo"), world.viewer("bai")]
    answers = at_once(*(lambda who=who: withdraw_recall(recall, by=who, reason="批号看错") for who in by))
    assert refusals(answers) == 1
    assert not Lot.objects.filter(frozen_by__isnull=False).exists()


def test_the_same_goods_prepared_by_two_at_once(scene: Scene) -> None:
    world = scene.world
    by = [world.viewer("bo"), world.viewer("bai")]
    answers = at_once(*(lambda who=who: propose_recall(world.town, by=who, **scene.asked()) for who in by))
    assert refusals(answers) == 1
    assert Recall.objects.count() == 1


def test_two_units_prepare_at_once_and_each_gets_its_number(scene: Scene) -> None:
    world = scene.world
    answers = at_once(
        lambda: propose_recall(world.school_a, by=world.viewer("an"), **scene.asked()),
        lambda: propose_recall(world.school_b, by=world.viewer("hu"), **scene.asked()),
    )
    assert refusals(answers) == 0
    assert sorted(Recall.objects.values_list("number", flat=True)) == ["FC-20240304-0001", "FC-20240304-0002"]
