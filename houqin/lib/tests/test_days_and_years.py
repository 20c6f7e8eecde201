"""Days as ledgers write them, and the years they leave out."""

from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from houqin.lib.dates import TEN_YEARS, DayRead, day_or, read_day
from houqin.lib.notes import Unreadable
from houqin.lib.shelf_life import ShelfLife, read_shelf_life
from houqin.lib.years import school_year_start, stated_year, weekday_years

DAYS = st.dates(date(1995, 1, 1), date(2060, 12, 31))
STYLES = [
    "{d.year}-{d.month:02}-{d.day:02}", "{d.year}/{d.month}/{d.day}", "{d.year}.{d.month}.{d.day}", "{d.year}年{d.month}月{d.day}日",
    "{d.year}{d.month:02}{d.day:02}", "{d.year}年{d.month}月{d.day}日 星期一", "{d.year}-{d.month}-{d.day} 07:20", "{d.year}、{d.month}、{d.day}",
]  # fmt: skip


@given(DAYS, st.sampled_from(STYLES))
def test_every_style_gives_the_same_day(day: date, style: str) -> None:
    read = read_day(style.format(d=day))
    assert (read.year, read.month, read.day) == (day.year, day.month, day.day)


@given(DAYS)
def test_cells_of_dates_and_serials_give_the_day(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    for cell in (day, datetime(day.year, day.month, day.day, 7, 30), serial, float(serial), str(serial)):
        read = read_day(cell)
        assert read.on(1900) == day


@pytest.mark.parametrize(
    "cell", ["3月4日", "3.4", "3/4", "3-4", "3月4号", "三月四日", "3月4日 星期一", "周一（3.4）", 3.4, "０３月０４日"]
)
def test_days_without_a_year_stay_without_one(cell: object) -> None:
    read = read_day(cell)
    assert (read.year, read.month, read.day) == (None, 3, 4)


@pytest.mark.parametrize("cell", ["2月31日", "2024年2月30日", "2023-02-29", "13月1日", "4.31", "2024.13.1"])
def test_a_day_that_does_not_exist_is_said_so(cell: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_day(cell)
    assert caught.value.note.code == "no-such-day"


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(Unreadable):
        assert 1 <= read_day(text).month <= 12
    stated_year(text)


def test_a_bare_3_1_may_be_the_tenth() -> None:
    assert read_day(3.1).or_day == 10
    assert read_day(3.12).or_day is None


@pytest.mark.parametrize(
    ("text", "march", "october"),
    [
        ("学校：某校　2024年", 2024, 2024), ("2023-2024学年", 2024, 2023), ("2023—2024学年度第二学期", 2024, 2024), ("2024年春季学期", 2024, 2024),
        ("2024秋", 2025, 2024), ("2024年9月-2025年1月", 2025, 2024), ("20240304食谱", 2024, 2024), ("24年春", 2024, 2024),
    ],
)  # fmt: skip
def test_titles_state_years(text: str, march: int, october: int) -> None:
    told = stated_year(text)
    assert told is not None
    assert (told.year_of(3), told.year_of(10)) == (march, october)


@pytest.mark.parametrize("text", ["2142978801", "第10周", "2023年 2026年", "电话 0710-20245566"])
def test_other_numbers_state_none(text: str) -> None:
    assert stated_year(text) is None


def test_weekdays_imply_the_year() -> None:
    days = [DayRead(3, 4, weekday=0), DayRead(3, 5, weekday=1)]
    assert weekday_years(days, 2024)[0] == 2024
    assert weekday_years([DayRead(3, 4)], 2024) == []


@given(DAYS)
def test_the_school_year_begins_in_september(day: date) -> None:
    start = school_year_start(day)
    assert (start.month, start.day) == (9, 1)
    assert -31 <= (day - start).days < 366


@pytest.mark.parametrize(
    ("text", "life"),
    [
        ("12个月", ShelfLife(12)), ("3天", ShelfLife(days=3)), ("18月", ShelfLife(18)), ("1年", ShelfLife(12)), ("常温6个月", ShelfLife(6)),
        ("冷藏7天/冷冻12个月", ShelfLife(days=7)), ("24小时", ShelfLife(days=1)), ("一年半", ShelfLife(18)), (30.0, ShelfLife(days=30)),
    ],
)  # fmt: skip
def test_shelf_lives_are_read(text: object, life: ShelfLife) -> None:
    assert read_shelf_life(text) == life


def test_a_shelf_life_ends_within_the_month() -> None:
    assert ShelfLife(6).after(date(2024, 8, 31)) == date(2025, 2, 28)
    assert ShelfLife(days=3).after(date(2024, 2, 27)) == date(2024, 3, 1)


def test_an_address_names_a_day_or_another_holds() -> None:
    usual = date(2024, 3, 4)
    assert day_or("2024-03-05", usual) == date(2024, 3, 5)
    for text in ("", "x", "2024-13-99"):
        assert day_or(text, usual) == usual
    assert day_or("1924-03-04", usual) == date(1924, 3, 4)
    assert day_or("1924-03-04", usual, farthest=TEN_YEARS) == usual
    assert day_or("2024-03-14", usual, farthest=10) == usual
    assert day_or("2024-03-13", usual, farthest=10) == date(2024, 3, 13)
