"""The school calendar on its pages."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from houqin.core.calendars.actions import mark_days, set_term
from houqin.core.calendars.models import DayMark, Term
from houqin.core.calendars.rules import What
from houqin.modules.console.queries.calendar import Month, month_of
from tests.world import TODAY, World

SPRING = {"name": "第二学期", "starts_on": date(2024, 2, 26), "ends_on": date(2024, 7, 5)}


def as_(world: World, name: str) -> Client:
    client = Client()
    client.force_login(getattr(world, name))
    return client


def read(answer: object) -> str:
    return "".join(answer.content.decode().split())


def april(world: World) -> Month:
    return month_of(world.school_a, "2024-04", TODAY)


def test_a_month_is_whole_weeks_from_monday(world: World) -> None:
    month = april(world)
    assert [len(week) for week in month.weeks] == [7] * 5
    assert month.weeks[0][0].info.day == date(2024, 4, 1)
    assert month.weeks[-1][2:] == [None] * 5
    assert (month.before, month.after) == (date(2024, 3, 1), date(2024, 5, 1))
    assert [cell.info.day.day for cell in month.unusual] == [4, 5, 6, 7, 28]


@pytest.mark.parametrize("asked", ["", "2024", "2024-13", "99999-01", "1800-01", "x"])
def test_an_address_that_names_no_month_shows_this_one(world: World, asked: str) -> None:
    assert month_of(world.school_a, asked, TODAY).first == date(2024, 3, 1)


def test_the_legend_counts_the_days(world: World) -> None:
    assert {what: count for _word, _icon, what, count in april(world).counts} == {
        What.SCHOOL_DAY: 20,
        What.MAKE_UP: 2,
        What.WEEKEND: 5,
        What.HOLIDAY: 3,
    }


def test_the_page_says_while_no_term_is_set(world: World) -> None:
    an = as_(world, "an")
    words = "这段时间没有设定学期"
    assert words in read(an.get("/console/calendar/", {"month": "2024-04"}))
    set_term(world.town, by=world.viewer("bo"), **SPRING)
    page = read(an.get("/console/calendar/", {"month": "2024-04"}))
    assert words not in page
    assert "2023–2024第二学期（柳河镇）" in page
    assert "清明节" in page
    assert "假期" in read(an.get("/console/calendar/", {"month": "2024-07"}))


def test_a_year_not_known_yet_is_marked_provisional(world: World) -> None:
    page = read(as_(world, "an").get("/console/calendar/", {"month": "2031-03"}))
    assert "暂定" in page
    assert "本版本还没有这一年的放假安排" in page
    assert "暂定" not in read(as_(world, "an").get("/console/calendar/", {"month": "2026-03"}))


def test_everybody_reads_the_calendar_of_their_school_and_no_other(world: World) -> None:
    mark_days(world.school_a, by=world.viewer("gao"), kind="closure", first=date(2024, 4, 9), label="暴雨停课")
    for name in ("an", "du", "lin"):
        assert "暴雨停课" in read(as_(world, name).get("/console/calendar/", {"month": "2024-04"})), name
    for name in ("hu", "chen"):
        asked = {"month": "2024-04", "under": world.school_a.path}
        assert "暴雨停课" not in read(as_(world, name).get("/console/calendar/", asked)), name


def test_it_prints_as_a_sheet(world: World) -> None:
    page = read(as_(world, "an").get("/console/calendar/", {"month": "2024-04", "print": "1"}))
    assert "校历2024-04" in page
    assert "柳河中心小学" in page
    assert "清明节" in page


def test_terms_and_days_are_set_on_their_pages(world: World) -> None:
    gao = as_(world, "gao")
    given = {"org": world.school_a.pk, "name": "第二学期", "starts_on": "2024-02-26", "ends_on": "2024-07-05"}
    assert gao.post("/console/terms/new/", given).status_code == 302
    assert gao.post("/console/terms/new/", given | {"name": "又一个"}).status_code == 422
    term = Term.objects.get()
    assert (
        gao.post(f"/console/terms/{term.public_id}/take-back-term/", {"reason": "镇里统一"}, follow=True).status_code
        == 200
    )
    assert not Term.objects.exists()
    marks = {
        "org": world.school_a.pk,
        "kind": "boarding_weekend",
        "first": "2024-03-09",
        "last": "2024-03-10",
        "label": "",
    }
    assert "已标注2天" in read(gao.post("/console/marked-days/new/", marks, follow=True))
    assert gao.post(f"/console/marked-days/{DayMark.objects.first().pk}/take-back/", follow=True).status_code == 200
    assert DayMark.objects.count() == 1


def test_a_month_costs_the_same_with_and_without_marks(world: World) -> None:
    an = as_(world, "an")
    an.get("/console/calendar/")
    spent = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            an.get("/console/calendar/", {"month": "2024-04"})
        spent.append(len(queries))
        set_term(world.town, by=world.viewer("bo"), **SPRING) if not Term.objects.exists() else None
        mark_days(world.town, by=world.viewer("bo"), kind="holiday", first=date(2024, 4, 8), last=date(2024, 4, 30))
    assert spent[0] == spent[1] <= 25
