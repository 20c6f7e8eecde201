"""Who eats: reported by class, expected by roll, leave and night roll; staff and guests apart."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.notices.models import Notice
from houqin.core.people.models import ClassGroup, Pupil
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.modules.canteen.actions.heads import (
    record_absences,
    record_night_roll,
    remind_missing,
    report_heads,
    report_others,
)
from houqin.modules.canteen.actions.live import record_headcount
from houqin.modules.canteen.models import Absence, Headcount, Issue, Meal, NightRoll, Origin, Product
from houqin.modules.canteen.queries.eaters import eaters_of
from houqin.modules.canteen.queries.heads import heads_for, heads_of
from houqin.modules.canteen.rules.heads import Away
from houqin.modules.canteen.tests.dining import BREAKFAST, DINNER, LATE, LUNCH, Dining
from tests.world import NOON, TODAY

TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


def heads(dining: Dining, kind: str = LUNCH, day: date = TODAY) -> Any:
    return heads_for((dining.world.school_a, day, kind))


def row(group: ClassGroup, kind: str = LUNCH) -> Headcount:
    return Headcount.objects.get(class_group=group, meal__kind=kind)


class TestExpected:
    def test_lunch_is_for_all_breakfast_and_dinner_for_boarders(self, dining: Dining) -> None:
        assert {kind: heads(dining, kind).total for kind in (BREAKFAST, LUNCH, DINNER)} == {
            BREAKFAST: 10, LUNCH: 70, DINNER: 10,
        }  # fmt: skip
        assert not heads(dining).confirmed
        assert [(one.name, one.eaters) for one in heads(dining).by_class] == [("三年级一班", 40), ("四年级一班", 30)]

    def test_children_on_no_class_list_are_expected_besides(self, dining: Dining) -> None:
        dining.world.school_a.facts.update(enrolment=75)
        assert [(one.group_id, one.eaters) for one in heads(dining).by_class][-1] == (None, 5)
        assert heads(dining).total == 75

    def test_leave_is_taken_out_day_by_day(self, dining: Dining) -> None:
        boarder, day_pupil = dining.pupils[1], dining.pupils[20]
        absent = [(boarder, "sick", TOMORROW), (day_pupil, "leave", TODAY)]
        record_absences(dining.three, by=dining.lin(), day=TODAY, absent=absent)
        assert [heads(dining, kind).total for kind in (BREAKFAST, LUNCH, DINNER)] == [9, 68, 9]
        assert heads(dining).by_class[0].away == Away(sick=1, leave=1)
        assert heads(dining, day=TOMORROW).total == 69
        assert heads(dining, day=TOMORROW + timedelta(days=1)).total == 70

    def test_weekend_leave_begins_after_lunch_and_ends_before_dinner(self, dining: Dining) -> None:
        friday = date(2024, 3, 8)
        absent = [(dining.pupils[1], "weekend", friday + timedelta(days=2))]
        record_absences(dining.three, by=dining.lin(), day=friday, absent=absent)
        gone = {
            (offset, kind): heads(dining, kind, friday + timedelta(days=offset)).away
            for offset in range(3)
            for kind in (BREAKFAST, LUNCH, DINNER)
        }
        assert {key for key, count in gone.items() if count} == {
            (0, DINNER), (1, BREAKFAST), (1, LUNCH), (1, DINNER), (2, BREAKFAST), (2, LUNCH),
        }  # fmt: skip

    def test_breakfast_is_for_those_who_slept_at_school(self, dining: Dining) -> None:
        record_night_roll(dining.three, by=dining.lin(NOON), night=TODAY, present=8)
        assert heads(dining, BREAKFAST, TOMORROW).total == 8
        assert heads(dining, DINNER, TOMORROW).total == 10
        assert (NightRoll.objects.get().on_roll, NightRoll.objects.get().present) == (10, 8)

    def test_staff_are_expected_as_told_last_and_guests_are_not(self, dining: Dining) -> None:
        report_others(dining.world.school_a, by=dining.an(), day=TODAY, kind=LUNCH, staff=12, guests=3)
        today, tomorrow = heads(dining), heads(dining, day=TOMORROW)
        assert (today.staff, today.guests, today.staff_told, today.total) == (12, 3, True, 85)
        assert (tomorrow.staff, tomorrow.guests, tomorrow.staff_told, tomorrow.total) == (12, 0, False, 82)
        assert heads(dining, DINNER).staff == 0

    def test_many_meals_cost_as_much_as_one(self, dining: Dining, django_assert_max_num_queries: Any) -> None:
        keys = [dining.key(kind, TODAY + timedelta(days=n)) for n in range(30) for kind in (BREAKFAST, LUNCH, DINNER)]
        with django_assert_max_num_queries(6):
            assert len(heads_of(keys)) == 90


class TestReport:
    def test_a_class_teacher_names_who_is_away(self, dining: Dining) -> None:
        absent = [(dining.pupils[1], "sick", TOMORROW), (dining.pupils[20], "away", TODAY)]
        report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 38, DINNER: 9}, absent=absent)
        lunch, dinner = row(dining.three), row(dining.three, DINNER)
        assert (lunch.eaters, lunch.on_roll, lunch.sick, lunch.leave, lunch.away) == (38, 40, 1, 0, 1)
        assert (dinner.eaters, dinner.on_roll, dinner.sick, dinner.leave, dinner.away) == (9, 10, 1, 0, 0)
        assert lunch.account == dining.world.lin
        assert lunch.reported_at == dining.lin().now
        assert heads(dining).total == 38 + 30
        assert not heads(dining).confirmed
        assert not Notice.objects.exists()
        entry = AuditEntry.objects.get(event="canteen.heads_reported")
        assert entry.detail["eaters"] == {LUNCH: 38, DINNER: 9}
        assert dining.pupils[1].name not in str(AuditEntry.objects.values_list("detail", "subject_label"))

    def test_without_names_the_numbers_say_why(self, dining: Dining) -> None:
        report_heads(dining.four, by=dining.an(), day=TODAY, meals={LUNCH: 26}, sick=3)
        assert (row(dining.four).sick, row(dining.four).leave, row(dining.four).away) == (3, 0, 1)
        assert not Absence.objects.exists()

    def test_it_is_confirmed_when_every_class_has_told(self, dining: Dining) -> None:
        report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 40}, absent=[])
        report_heads(dining.four, by=dining.an(), day=TODAY, meals={LUNCH: 30})
        assert heads(dining).confirmed
        assert heads(dining).missing == ()

    def test_whoever_is_no_longer_named_is_back(self, dining: Dining) -> None:
        first, second = dining.pupils[1], dining.pupils[2]
        record_absences(
            dining.three, by=dining.lin(), day=YESTERDAY, absent=[(first, "sick", TOMORROW), (second, "sick", TOMORROW)]
        )
        report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 39}, absent=[(second, "leave", TODAY)])
        rows = Absence.objects.order_by("pupil__name").values_list("pupil", "kind", "first_on", "last_on")
        assert list(rows) == [(first.pk, "sick", YESTERDAY, YESTERDAY), (second.pk, "leave", YESTERDAY, TODAY)]

    def test_the_same_again_changes_nothing(self, dining: Dining) -> None:
        for _time in range(2):
            report_heads(
                dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 39}, absent=[(dining.pupils[1], "sick", TODAY)]
            )
        assert AuditEntry.objects.filter(event="canteen.heads_reported").count() == 1
        assert Absence.objects.count() == 1

    def test_days_to_come_may_be_told_before(self, dining: Dining) -> None:
        report_heads(dining.three, by=dining.lin(), day=TOMORROW, meals={LUNCH: 20}, absent=[])
        assert heads(dining, day=TOMORROW).total == 50
        assert heads(dining).total == 70

    def test_more_than_the_roll_may_eat(self, dining: Dining) -> None:
        report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 42}, absent=[])
        assert (row(dining.three).eaters, row(dining.three).away) == (42, 0)


class TestLateChanges:
    def test_a_change_after_the_due_time_is_told_to_the_kitchen_with_both_numbers(self, dining: Dining) -> None:
        report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 40}, absent=[])
        report_heads(dining.three, by=dining.lin(LATE), day=TODAY, meals={LUNCH: 35}, absent=[])
        told = {notice.account: notice.title for notice in Notice.objects.all()}
        assert set(told) == {dining.world.an, dining.world.shi}
        assert "40" in told[dining.world.an]
        assert "35" in told[dining.world.an]
        entry = AuditEntry.objects.get(event="canteen.heads_changed")
        assert entry.subject_id == str(Meal.objects.get(kind=LUNCH).public_id)
        assert (entry.detail["before"], entry.detail["after"], entry.detail["total"]) == (40, 35, 65)

    def test_a_late_first_report_as_expected_disturbs_nobody(self, dining: Dining) -> None:
        report_heads(dining.three, by=dining.lin(LATE), day=TODAY, meals={LUNCH: 40}, absent=[])
        assert not Notice.objects.exists()

    def test_a_change_of_an_issued_meal_is_told_however_early(self, dining: Dining) -> None:
        issue(dining, LUNCH)
        report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 39}, absent=[])
        assert Notice.objects.filter(account=dining.world.an, level="now").count() == 1

    def test_a_night_roll_that_changes_an_issued_breakfast_is_told(self, dining: Dining) -> None:
        issue(dining, BREAKFAST, TOMORROW)
        record_night_roll(dining.three, by=dining.lin(NOON), night=TODAY, present=7)
        assert "7" in Notice.objects.get(account=dining.world.an).title


def issue(dining: Dining, kind: str, day: date = TODAY) -> None:
    school = dining.world.school_a
    meal, _made = Meal.objects.get_or_create(org=school, day=day, kind=kind)
    product = Product.objects.create(org=school, name="大米")
    Issue.objects.create(
        org=school,
        meal=meal,
        product=product,
        issued_on=day,
        quantity_grams=5_000,
        origin=Origin.LIVE,
        recorded_at=NOON,
    )


class TestRefusals:
    @pytest.fixture(autouse=True)
    def _nothing_changes(self, dining: Dining) -> Any:
        before = counts()
        yield
        assert counts() == before

    def test_a_day_that_is_over(self, dining: Dining) -> None:
        with pytest.raises(Refused, match="2024-03-03"):
            report_heads(dining.three, by=dining.lin(), day=YESTERDAY, meals={LUNCH: 40})

    def test_a_day_too_far_ahead(self, dining: Dining) -> None:
        with pytest.raises(Refused, match="14"):
            report_heads(dining.three, by=dining.lin(), day=TODAY + timedelta(days=15), meals={LUNCH: 40})

    def test_no_school_day(self, dining: Dining) -> None:
        with pytest.raises(Refused, match="2024-03-09"):
            report_heads(dining.three, by=dining.lin(), day=date(2024, 3, 9), meals={LUNCH: 40})

    @pytest.mark.parametrize("meals", [{}, {"tea": 5}, {LUNCH: -1}, {LUNCH: 380}])
    def test_impossible_numbers(self, dining: Dining, meals: dict[str, int]) -> None:
        with pytest.raises(Refused):
            report_heads(dining.three, by=dining.lin(), day=TODAY, meals=meals)

    def test_impossible_absences(self, dining: Dining) -> None:
        child = dining.pupils[1]
        for absent in (
            [(child, "sick", YESTERDAY)], [(child, "weather", TODAY)], [(child, "sick", TODAY)] * 2,
            [(child, "sick", TODAY + timedelta(days=365))],
        ):  # fmt: skip
            with pytest.raises(Refused):
                report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 39}, absent=absent)

    def test_a_pupil_of_another_class_does_not_exist(self, dining: Dining) -> None:
        other = Pupil.objects.filter(class_group=dining.four).first()
        with pytest.raises(NotVisible):
            report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 39}, absent=[(other, "sick", TODAY)])

    def test_names_are_not_for_the_keeper(self, dining: Dining) -> None:
        absent = [(dining.pupils[1], "sick", TODAY)]
        with pytest.raises(PermissionDenied):
            report_heads(dining.three, by=dining.an(), day=TODAY, meals={LUNCH: 39}, absent=absent)
        with pytest.raises(PermissionDenied):
            record_absences(dining.three, by=dining.an(), day=TODAY, absent=absent)

    def test_a_foreign_school(self, dining: Dining) -> None:
        hu = dining.world.viewer("hu")
        with pytest.raises(NotVisible):
            report_heads(dining.three, by=hu, day=TODAY, meals={LUNCH: 39})
        with pytest.raises(NotVisible):
            record_night_roll(dining.three, by=hu, night=TODAY, present=3)
        with pytest.raises(NotVisible):
            report_others(dining.world.school_a, by=hu, day=TODAY, kind=LUNCH, staff=3)
        with pytest.raises(NotVisible):
            remind_missing(dining.world.school_a, by=hu, day=TODAY)

    def test_who_only_cooks_does_not_report(self, dining: Dining) -> None:
        shi = dining.world.viewer("shi")
        with pytest.raises(PermissionDenied):
            report_heads(dining.three, by=shi, day=TODAY, meals={LUNCH: 39})
        with pytest.raises(PermissionDenied):
            record_night_roll(dining.three, by=shi, night=TODAY, present=3)

    def test_a_night_roll_of_another_night_or_of_nobody(self, dining: Dining) -> None:
        for night, present in ((TOMORROW, 5), (TODAY - timedelta(days=2), 5), (TODAY, -1), (TODAY, 900)):
            with pytest.raises(Refused):
                record_night_roll(dining.three, by=dining.lin(), night=night, present=present)
        with pytest.raises(Refused, match="四年级一班"):
            record_night_roll(dining.four, by=dining.lin(), night=TODAY, present=5)

    def test_staff_of_a_day_that_is_over_or_too_many(self, dining: Dining) -> None:
        for arguments in ({"day": YESTERDAY, "staff": 3}, {"day": TODAY, "staff": -1}, {"day": TODAY, "guests": 9_999}):
            with pytest.raises(Refused):
                report_others(dining.world.school_a, by=dining.an(), kind=LUNCH, **arguments)
        with pytest.raises(PermissionDenied):
            report_others(dining.world.school_a, by=dining.lin(), day=TODAY, kind=LUNCH, staff=5)


def counts() -> list[int]:
    tables = (Headcount, Meal, Absence, NightRoll, Notice, AuditEntry)
    return [table._base_manager.count() for table in tables]


class TestServed:
    def test_what_was_served_stands_and_the_refusal_says_what_to_do(self, dining: Dining) -> None:
        report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 38}, sick=2)
        dining.served(LUNCH)
        before = counts()
        with pytest.raises(Refused, match="38") as refused:
            report_heads(dining.three, by=dining.lin(NOON), day=TODAY, meals={LUNCH: 37, DINNER: 9}, absent=[])
        assert refused.value.field == LUNCH
        assert counts() == before

    def test_other_meals_of_the_day_may_still_change(self, dining: Dining) -> None:
        report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 38, DINNER: 10}, sick=2)
        dining.served(LUNCH)
        report_heads(dining.three, by=dining.lin(NOON), day=TODAY, meals={LUNCH: 38, DINNER: 9})
        assert row(dining.three, DINNER).eaters == 9


class TestKitchensCount:
    def test_the_whole_count_takes_the_place_of_the_sum_and_classes_stay(self, dining: Dining) -> None:
        report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 38}, absent=[])
        report_others(dining.world.school_a, by=dining.an(), day=TODAY, kind=LUNCH, staff=12)
        meal = Meal.objects.get(kind=LUNCH)
        record_headcount(meal, by=dining.an(NOON), counts={None: 64})
        found = heads(dining)
        assert (found.pupils, found.staff, found.total, found.confirmed) == (64, 12, 76, True)
        assert [(one.name, one.eaters) for one in found.by_class] == [("三年级一班", 38), ("四年级一班", 30)]
        assert row(dining.three).reported_at is not None

    def test_a_class_that_reported_is_not_counted_over(self, dining: Dining) -> None:
        report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 38}, absent=[])
        before = counts()
        with pytest.raises(Refused, match="三年级一班"):
            record_headcount(Meal.objects.get(kind=LUNCH), by=dining.an(NOON), counts={dining.three: 37})
        assert counts() == before

    def test_a_report_takes_the_place_of_the_kitchens_count_of_the_class(self, dining: Dining) -> None:
        meal = Meal.objects.create(org=dining.world.school_a, day=TODAY, kind=LUNCH)
        record_headcount(meal, by=dining.an(), counts={dining.three: 37, dining.four: 29})
        assert (heads(dining).total, heads(dining).confirmed) == (66, True)
        report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 36}, absent=[])
        assert heads(dining).total == 65


class TestTraceOfEaters:
    def test_classes_as_reported_with_leave_taken_out_staff_and_guests_apart(self, dining: Dining) -> None:
        report_heads(
            dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 39}, absent=[(dining.pupils[1], "sick", TODAY)]
        )
        report_others(dining.world.school_a, by=dining.an(), day=TODAY, kind=LUNCH, staff=12, guests=2)
        meal = Meal.objects.get(kind=LUNCH)
        found = eaters_of([meal])[meal.pk]
        assert [(one.name, one.eaters, one.away) for one in found.classes] == [
            ("三年级一班", 39, 1),
            ("四年级一班", 30, 0),
        ]
        assert (found.pupils, found.staff, found.guests, found.number, found.away) == (69, 12, 2, 83, 1)
        assert found.estimated

    def test_staff_are_not_guessed_afterwards(self, dining: Dining) -> None:
        report_others(dining.world.school_a, by=dining.an(), day=TODAY, kind=LUNCH, staff=12)
        meal = Meal.objects.create(org=dining.world.school_a, day=TOMORROW, kind=LUNCH)
        assert eaters_of([meal])[meal.pk].number == 70
