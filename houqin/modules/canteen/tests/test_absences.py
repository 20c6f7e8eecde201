"""Absences, reminders, and the days on which somebody has to report."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.calendars.models import DayKind, DayMark
from houqin.core.notices.models import Notice
from houqin.core.people.models import ClassGroup
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.modules.canteen.actions.heads import (
    end_absence,
    record_absences,
    remind_missing,
    report_heads,
)
from houqin.modules.canteen.models import Absence, Headcount
from houqin.modules.canteen.queries.heads import heads_for
from houqin.modules.canteen.tests.dining import DINNER, LUNCH, Dining, children
from tests.world import TODAY

TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


def heads(dining: Dining, kind: str = LUNCH, day: date = TODAY) -> Any:
    return heads_for((dining.world.school_a, day, kind))


def row(group: ClassGroup, kind: str = LUNCH) -> Headcount:
    return Headcount.objects.get(class_group=group, meal__kind=kind)


class TestAbsences:
    def test_a_pupil_who_is_back_eats_again(self, dining: Dining) -> None:
        (absence,) = record_absences(
            dining.three, by=dining.lin(), day=TODAY, absent=[(dining.pupils[1], "sick", TODAY + timedelta(days=9))]
        )
        end_absence(absence, by=dining.lin(), on=TOMORROW)
        absence.refresh_from_db()
        assert (absence.first_on, absence.last_on) == (TODAY, TODAY)
        with pytest.raises(Refused, match="2024-03-04"):
            end_absence(absence, by=dining.lin(), on=TOMORROW)
        end_absence(absence, by=dining.lin(), on=TODAY)
        assert not Absence.objects.exists()

    def test_only_those_who_know_the_names_say_so(self, dining: Dining) -> None:
        (absence,) = record_absences(
            dining.three, by=dining.lin(), day=TODAY, absent=[(dining.pupils[1], "sick", TOMORROW)]
        )
        with pytest.raises(PermissionDenied):
            end_absence(absence, by=dining.an(), on=TODAY)
        with pytest.raises(NotVisible):
            end_absence(absence, by=dining.world.viewer("hu"), on=TODAY)
        assert Absence.objects.get().last_on == TOMORROW

    def test_guardians_see_those_of_their_own_child_only(self, dining: Dining) -> None:
        absent = [(dining.world.child, "sick", TODAY), (dining.pupils[1], "leave", TODAY)]
        record_absences(dining.three, by=dining.lin(), day=TODAY, absent=absent)
        seen = {
            name: set(Absence.objects.visible_to(dining.world.viewer(name)).values_list("pupil_id", flat=True))
            for name in ("du", "gao", "lin", "an", "hu", "chen")
        }
        both = {dining.world.child.pk, dining.pupils[1].pk}
        assert seen == {
            "du": {dining.world.child.pk},
            "gao": both,
            "lin": both,
            "an": set(),
            "hu": set(),
            "chen": set(),
        }


def test_those_who_are_missing_are_reminded_and_those_without_a_teacher_named(dining: Dining) -> None:
    told, silent = remind_missing(dining.world.school_a, by=dining.an(), day=TODAY)
    assert (told, silent) == (1, [dining.four])
    assert Notice.objects.get().account == dining.world.lin
    report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 38, DINNER: 10}, absent=[])
    report_heads(dining.four, by=dining.an(), day=TODAY, meals={LUNCH: 30})
    with pytest.raises(Refused):
        remind_missing(dining.world.school_a, by=dining.an(), day=TODAY)


def test_a_school_day_marked_as_such_is_one(dining: Dining) -> None:
    saturday = date(2024, 3, 9)
    DayMark.objects.create(org=dining.world.town, day=saturday, kind=DayKind.MAKE_UP)
    report_heads(dining.three, by=dining.lin(), day=saturday, meals={LUNCH: 40}, absent=[])
    assert heads(dining, day=saturday).by_class[0].is_told


def test_a_class_without_a_list_of_its_children_reports_numbers(dining: Dining) -> None:
    empty = ClassGroup.objects.create(org=dining.world.school_a, name="五年级一班", grade="五年级", school_year=2023)
    report_heads(empty, by=dining.an(), day=TODAY, meals={LUNCH: 33}, sick=2)
    assert (row(empty).eaters, row(empty).on_roll, row(empty).sick) == (33, None, 2)
    children(empty, 3)
    assert heads(dining).pupils == 103
