"""Habits of other towns than the sample's, one each: made by a generator, found by comparing with its own truth."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from houqin.flows.sheets.kinds import shapes
from houqin.flows.sheets.naming.firms import may_be_same, taken_apart
from houqin.flows.sheets.naming.schools import match_school
from houqin.flows.sheets.reading.books import read_book
from houqin.flows.sheets.reading.titles import read_title
from houqin.flows.sheets.reading.understand import understand_folder
from houqin.flows.sheets.reading.understanding import SheetRead, Surroundings
from houqin.flows.sheets.staging import decode, encode
from houqin.flows.sheets.tests import files
from houqin.lib.money import UnitPrice
from houqin.lib.years import StatedYear, only_one, spanned

Rows = list[list[Any]]
HEAD = ["日期", "品名", "数量", "单位", "金额", "供应商"]
OFFICES = ("桥江镇", "溆浦县", "怀化市")
SCHOOLS = (
    "桥江镇第一小学", "桥江镇第二小学", "桥江镇中心完小", "桥江初级中学", "独石教学点", "溆浦县特殊教育学校", "溆浦县第十二中学",
    "红旗九年一贯制学校",
)  # fmt: skip


def understood(*books: tuple[str, Rows], merges: list[str] | None = None) -> list[SheetRead]:
    """The first table of each file."""
    opened = [read_book(path, files.xlsx({"进货": rows}, {"进货": merges or []})) for path, rows in books]
    return [read.sheets[0] for read in understand_folder(opened, shapes(), Surroundings(date(2025, 6, 30)))]


def fields(sheet: SheetRead) -> dict[str, str]:
    """Heading → field."""
    return {match.heading.label: match.field for match in sheet.columns}


# Schools --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("县特殊教育学校台账", "溆浦县特殊教育学校"), ("特校进货", "溆浦县特殊教育学校"), ("二小台账", "桥江镇第二小学"), ("03 一小2024春", "桥江镇第一小学"),
        ("中心完小出库台账 2024年", "桥江镇中心完小"), ("十二中", "溆浦县第十二中学"), ("红旗学校", "红旗九年一贯制学校"), ("独石小学", "独石教学点"),
        ("桥江初中食堂", "桥江初级中学"),
    ],
)  # fmt: skip
def test_short_names_of_schools(text: str, name: str) -> None:
    found = match_school(text, SCHOOLS, inside=True, offices=OFFICES)
    assert found
    assert SCHOOLS[found.index] == name


@pytest.mark.parametrize(
    "text",
    [
        "溆浦县桥江镇学生营养餐带量食谱",
        "桥江学生食谱",
        "桥江镇中小学基本情况",
        "桥江镇各学校",
        "第十二周",
        "小学",
        "二中",
    ],
)
def test_a_town_in_a_title_is_none_of_its_schools(text: str) -> None:
    assert match_school(text, SCHOOLS, inside=True, offices=OFFICES) is None


def test_a_blank_behind_a_label_is_not_filled_by_the_next_label() -> None:
    assert read_title("填报单位：          填表日期：2024年1月5日").school == ""
    assert read_title("单位：独石教学点　　单位：元").school == "独石教学点"


# Firms ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("仪陇丰收粮油", "仪陇县丰收粮油有限责任公司"), ("丰收粮油", "仪陇县丰收粮油有限责任公司"), ("国鸿集团", "江西国鸿集团股份有限公司"),
        ("阜阳福满仓粮油", "阜阳市颍泉区福满仓粮油商贸有限公司"), ("金穗农产", "随州金穗农产品配送有限公司"), ("百姓豆制", "百姓豆制品坊"),
    ],
)  # fmt: skip
def test_a_firm_behind_other_places_or_cut_short(short: str, full: str) -> None:
    assert may_be_same(taken_apart(short), taken_apart(full))


@pytest.mark.parametrize(
    ("one", "other"),
    [("宏达生鲜", "宏发生鲜配送有限公司"), ("绿源蔬菜", "绿源粮油有限公司"), ("金土地", "金土地源合作社")],
)
def test_other_firms_stay_others(one: str, other: str) -> None:
    assert not may_be_same(taken_apart(one), taken_apart(other))


# Years ----------------------------------------------------------------------------------------------------


def test_a_single_year_agrees_with_the_school_year_that_holds_it() -> None:
    term = StatedYear(2024, 2025)
    assert only_one([StatedYear(2024), term, StatedYear(2025)]) == term
    assert only_one([StatedYear(2023), term]) is None
    assert only_one([StatedYear(2024), StatedYear(2025)]) is None


def test_days_of_the_folder_give_the_year_to_a_sheet_that_states_none() -> None:
    dated: Rows = [HEAD, *[[day, "大米", 1, "公斤", 5, "某店"] for day in ("2024-12-02", "2025-01-09")]]
    bare: Rows = [HEAD, ["1月3日", "大米", 1, "公斤", 5, "某店"]]
    _first, second = understood(("甲校.xlsx", dated), ("乙校.xlsx", bare))
    assert [row.values["day"] for row in second.data] == [date(2025, 1, 3)]
    assert second.questions == []


def test_days_more_than_a_year_apart_give_none() -> None:
    assert spanned([date(2023, 3, 1), date(2024, 5, 1)]) is None
    assert spanned([]) is None


# Headings -------------------------------------------------------------------------------------------------


def test_a_heading_under_a_group_that_names_another_thing() -> None:
    rows: Rows = [
        ["日期", "食品原料名称", "实收", None, "供货单位", None, "验收人"],
        [None, None, "数量", "单位", "名称", "电话", "签字"],
        ["2024-03-04", "大米", 2, "公斤", "某粮油店", "13800000000", "刘强"],
    ]
    sheet = understood(("甲校.xlsx", rows), merges=["C1:D1", "E1:F1"])[0]
    assert (sheet.data[0].values["product"], sheet.data[0].values["supplier"]) == ("大米", "某粮油店")
    assert sheet.data[0].values["accepted_by"] == "刘强"


def test_brackets_that_name_a_second_thing() -> None:
    rows: Rows = [[*HEAD, "生产日期（批号）"], ["2024-03-04", "大米", 2, "公斤", 9, "某店", "2024.3.1/20240301A"]]
    row = understood(("甲校.xlsx", rows))[0].data[0]
    assert (row.values["produced_on"], row.values["batch"]) == (date(2024, 3, 1), "20240301A")


# Lines ----------------------------------------------------------------------------------------------------


def test_a_form_for_each_day_with_remarks_and_signatures() -> None:
    rows: Rows = []
    for day in (4, 5):
        rows += [
            ["食品进货查验记录表"], [f"2024年3月{day}日", None, None, None, "天气：晴"], ["序号", "品名", "数量", "单位", "金额", "供货单位"],
            [1, "大米", day, "公斤", 20, "某店"], [2, "鸡蛋", day, "公斤", 40, "某店"], ["验收人（签字）：", None, None, "负责人："], [],
        ]  # fmt: skip
    read = understand_folder(
        [read_book("滚河教学点.xlsx", files.xlsx({"进货": rows}, {}))], shapes(), Surroundings(date(2024, 6, 30))
    )[0]
    found = [row for sheet in read.sheets for row in sheet.rows if row.kind in {"data", "unreadable"}]
    assert [(row.values["day"].day, row.values["product"]) for row in found] == [
        (4, "大米"), (4, "鸡蛋"), (5, "大米"), (5, "鸡蛋"),
    ]  # fmt: skip
    assert all(row.kind == "data" for row in found)


def test_signatures_under_a_list_of_schools_are_no_school() -> None:
    rows: Rows = [
        ["学校名称", "办学类型", "在校学生数", "寄宿生数"], ["独石教学点", "教学点", 36, 0], ["填表人：张三", None, "审核人：李四", None],
    ]  # fmt: skip
    sheet = understood(("学校基本情况.xlsx", rows))[0]
    assert [row.values["name"] for row in sheet.data] == ["独石教学点"]
    assert sheet.unreadable == []


def test_a_menu_with_a_line_for_each_ingredient() -> None:
    rows: Rows = [
        ["日期", "餐次", "菜品名称", "食材名称", "人均用量（克）"], ["2024-03-04", "午餐", "土豆烧鸡腿", "土豆", 60], [None, None, None, "鸡腿", 70],
        [None, None, "米饭", "大米", 90], [None, "晚餐", "米饭", "大米", 80],
    ]  # fmt: skip
    meals = understood(("带量食谱.xlsx", rows))[0].data
    told = [[(dish.name, [each.name for each in dish.ingredients]) for dish in row.values["dishes"]] for row in meals]
    assert told == [[("土豆烧鸡腿", ["土豆", "鸡腿"]), ("米饭", ["大米"])], [("米饭", ["大米"])]]


def test_a_refused_line_keeps_its_price() -> None:
    assert decode(encode(UnitPrice(32500, "斤"))) == UnitPrice(32500, "斤")
