"""A unit's days: marks and terms of the nearest unit, set for all below it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from houqin.core.audit.models import AuditEntry
from houqin.core.calendars.actions import change_term, mark_days, set_term, take_back_term, unmark_days
from houqin.core.calendars.days import day_info, day_infos, previous_school_day, school_days
from houqin.core.calendars.models import DayMark, Term
from houqin.core.calendars.rules import What
from houqin.core.scope.refusals import Refused
from tests.world import World

AUTUMN = {"name": "第一学期", "starts_on": date(2023, 9, 1), "ends_on": date(2024, 1, 26)}
SPRING = {"name": "第二学期", "starts_on": date(2024, 2, 26), "ends_on": date(2024, 7, 5)}
MONDAY, SATURDAY = date(2024, 3, 4), date(2024, 3, 9)


def terms(world: World, unit: str = "town", who: str = "op") -> list[Term]:
    org, by = getattr(world, unit), world.viewer(who)
    return [set_term(org, by=by, **AUTUMN), set_term(org, by=by, **SPRING)]


def mark(world: World, unit: str, kind: str, first: date, last: date | None = None, label: str = "") -> list[DayMark]:
    return mark_days(getattr(world, unit), by=world.viewer("op"), kind=kind, first=first, last=last, label=label)


def counted() -> tuple[int, int, int]:
    return Term.objects.count(), DayMark.objects.count(), AuditEntry.objects.count()


def test_while_no_term_is_set_the_national_calendar_alone_decides(world: World) -> None:
    info = day_info(world.school_a, date(2024, 8, 1))
    assert (info.kind, info.term, info.provisional) == (What.SCHOOL_DAY, None, False)


def test_once_terms_are_set_nothing_outside_them_is_a_school_day(world: World) -> None:
    spring = terms(world)[1]
    assert day_info(world.school_a, MONDAY).term == spring
    assert day_info(world.school_a, MONDAY).is_school_day
    for day in (date(2024, 2, 1), date(2024, 7, 8), date(2024, 8, 20)):
        info = day_info(world.school_a, day)
        assert (info.kind, info.term, info.is_school_day, info.boarders_stay) == (What.VACATION, None, False, False)
    assert day_info(world.school_a, date(2024, 9, 3)).is_school_day


def test_a_term_that_starts_in_august_begins_then(world: World) -> None:
    terms(world)
    set_term(world.town, by=world.system, name="第一学期", starts_on=date(2024, 8, 29), ends_on=date(2025, 1, 17))
    assert not day_info(world.school_a, date(2024, 8, 28)).is_school_day
    assert day_info(world.school_a, date(2024, 8, 29)).is_school_day


def test_the_nearest_unit_that_set_terms_for_the_year_decides(world: World) -> None:
    terms(world)
    later = SPRING | {"starts_on": date(2024, 3, 11)}
    set_term(world.school_a, by=world.viewer("gao"), **later)
    assert not day_info(world.school_a, MONDAY).is_school_day
    assert day_info(world.school_b, MONDAY).is_school_day
    assert not day_info(world.school_a, date(2023, 9, 4)).is_school_day
    assert day_info(world.school_c, date(2024, 8, 1)).is_school_day


def test_a_closure_of_the_town_holds_in_its_schools_only(world: World) -> None:
    mark(world, "town", "closure", MONDAY, label="暴雨停课")
    info = day_info(world.school_a, MONDAY)
    assert (info.kind, info.label, info.is_school_day, info.boarders_stay) == (What.CLOSURE, "暴雨停课", False, False)
    assert day_info(world.school_c, MONDAY).is_school_day


def test_the_nearest_mark_comes_first(world: World) -> None:
    mark(world, "town", "closure", MONDAY)
    mark(world, "school_a", "make_up", MONDAY)
    assert day_info(world.school_a, MONDAY).kind == What.MAKE_UP
    assert day_info(world.school_b, MONDAY).kind == What.CLOSURE


def test_on_a_boarding_weekend_boarders_stay_and_no_lessons_are_held(world: World) -> None:
    mark(world, "school_b", "boarding_weekend", SATURDAY, SATURDAY + timedelta(days=1))
    for day in (SATURDAY, SATURDAY + timedelta(days=1)):
        info = day_info(world.school_b, day)
        assert (info.kind, info.is_school_day, info.boarders_stay) == (What.BOARDING_WEEKEND, False, True)
    assert not day_info(world.school_a, SATURDAY).boarders_stay


def test_a_year_not_known_yet_is_provisional_until_it_is_marked(world: World) -> None:
    new_year = date(2027, 1, 1)
    assert day_info(world.school_a, new_year).provisional
    assert day_info(world.school_a, new_year).is_school_day
    mark(world, "province", "holiday", new_year, label="元旦")
    info = day_info(world.school_a, new_year)
    assert (info.kind, info.provisional, info.is_school_day) == (What.HOLIDAY, False, False)
    unmark_days(world.province, by=world.viewer("op"), first=new_year)
    assert day_info(world.school_a, new_year).provisional


def test_holidays_are_called_by_their_name_in_the_readers_language(world: World) -> None:
    with translation.override("en"):
        assert day_info(world.school_a, date(2024, 4, 4)).label == "Tomb-sweeping Day"


def test_school_days_of_a_range_and_the_one_before(world: World) -> None:
    terms(world)
    assert school_days(world.school_a, date(2024, 4, 3), date(2024, 4, 8)) == [
        date(2024, 4, 3),
        date(2024, 4, 7),
        date(2024, 4, 8),
    ]
    assert previous_school_day(world.school_a, MONDAY) == date(2024, 3, 1)
    assert previous_school_day(world.school_a, date(2024, 2, 26)) == date(2024, 1, 26)
    assert previous_school_day(world.school_a, date(2024, 8, 25)) == date(2024, 7, 5)


def test_of_a_year_without_terms_the_previous_school_day_is_by_the_national_calendar(world: World) -> None:
    terms(world)
    assert previous_school_day(world.school_a, date(2023, 9, 1)) == date(2023, 7, 31)
    assert previous_school_day(world.school_a, date(2025, 1, 1)) == date(2024, 12, 31)


def test_two_queries_for_a_day_and_for_a_year(world: World) -> None:
    terms(world)
    mark(world, "town", "closure", MONDAY)
    for last in (MONDAY, MONDAY + timedelta(days=400)):
        with CaptureQueriesContext(connection) as queries:
            found = day_infos(world.school_a, MONDAY, last)
        assert len(queries) == 2
        assert len(found) == (last - MONDAY).days + 1


def test_a_term_is_changed_and_taken_back(world: World) -> None:
    spring = terms(world)[1]
    by = world.viewer("bo")
    changed = change_term(spring, by=by, name="春季学期", starts_on=date(2024, 3, 5), ends_on=date(2024, 7, 5))
    assert (changed.name, changed.starts_on, changed.school_year) == ("春季学期", date(2024, 3, 5), 2023)
    assert not day_info(world.school_a, MONDAY).is_school_day
    take_back_term(changed, by=by, reason="区里统一设置")
    take_back_term(Term.objects.get(), by=by, reason="区里统一设置")
    assert day_info(world.school_a, MONDAY).is_school_day
    with pytest.raises(Refused):
        take_back_term(spring, by=by, reason="再来一次")
    told = AuditEntry.objects.get(event="calendars.term_changed").detail
    assert told["before"]["starts_on"] == "2024-02-26"
    assert told["after"]["starts_on"] == "2024-03-05"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ends_on": date(2024, 2, 25)}, "ends_on"),
        ({"ends_on": date(2025, 7, 5)}, "ends_on"),
        ({"starts_on": date(2024, 1, 20)}, "starts_on"),
    ],
)
def test_a_term_with_wrong_days_is_refused(world: World, given: dict[str, date], field: str) -> None:
    set_term(world.town, by=world.system, **AUTUMN)
    before = counted()
    with pytest.raises(Refused) as caught:
        set_term(world.town, by=world.system, **(SPRING | given))
    assert caught.value.field == field
    assert counted() == before


def test_a_change_that_overlaps_another_term_is_refused(world: World) -> None:
    spring = terms(world)[1]
    before = counted()
    with pytest.raises(Refused, match="第一学期"):
        change_term(spring, by=world.system, name="第二学期", starts_on=date(2024, 1, 2), ends_on=date(2024, 7, 5))
    assert counted() == before
    assert Term.objects.get(pk=spring.pk).starts_on == date(2024, 2, 26)


def test_marking_again_replaces_what_the_unit_had_marked(world: World) -> None:
    mark(world, "town", "closure", MONDAY, label="停电")
    rows = mark(world, "town", "holiday", MONDAY - timedelta(days=3), MONDAY, label="校运会")
    assert len(rows) == 4
    assert DayMark.objects.get(day=MONDAY).label == "校运会"
    assert DayMark.objects.count() == 4


def test_marking_is_refused_where_it_makes_no_sense(world: World) -> None:
    before = counted()
    for kind, first, last in (
        ("closure", MONDAY, MONDAY - timedelta(days=1)),
        ("holiday", MONDAY, MONDAY + timedelta(days=62)),
        ("boarding_weekend", MONDAY, None),
        ("boarding_weekend", SATURDAY, SATURDAY + timedelta(days=2)),
    ):
        with pytest.raises(Refused):
            mark(world, "school_a", kind, first, last)
    assert counted() == before


def test_only_what_a_unit_marked_itself_is_taken_back(world: World) -> None:
    mark(world, "town", "closure", MONDAY)
    before = counted()
    with pytest.raises(Refused):
        unmark_days(world.school_a, by=world.viewer("gao"), first=MONDAY)
    assert counted() == before
    assert unmark_days(world.town, by=world.viewer("bo"), first=MONDAY, last=MONDAY + timedelta(days=6)) == 1
    assert day_info(world.school_a, MONDAY).is_school_day


def test_a_closed_unit_keeps_its_calendar(world: World) -> None:
    world.school_a.closed_on = MONDAY
    world.school_a.save()
    before = counted()
    with pytest.raises(Refused):
        set_term(world.school_a, by=world.system, **SPRING)
    with pytest.raises(Refused):
        mark(world, "school_a", "closure", MONDAY)
    assert counted() == before


def test_only_who_may_changes_the_calendar_and_only_in_reach(world: World) -> None:
    term = terms(world, "school_a")[0]
    before = counted()
    for name, error in (("an", PermissionDenied), ("du", PermissionDenied), ("hu", Http404), ("chen", Http404)):
        by, school = world.viewer(name), world.school_a
        for deed in (
            lambda by=by, school=school: set_term(school, by=by, **SPRING),
            lambda by=by: change_term(term, by=by, **SPRING),
            lambda by=by: take_back_term(term, by=by, reason="试试"),
            lambda by=by, school=school: mark_days(school, by=by, kind="closure", first=MONDAY),
            lambda by=by, school=school: unmark_days(school, by=by, first=MONDAY),
        ):
            with pytest.raises(error):
                deed()
    assert counted() == before
