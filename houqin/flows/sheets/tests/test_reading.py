"""Sheets with one habit each: what is understood of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest

from houqin.flows.sheets.kinds import shapes
from houqin.flows.sheets.reading.books import read_book
from houqin.flows.sheets.reading.understand import understand_folder
from houqin.flows.sheets.reading.understanding import Correction, RowRead, SheetRead, Surroundings
from houqin.flows.sheets.tests import files
from houqin.lib.text import tidy

TODAY = date(2024, 6, 30)
Rows = list[list[Any]]
HEAD = ["日期", "品名", "数量", "单位", "金额", "供应商"]


def read(
    rows: Rows,
    *,
    merges: list[str] | None = None,
    name: str = "进货",
    path: str = "某校台账.xlsx",
    fix: Correction | None = None,
    others: Mapping[str, Rows] | None = None,
) -> SheetRead:
    """The first table of a workbook with these rows (and other sheets beside it)."""
    data = files.xlsx({name: rows, **(others or {})}, {name: merges or []})
    around = Surroundings(TODAY, corrections={(path, name): fix} if fix else {})
    return understand_folder([read_book(path, data)], shapes(), around)[0].sheets[0]


def days(sheet: SheetRead) -> list[date]:
    return [row.values["day"] for row in sheet.data]


def grams(sheet: SheetRead) -> list[int]:
    return [row.values["grams"] for row in sheet.data]


def codes(row: RowRead) -> list[str]:
    return [note.code for note in row.problems]


def line(day: Any = "2024-03-04", product: Any = "大米", quantity: Any = 10, *rest: Any) -> list[Any]:
    return [day, product, quantity, *(rest or ("公斤", 50, "鼎鑫粮油"))]


# Headers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        ["进货日期", "食品名称", "数量", "计量单位", "金额(元)", "供货单位"],
        ["购进\n日期", "原料名称", "购进数量", "单 位", "总价", "供货商"],
        ["入库时间", "物资名称*", "入库数量", "单位", "合计金额", "供货者名称"],
        ["到货日期", "品种", "实收数量", "单位", "价款（元）", "配送单位"],
    ],
)
def test_headers_by_many_names(head: list[str]) -> None:
    sheet = read([["某校台账"], head, line()])
    assert sheet.shape
    assert sheet.shape.code == "deliveries"
    row = sheet.data[0].values
    assert (row["product"], row["grams"], row["amount"], row["supplier"]) == ("大米", 10_000, 5000, "鼎鑫粮油")


def test_the_same_columns_are_deliveries_or_issues_by_what_the_sheet_says() -> None:
    head, row = ["日期", "品名", "数量", "单位"], ["2024-03-04", "大米", 10, "公斤"]
    kinds = [read([[f"某校{word}登记"], head, row], name="Sheet1").shape for word in ("进货", "领用", "入库", "出库")]
    assert [kind.code if kind else "" for kind in kinds] == ["deliveries", "issues", "deliveries", "issues"]


def test_a_header_far_below_blank_lines_and_titles() -> None:
    sheet = read([["某校"], [], ["2024年春季"], [None, "台账"], [], HEAD, line("3月4日"), line("3月5日")])
    assert days(sheet) == [date(2024, 3, 4), date(2024, 3, 5)]


def test_two_header_lines_with_a_group() -> None:
    rows = [
        ["台账"],
        ["日期", "品名", "进货情况", None, None, "供应商"],
        [None, None, "数量", "单位", "金额", None],
        line(),
    ]
    sheet = read(rows, merges=["A2:A3", "B2:B3", "C2:E2", "F2:F3"])
    assert [match.heading.label for match in sheet.columns][2] == "进货情况／数量"
    assert grams(sheet) == [10_000]


def test_a_row_of_words_below_the_header_is_data() -> None:
    rows = [
        ["食堂从业人员花名册"],
        ["学校", "姓名", "性别", "岗位"],
        ["甲校", "张三", "女", "厨师"],
        ["乙校", "李四", "男", "保管"],
    ]
    assert [row.values["name"] for row in read(rows, name="Sheet1").data] == ["张三", "李四"]


def test_a_sheet_that_is_no_ledger_is_passed_over_with_a_word() -> None:
    sheet = read([["会议记录"], ["时间", "地点"], ["周一", "会议室"]], name="Sheet1")
    assert sheet.shape is None
    assert sheet.note


def test_a_second_table_below_the_first_is_read_as_well() -> None:
    taken = ["日期", "餐次", "品名", "数量", "单位", "领用人"]
    rows = [["进货"], HEAD, line(), [], ["出库"], taken, ["2024-03-05", "午餐", "大米", 4, "公斤", "张"]]
    data = files.xlsx({"三月": rows})
    sheets = understand_folder([read_book("a.xlsx", data)], shapes(), Surroundings(TODAY))[0].sheets
    assert [(sheet.shape.code, len(sheet.data)) for sheet in sheets if sheet.shape] == [
        ("deliveries", 1),
        ("issues", 1),
    ]


# Days -----------------------------------------------------------------------------------------------------


def test_the_day_is_carried_down_over_sums_and_blank_lines() -> None:
    rows = [HEAD, line(), line(None), [None, "小计", None, None, 100], [], line(None), line("2024/3/6"), line("〃")]
    assert [day.day for day in days(read(rows))] == [4, 4, 4, 6, 6]


def test_a_day_in_merged_cells_and_one_standing_alone_above_its_rows() -> None:
    merged = read([HEAD, line(), line(None), line("2024-03-05")], merges=["A2:A3"])
    assert [day.day for day in days(merged)] == [4, 4, 5]
    alone = read([HEAD, ["2024年3月4日"], line(None), line(None), ["2024年3月5日"], line(None)])
    assert [day.day for day in days(alone)] == [4, 4, 5]


def test_lines_below_a_day_that_does_not_exist_go_back_with_it() -> None:
    sheet = read([HEAD, line(), line("2月31日"), line(None), line("2024-03-05")])
    assert [codes(row) for row in sheet.unreadable] == [["no-such-day"], ["day-above"]]
    assert [day.day for day in days(sheet)] == [4, 5]


@pytest.mark.parametrize(
    ("title", "name", "path", "others"),
    [
        ("某校2024年台账", "进货", "a.xlsx", {}), ("台账", "2024年3月", "a.xlsx", {}), ("台账", "进货", "2024春台账.xlsx", {}),
        ("台账", "进货", "2023-2024学年第二学期/a.xlsx", {}), ("台账", "进货", "a.xlsx", {"出库": [["2024年"]]}),
    ],
)  # fmt: skip
def test_the_year_is_found_wherever_it_stands(title: str, name: str, path: str, others: Mapping[str, Rows]) -> None:
    assert days(read([[title], HEAD, line("3月4日")], name=name, path=path, others=others)) == [date(2024, 3, 4)]


def test_the_year_is_implied_by_weekdays_and_asked_for_when_nothing_tells() -> None:
    assert days(read([HEAD, line("3月4日 星期一"), line("3月5日 周二")])) == [date(2024, 3, 4), date(2024, 3, 5)]
    sheet = read([HEAD, line("3月4日")])
    assert [question.code for question in sheet.questions] == ["year"]
    assert [codes(row) for row in sheet.unreadable] == [["which-year"]]
    assert days(read([HEAD, line("3月4日")], fix=Correction(year="2023"))) == [date(2023, 3, 4)]


def test_a_school_year_turns_at_new_year() -> None:
    sheet = read([["2023-2024学年第一学期"], HEAD, line("12月29日"), line("1月5日")])
    assert days(sheet) == [date(2023, 12, 29), date(2024, 1, 5)]
    begun = read([["2023年"], HEAD, line("12月29日"), line("1月5日"), line("1月8日")])
    assert days(begun) == [date(2023, 12, 29), date(2024, 1, 5), date(2024, 1, 8)]


def test_a_stated_year_that_the_weekdays_contradict_is_corrected_with_a_warning() -> None:
    sheet = read([["2023年"], HEAD, line("3月4日 星期一"), line("3月5日 星期二")])
    assert days(sheet)[0] == date(2024, 3, 4)
    assert "year-against-weekday" in {note.code for note in sheet.warnings}


def test_only_the_number_of_the_day_in_a_sheet_of_one_month() -> None:
    assert days(read([["某校2024年3月台账"], HEAD, line(4), line("5日"), line("6号")])) == [
        date(2024, 3, day) for day in (4, 5, 6)
    ]


def test_every_style_of_day_in_one_column() -> None:
    cells = [
        "2024-03-04",
        "2024/3/4",
        "2024.3.4",
        "2024年3月4日",
        20240304,
        "20240304",
        45355,
        datetime(2024, 3, 4),
        "24.3.4",
        "３月４日",
    ]
    assert set(days(read([HEAD, *[line(cell) for cell in cells]]))) == {date(2024, 3, 4)}


# Weights and rows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "cells", "weight"),
    [
        (["数量(kg)", "备注"], [12.5, None], 12_500), (["数量（斤）", "备注"], [12.5, None], 6_250), (["数量", "备注"], ["12.5斤", None], 6_250),
        (["数量", "规格"], ["4袋", "25kg/袋"], 100_000), (["数量", "规格"], [4, "25kg/袋"], 100_000), (["重量(公斤)", "件数"], [50, 2], 50_000),
        (["数量", "单位"], [3, "袋×25kg"], 75_000), (["数量/公斤", "备注"], ["１２．５", None], 12_500),
    ],
)  # fmt: skip
def test_where_the_unit_may_stand(head: list[str], cells: list[Any], weight: int) -> None:
    assert grams(read([["日期", "品名", *head, "供应商"], ["2024-03-04", "大米", *cells, "某店"]])) == [weight]


def test_a_unit_stated_above_the_table_and_one_that_is_asked_for() -> None:
    head = ["日期", "品名", "数量", "供应商"]
    assert grams(read([["计量单位：公斤"], head, ["2024-03-04", "大米", 3, "某店"]])) == [3000]
    asked = read([head, ["2024-03-04", "大米", 3, "某店"]])
    assert [question.code for question in asked.questions] == ["unit"]
    assert grams(read([head, ["2024-03-04", "大米", 3, "某店"]], fix=Correction(unit="斤"))) == [1500]


@pytest.mark.parametrize("label", ["小计", "合　计", "总计", "本页小计", "本月合计", "3月合计", "累计：", "合计金额"])
def test_sums_are_never_rows(label: str) -> None:
    sheet = read([HEAD, line(), [label, None, None, None, 50], [None, label, None, None, 50], line("2024-03-05")])
    assert len(sheet.data) == 2
    assert sheet.unreadable == []


def test_a_sum_that_does_not_add_up_is_told() -> None:
    sheet = read([HEAD, line(), [None, "小计", None, None, 60]])
    assert [note.code for note in sheet.warnings] == ["sum-differs"]


def test_lines_that_are_no_rows() -> None:
    rows = [
        HEAD, line(), HEAD, line(), ["制表人：张三", None, "审核："], ["备注：每月装订"], [None, "面粉", None, "公斤"], [None, "食盐", 0, "公斤", 0],
        ["示例", "大米", 10, "公斤"], line("2024-03-05", "鸡蛋", 5, "公斤", 10, "作废"),
    ]  # fmt: skip
    sheet = read(rows)
    assert [row.number for row in sheet.data] == [2, 4]
    assert sheet.unreadable == []


def test_a_line_with_a_figure_missing_goes_back() -> None:
    sheet = read([HEAD, ["2024-03-04", "大米", None, "公斤", 50, "某店"], ["2024-03-04", None, 5, "公斤", 50, "某店"]])
    assert [codes(row) for row in sheet.unreadable] == [["missing"], ["missing"]]


def test_amounts_and_prices() -> None:
    head = ["日期", "品名", "数量", "单位", "单价（元/斤）", "金额", "供应商"]
    sheet = read(
        [head, ["2024-03-04", "大米", 10, "公斤", 3, None, "某店"], ["2024-03-04", "大米", 10, "公斤", 3, 90, "某店"]]
    )
    assert [row.values["amount"] for row in sheet.data] == [6000, 9000]
    assert [[note.code for note in row.warnings] for row in sheet.data] == [["amount-computed"], ["amount-differs"]]


def test_production_day_and_batch_in_one_column() -> None:
    head = [*HEAD, "生产日期/批号"]
    cells = ["2024.3.1/20240301A", "20240302", "2024年3月3日", "LOT-7", "3.2"]
    rows = [[*line(), cell] for cell in cells]
    told = [(row.values["produced_on"], row.values["batch"]) for row in read([head, *rows]).data]
    assert told == [
        (date(2024, 3, 1), "20240301A"), (date(2024, 3, 2), ""), (date(2024, 3, 3), ""), (None, "LOT-7"), (date(2024, 3, 2), ""),
    ]  # fmt: skip


# Menus ----------------------------------------------------------------------------------------------------


def meals(sheet: SheetRead) -> dict[tuple[date, str], dict[str, dict[str, int | None]]]:
    return {
        (row.values["day"], row.values["meal"]): {
            dish.name: {each.name: each.milligrams and each.milligrams // 1000 for each in dish.ingredients}
            for dish in row.values["dishes"]
        }
        for row in sheet.data
    }


RICE = {"米饭": {"大米": 90}}
MONDAY, TUESDAY = date(2024, 3, 4), date(2024, 3, 5)


@pytest.mark.parametrize(
    "rows",
    [
        [["餐次", "3月4日 星期一", "3月5日 星期二"], ["午餐", "米饭（大米90g）", "米饭(大米 90克)"]],
        [["餐次", "星期一", "星期二"], [None, "3月4日", "3月5日"], ["中餐", "米饭：大米90g", "米饭（大米90）"]],
        [["餐别", datetime(2024, 3, 4), datetime(2024, 3, 5)], ["午餐", "米饭（大米９０ｇ）", "米饭【大米90g】"]],
        [["带量食谱（3月4日—3月8日）2024年"], ["餐次", "周一", "周二"], ["午饭", "米饭（大米90g）", "米饭（大米90g）"]],
        [["日期", "早餐", "午餐"], ["3月4日 周一", None, "米饭（大米90g）"], ["3月5日 周二", "", "米饭（大米90g）"]],
        [
            ["日期", "餐次", "菜名", "食材", "用量（g）"],
            ["2024-03-04", "午餐", "米饭", "大米", 90],
            ["2024-03-05", "午餐", "米饭", "大米", "90g"],
        ],
    ],
)
def test_menus_in_every_direction(rows: Rows) -> None:
    assert meals(read(rows, name="食谱")) == {(MONDAY, "lunch"): RICE, (TUESDAY, "lunch"): RICE}


def test_a_menu_with_several_lines_a_meal_and_columns_a_day() -> None:
    rows = [
        ["餐次", "2024-03-04", None, None, "2024-03-05", None, None],
        [None, "菜名", "食材", "用量(g)", "菜名", "食材", "用量(g)"],
        ["午餐", "米饭", "大米", 90, "米饭", "大米", 90],
        [None, "青椒肉丝", "青椒", 70, "豆腐汤", "豆腐", 50],
        [None, None, "鲜猪肉", 40, None, None, None],
        ["备注：按时留样"],
    ]
    sheet = read(rows, name="带量食谱", merges=["B1:D1", "E1:G1", "A3:A5"])
    assert meals(sheet) == {
        (MONDAY, "lunch"): {**RICE, "青椒肉丝": {"青椒": 70, "鲜猪肉": 40}},
        (TUESDAY, "lunch"): {**RICE, "豆腐汤": {"豆腐": 50}},
    }


def test_notes_have_an_english_sentence() -> None:
    sheet = read([HEAD, line("2月31日")])
    assert "2月31日" in tidy(str(sheet.unreadable[0].problems[0]))
