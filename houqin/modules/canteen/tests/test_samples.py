"""留样: every dish, enough of it, long enough, and never gone while a recall needs it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from houqin.core.audit.models import AuditEntry
from houqin.core.places.models import Place, PlaceKind
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.modules.canteen.actions.meals import ForMeal, SampleRow, dispose_samples, issue_meal, retain_samples
from houqin.modules.canteen.actions.recalls import close_recall, launch_recall, propose_recall
from houqin.modules.canteen.models import Meal, Recall, Sample
from houqin.modules.canteen.policies import SAMPLE_GRAMS, SAMPLE_HOURS
from houqin.modules.canteen.queries.samples import as_usual, is_protected, missing_samples, protected
from houqin.modules.canteen.tests.kitchen_scene import CHICKEN, LUNCH, Kitchen
from tests.world import NOON, TODAY, World

STEW, BOILED = "土豆烧鸡腿", "米饭"


@pytest.fixture
def fridge(world: World) -> Place:
    """The refrigerator for samples of school A."""
    return make_fridge(world.school_a, "留样冰箱")


def make_fridge(org: Any, name: str, kind: str = PlaceKind.SAMPLE_REFRIGERATOR) -> Place:
    subject = Subject.objects.create(kind="place", org=org, label=name)
    place: Place = Place.objects.create(subject=subject, org=org, kind=kind, name=name)
    return place


def keep(kitchen: Kitchen, *rows: SampleRow, **more: Any) -> list[Sample]:
    """Keep samples of today's lunch as the cook, unless told otherwise."""
    given: dict[str, Any] = {
        "by": kitchen.shi,
        "meal": LUNCH,
        "rows": rows or (SampleRow(BOILED, 125), SampleRow(STEW, 130)),
    }
    return retain_samples(more.pop("org", kitchen.world.school_a), **given | more)


class TestKept:
    def test_all_dishes_in_one_tap_with_what_their_labels_say(self, kitchen: Kitchen, fridge: Place) -> None:
        kept = keep(kitchen, SampleRow(BOILED, 125, "1"), SampleRow(STEW, 130, "2", "0304-2"), place=fridge, tenths=45)
        assert [(one.dish, one.grams, one.box, one.place, one.written_number) for one in kept] == [
            (BOILED, 125, "1", fridge, ""), (STEW, 130, "2", fridge, "0304-2"),
        ]  # fmt: skip
        assert {one.taken_at for one in kept} == {NOON}
        assert {one.keep_until for one in kept} == {NOON + timedelta(hours=48)}
        assert len({one.label_code for one in kept}) == 2
        assert all(one.warnings == [] for one in kept)
        assert missing_samples([Meal.objects.get()]) == {kept[0].meal_id: []}

    def test_too_little_and_too_warm_are_kept_with_a_warning(self, kitchen: Kitchen, fridge: Place) -> None:
        small = keep(kitchen, SampleRow(STEW, 120), place=fridge, tenths=91)[0]
        assert [one["code"] for one in small.warnings] == ["sample-too-small", "sample-too-warm"]
        assert missing_samples([small.meal]) == {small.meal_id: [BOILED]}

    def test_a_school_may_want_more_for_longer(self, kitchen: Kitchen, world: World) -> None:
        for code, value in ((SAMPLE_GRAMS, 150), (SAMPLE_HOURS, 72)):
            set_policy(world.school_a, by=world.viewer("gao"), code=code, value=value, reason="区里要求")
        kept = keep(kitchen, SampleRow(STEW, 130))[0]
        assert kept.warnings[0]["params"] == {"grams": "130", "least": "150"}
        assert kept.keep_until == NOON + timedelta(hours=72)

    def test_the_next_time_it_is_as_usual(self, kitchen: Kitchen, fridge: Place, world: World) -> None:
        assert as_usual(world.school_a, 125) == as_usual(world.school_a, 125).__class__(125, fridge)
        make_fridge(world.school_a, "二号留样冰箱")
        assert as_usual(world.school_a, 125).place is None
        keep(kitchen, SampleRow(STEW, 150), place=fridge)
        assert (as_usual(world.school_a, 125).grams, as_usual(world.school_a, 125).place) == (150, fridge)


