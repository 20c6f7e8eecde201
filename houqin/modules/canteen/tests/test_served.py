"""Which meals duties are counted from."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from houqin.core.calendars.models import DayKind, DayMark
from houqin.core.orgs.models import CanteenMode, SchoolFacts
from houqin.flows.duties.registry import meals_of
from houqin.modules.canteen.models import CanteenCard
from tests.world import NOON, World

MONDAY, SATURDAY = date(2024, 3, 4), date(2024, 3, 9)


def served(world: World, day: date) -> list[tuple[str, str]]:
    found = meals_of([world.school_a], day).get(world.school_a.pk, [])
    return [(slot, f"{timezone.localtime(at):%H:%M}") for slot, at in found]


class TestMealsOfADay:
    def test_a_boarding_school_serves_three_and_keeps_the_times_of_its_unit(self, world: World) -> None:
        assert served(world, MONDAY) == [("breakfast", "07:00"), ("lunch", "11:40"), ("dinner", "17:30")]

    def test_nobody_is_fed_on_a_free_day(self, world: World) -> None:
        assert served(world, SATURDAY) == []

    def test_boarders_who_stay_eat_on_the_weekend_too(self, world: World) -> None:
        DayMark.objects.create(org=world.town, day=SATURDAY, kind=DayKind.BOARDING_WEEKEND)
        assert [slot for slot, _at in served(world, SATURDAY)] == ["breakfast", "lunch", "dinner"]

    def test_a_day_school_serves_lunch_only(self, world: World) -> None:
        SchoolFacts.objects.filter(org=world.school_a).update(boarders=0)
        assert [slot for slot, _at in served(world, MONDAY)] == ["lunch"]

    def test_the_card_says_otherwise_from_its_day_on(self, world: World) -> None:
        CanteenCard.objects.create(
            org=world.school_a, valid_from=MONDAY, mode=CanteenMode.OWN, serves_breakfast=False, serves_dinner=True, asked_at=NOON
        )  # fmt: skip
        assert [slot for slot, _at in served(world, MONDAY)] == ["lunch", "dinner"]
        assert len(served(world, MONDAY - timedelta(days=3))) == 3

    def test_a_school_without_meals_has_none(self, world: World) -> None:
        SchoolFacts.objects.filter(org=world.school_a).update(canteen_mode=CanteenMode.NONE)
        assert served(world, MONDAY) == []

    @pytest.mark.django_db
    def test_it_asks_six_questions_for_any_number_of_schools(
        self, world: World, django_assert_max_num_queries: pytest.FixtureRequest
    ) -> None:
        with django_assert_max_num_queries(6):  # type: ignore[operator]
            assert set(meals_of([world.school_a, world.school_b, world.school_c], MONDAY)) == {
                world.school_a.pk, world.school_b.pk, world.school_c.pk,
            }  # fmt: skip
