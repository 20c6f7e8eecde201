"""Issuing as it happens, and counting who ate."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.people.models import ClassGroup
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.modules.canteen.actions.goods import correct_product, record_product
from houqin.modules.canteen.actions.live import ForMeal, issue_to_meal, record_headcount
from houqin.modules.canteen.models import Headcount, Issue, Lot, Meal, Origin, Product, StockMove
from houqin.modules.canteen.tests.ledger import LATER, came, check_balances, counted, day, from_lots, went, write
from houqin.modules.canteen.tests.test_corrections import freeze
from tests.world import World

LUNCH = ForMeal(day(40), "lunch")


@pytest.fixture
def an(world: World) -> Any:
    return world.viewer("an", now=LATER)


@pytest.fixture
def rice(world: World) -> Product:
    """Rice in school A: batch A 10 kg, older than batch B 20 kg."""
    a = world.school_a
    write(
        world.town,
        world.viewer("bo", now=LATER),
        came(a, 1, 10, produced=0, batch="A"),
        came(a, 2, 20, produced=1, batch="B"),
    )
    return Product.objects.get()


class TestIssue:
    def test_the_oldest_produced_goes_first_and_is_only_possible(self, world: World, an: Any, rice: Product) -> None:
        issue = issue_to_meal(world.school_a, by=an, meal=LUNCH, product=rice, grams=15_000, taken_by="张师傅")
        assert from_lots(issue.public_id) == {"A": 10.0, "B": 5.0}
        assert (issue.origin, issue.meal.day, issue.taken_by) == (Origin.LIVE, day(40), "张师傅")
        assert not StockMove.objects.filter(issue=issue, is_certain=True).exists()
        check_balances()

    def test_a_named_lot_is_taken_and_certain(self, world: World, an: Any, rice: Product) -> None:
        lot = Lot.objects.get(batch="B")
        issue = issue_to_meal(world.school_a, by=an, meal=LUNCH, product=rice, grams=15_000, lot=lot)
        assert from_lots(issue.public_id) == {"B": 15.0}
        assert StockMove.objects.get(issue=issue).is_certain

    def test_the_same_key_is_recorded_once(self, world: World, an: Any, rice: Product) -> None:
        key = uuid4()
        first = issue_to_meal(world.school_a, by=an, meal=LUNCH, product=rice, grams=30_000, idempotency=key)
        again = issue_to_meal(world.school_a, by=an, meal=LUNCH, product=rice, grams=30_000, idempotency=key)
        assert first.pk == again.pk
        assert Issue.objects.count() == 1
        with pytest.raises(Refused):
            issue_to_meal(world.school_a, by=an, meal=LUNCH, product=rice, grams=1_000, idempotency=key)

    def test_all_names_of_a_product_are_one_stock(self, world: World, an: Any, rice: Product) -> None:
        other = Product.objects.create(org=world.town, name="稻米", merged_into=rice, root=rice)
        issue = issue_to_meal(world.school_a, by=an, meal=LUNCH, product=other, grams=5_000)
        assert from_lots(issue.public_id) == {"A": 5.0}


class TestRefusals:
    @pytest.fixture(autouse=True)
    def _nothing_changes(self, world: World, rice: Product) -> Any:
        before = counted()
        yield
        assert counted() == before

    def test_more_than_there_is(self, world: World, an: Any, rice: Product) -> None:
        with pytest.raises(Refused, match="31"):
            issue_to_meal(world.school_a, by=an, meal=LUNCH, product=rice, grams=31_000)

    def test_a_frozen_lot_names_the_one_to_use(self, world: World, an: Any, rice: Product) -> None:
        lot = Lot.objects.get(batch="A")
        freeze(world, lot)
        with pytest.raises(Refused, match=r"(?s)ZH-1.*B.*20"):
            issue_to_meal(world.school_a, by=an, meal=LUNCH, product=rice, grams=5_000, lot=lot)
        with pytest.raises(Refused, match=r"(?s)25.*20.*10.*ZH-1"):
            issue_to_meal(world.school_a, by=an, meal=LUNCH, product=rice, grams=25_000)

    def test_more_than_the_lot_holds(self, world: World, an: Any, rice: Product) -> None:
        with pytest.raises(Refused, match=r"(?s)10.*12.*B"):
            issue_to_meal(world.school_a, by=an, meal=LUNCH, product=rice, grams=12_000, lot=Lot.objects.get(batch="A"))

    @pytest.mark.parametrize(
        ("grams", "meal"), [(0, LUNCH), (-5, LUNCH), (5, ForMeal(day(200), "lunch")), (5, ForMeal(day(3), "tea"))]
    )
    def test_impossible_entries(self, world: World, an: Any, rice: Product, grams: int, meal: ForMeal) -> None:
        with pytest.raises(Refused):
            issue_to_meal(world.school_a, by=an, meal=meal, product=rice, grams=grams)

    def test_a_lot_of_something_else(self, world: World, an: Any, rice: Product) -> None:
        flour = Product(org=world.town, name="面粉", pk=10**9)
        with pytest.raises(Refused):
            issue_to_meal(world.school_a, by=an, meal=LUNCH, product=flour, grams=1, lot=Lot.objects.get(batch="A"))

    def test_another_school(self, world: World, an: Any, rice: Product) -> None:
        with pytest.raises(NotVisible):
            issue_to_meal(world.school_b, by=an, meal=LUNCH, product=rice, grams=1)
        with pytest.raises(NotVisible):
            issue_to_meal(
                world.school_b,
                by=world.viewer("hu", now=LATER),
                meal=LUNCH,
                product=rice,
                grams=1,
                lot=Lot.objects.get(batch="A"),
            )

    def test_who_only_reads(self, world: World, rice: Product) -> None:
        with pytest.raises(PermissionDenied):
            issue_to_meal(world.school_a, by=world.viewer("eve", now=LATER), meal=LUNCH, product=rice, grams=1)


class TestHeadcount:
    def test_by_class_and_a_second_count_takes_the_place_of_the_first(self, world: World, an: Any) -> None:
        meal = Meal.objects.create(org=world.school_a, day=day(40), kind="lunch")
        group = ClassGroup.objects.get()
        record_headcount(meal, by=an, counts={group: 40})
        record_headcount(meal, by=an, counts={group: 41, None: 300})
        assert set(Headcount.objects.values_list("class_group__name", "eaters")) == {("三年级一班", 41), (None, 300)}

    def test_refusals_change_nothing(self, world: World, an: Any) -> None:
        meal = Meal.objects.create(org=world.school_a, day=day(40), kind="lunch")
        other = ClassGroup.objects.create(org=world.school_b, name="七年级一班", school_year=2023)
        for counts, error in (({None: -1}, Refused), ({None: 20_001}, Refused), ({other: 5}, NotVisible)):
            with pytest.raises(error):
                record_headcount(meal, by=an, counts=counts)  # type: ignore[arg-type]
        with pytest.raises(NotVisible):
            record_headcount(meal, by=world.viewer("hu", now=LATER), counts={None: 5})
        assert not Headcount.objects.exists()


class TestProducts:
    def test_recorded_with_what_its_name_usually_means(self, world: World, an: Any) -> None:
        row = record_product(world.school_a, by=an, name=" 鸡大腿 ")
        assert (row.name, row.category, row.shelf_life_days) == ("鸡大腿", "poultry", 3)

    def test_a_name_in_sight_is_not_recorded_twice(self, world: World, an: Any) -> None:
        Product.objects.create(org=world.district, name="大米")
        with pytest.raises(Refused):
            record_product(world.school_a, by=an, name="大米")
        assert Product.objects.count() == 1

    def test_corrected_by_those_who_keep_it(self, world: World, an: Any) -> None:
        row = record_product(world.school_a, by=an, name="鸡大腿")
        assert correct_product(row, by=an, category="meat", shelf_life_days=2).category == "meat"
        with pytest.raises(NotVisible):
            correct_product(row, by=world.viewer("hu", now=LATER), category="egg", shelf_life_days=None)


def test_paper_issues_and_live_issues_share_the_store(world: World, an: Any, rice: Product) -> None:
    issue_to_meal(world.school_a, by=an, meal=LUNCH, product=rice, grams=25_000)
    taken = went(world.school_a, 41, 6)
    with pytest.raises(Refused, match="5"):
        write(world.school_a, an, taken)