class TestRefusedToKeep:
    @pytest.fixture(autouse=True)
    def _nothing_changes(self, kitchen: Kitchen) -> Iterator[None]:
        keep(kitchen, SampleRow(STEW, 125, written_number="7"))
        before = Sample.objects.count(), AuditEntry.objects.count()
        yield
        assert (Sample.objects.count(), AuditEntry.objects.count()) == before

    @pytest.mark.parametrize(
        "rows",
        [
            [],
            [SampleRow(BOILED, 125), SampleRow(STEW, 125)],
            [SampleRow(BOILED, 125), SampleRow(BOILED, 125)],
            [SampleRow("没有的菜", 125)],
            [SampleRow(BOILED, 0)],
            [SampleRow(BOILED, 125_000)],
            [SampleRow(BOILED, 125, written_number="7")],
        ],
    )
    def test_impossible_rows(self, kitchen: Kitchen, rows: list[SampleRow]) -> None:
        with pytest.raises(Refused):
            keep(kitchen, rows=rows)

    @pytest.mark.parametrize("days", [-1, 1])
    def test_neither_before_nor_from_memory(self, kitchen: Kitchen, days: int) -> None:
        with pytest.raises(Refused):
            keep(kitchen, SampleRow(BOILED, 125), meal=ForMeal(TODAY + timedelta(days=days), "lunch"))

    def test_the_wrong_refrigerator(self, kitchen: Kitchen, world: World) -> None:
        for place, error in (
            (make_fridge(world.school_b, "外校冰箱"), NotVisible),
            (make_fridge(world.school_a, "肉类冰箱", PlaceKind.REFRIGERATOR), Refused),
        ):
            with pytest.raises(error):
                keep(kitchen, SampleRow(BOILED, 125), place=place)
        with pytest.raises(Refused):
            keep(kitchen, SampleRow(BOILED, 125), tenths=4_000)

    def test_whom_it_does_not_concern(self, kitchen: Kitchen, world: World) -> None:
        for name, error in (("lin", PermissionDenied), ("bo", PermissionDenied), ("hu", NotVisible)):
            with pytest.raises(error):
                keep(kitchen, SampleRow(BOILED, 125), by=world.viewer(name))


def bad_chicken(kitchen: Kitchen, **more: Any) -> Recall:
    """The town recalls the chicken of batch C."""
    world = kitchen.world
    recall = propose_recall(
        world.town, by=world.viewer("bo"), supplier=kitchen.supplier, product=kitchen.goods[CHICKEN], batch="C",
        produced_on=kitchen.lots["C"].produced_on, reason="供货方来电", **more,
    )  # fmt: skip
    return launch_recall(recall, by=world.viewer("bai"))


class TestDisposal:
    @pytest.fixture
    def kept(self, kitchen: Kitchen) -> list[Sample]:
        issue_meal(kitchen.world.school_a, by=kitchen.an, meal=LUNCH, lines=kitchen.wanted(大米=9, 鸡腿=7))
        return keep(kitchen)

    @pytest.fixture
    def later(self, kitchen: Kitchen) -> Viewer:
        return kitchen.at("shi", hours=48)

    def test_after_48_hours_and_once(self, kept: list[Sample], later: Viewer) -> None:
        gone = dispose_samples(kept, by=later, note="倒入餐厨垃圾")
        assert {(one.disposed_at, one.disposed_by_id, one.disposal_note) for one in gone} == {
            (later.now, later.account_id, "倒入餐厨垃圾")
        }
        assert not Sample.objects.kept().exists()
        with pytest.raises(Refused, match="石师傅"):
            dispose_samples(kept[:1], by=later)

    def test_not_a_second_before_and_all_or_none(self, kitchen: Kitchen, kept: list[Sample]) -> None:
        Sample.objects.filter(pk=kept[0].pk).update(keep_until=NOON, taken_at=NOON - timedelta(hours=48))
        with pytest.raises(Refused, match="2024-03-06 12:00"):
            dispose_samples(kept, by=kitchen.at("shi", hours=48, seconds=-1))
        assert Sample.objects.kept().count() == 2

    def test_where_longer_was_set_meanwhile_it_waits(self, kept: list[Sample], later: Viewer, world: World) -> None:
        set_policy(world.school_a, by=world.viewer("gao"), code=SAMPLE_HOURS, value=72, reason="区里要求")
        with pytest.raises(Refused, match="2024-03-07 12:00"):
            dispose_samples(kept, by=later)

    def test_a_recall_under_way_protects_the_samples_of_its_meals(
        self, kitchen: Kitchen, kept: list[Sample], later: Viewer, world: World
    ) -> None:
        recall = bad_chicken(kitchen)
        assert protected(kept) == {one.pk: recall for one in kept}
        assert Sample.objects.filter(is_protected()).count() == 2
        with pytest.raises(Refused, match=recall.number):
            dispose_samples(kept, by=later)
        close_recall(recall, by=world.viewer("bo"), report="检验合格", silent_reason="已电话确认")
        assert protected(kept) == {}
        assert len(dispose_samples(kept, by=later)) == 2

    def test_a_drill_and_another_meal_protect_nothing(
        self, kitchen: Kitchen, kept: list[Sample], later: Viewer
    ) -> None:
        bad_chicken(kitchen, is_drill=True)
        assert protected(kept) == {}
        other = keep(kitchen, SampleRow("粥", 125), meal=kitchen.breakfast("粥"))
        bad_chicken(kitchen)
        assert set(protected([*kept, *other])) == {one.pk for one in kept}
        assert len(dispose_samples(other, by=later)) == 1

    def test_whom_it_does_not_concern(self, kept: list[Sample], world: World) -> None:
        later = NOON + timedelta(hours=60)
        for name, error in (("lin", PermissionDenied), ("bo", PermissionDenied), ("hu", NotVisible)):
            with pytest.raises(error):
                dispose_samples(kept, by=world.viewer(name, now=later))
        assert Sample.objects.kept().count() == 2

    def test_it_costs_the_same_to_ask_for_one_and_for_many(self, kitchen: Kitchen, kept: list[Sample]) -> None:
        bad_chicken(kitchen)
        costs = []
        for some in (kept[:1], kept):
            with CaptureQueriesContext(connection) as queries:
                protected(some)
            costs.append(len(queries))
        assert costs == [2, 2]
