"""Which written names mean the same, and which never do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from houqin.flows.sheets.naming.firms import match_firms
from houqin.flows.sheets.naming.foods import match_foods
from houqin.flows.sheets.naming.likeness import KnownName
from houqin.flows.sheets.naming.schools import match_school, school_named_in

FIRM = "宏发生鲜配送有限公司"
RICE, MEAT, TOFU = frozenset({"大米"}), frozenset({"鸡腿"}), frozenset({"豆腐"})


def sure(new: dict[str, frozenset[str]], known: tuple[KnownName, ...] = ()) -> dict[str, str]:
    return {each.name: each.same_as for each in match_firms(new, known) if each.sure}


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("宏发生鲜", FIRM), ("宏发配送", FIRM), ("宏发", FIRM), ("宏发公司", FIRM), ("襄阳市宏发生鲜配送有限公司", ""), ("宏发生鲜（张老板）", FIRM),
        ("宏发生鲜13812345678", FIRM), ("宏发生鲜配送", FIRM), ("惠民粮油", "襄城惠民粮油有限公司"), ("惠民粮油有限公司", "襄城惠民粮油有限公司"),
        ("绿源合作社", "绿源蔬菜种植专业合作社"), ("李记豆腐", "李记豆制品坊"), ("乐源牛奶", "乐源乳业有限公司"), ("鼎鑫粮油", "枣阳鼎鑫粮油贸易有限公司"),
    ],
)  # fmt: skip
def test_a_short_name_is_its_firm(short: str, full: str) -> None:
    full, short = (full, short) if full else (short, FIRM)
    assert sure({full: RICE, short: RICE}) == {short: full}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("宏达生鲜配送有限公司", FIRM), ("宏发粮油有限公司", FIRM), ("新宏发生鲜配送有限公司", FIRM), ("李记肉铺", "李记豆制品坊"), ("生鲜配送", FIRM),
        ("惠民米业有限公司", "惠民粮油有限公司"), ("绿源生态农业有限公司", "绿源蔬菜种植专业合作社"), ("张记豆制品坊", "李记豆制品坊"), ("有限公司", FIRM),
        ("南漳宏发生鲜配送有限公司", "襄阳宏发生鲜配送有限公司"),
    ],
)  # fmt: skip
def test_different_firms_stay_apart(one: str, other: str) -> None:
    assert sure({one: MEAT, other: MEAT}) == {}


def test_a_name_that_fits_two_firms_is_decided_by_goods_or_not_at_all() -> None:
    firms = {FIRM: MEAT, "宏发粮油有限公司": RICE}
    assert sure({**firms, "宏发": MEAT}) == {"宏发": FIRM}
    assert sure({**firms, "宏发": MEAT | RICE}) == {}
    assert sure({**firms, "宏发": TOFU}) == {}


def test_a_new_name_is_compared_with_recorded_ones() -> None:
    known = (KnownName(FIRM, FIRM, MEAT), KnownName("宏发", FIRM, MEAT))
    assert sure({"宏发生鲜": MEAT}, known) == {"宏发生鲜": FIRM}
    assert sure({FIRM: MEAT}, known) == {}


def test_brand_alone_with_other_goods_is_only_shown() -> None:
    found = match_firms({FIRM: MEAT, "宏发": TOFU}, [])
    assert [(each.name, each.sure) for each in found] == [("宏发", False)]


@given(st.lists(st.text("宏发达惠民粮油生鲜配送有限公司合作社坊", min_size=1, max_size=10), unique=True, max_size=6))
def test_merging_never_makes_a_circle(names: list[str]) -> None:
    same = sure(dict.fromkeys(names, RICE))
    for start in same:
        seen, name = set(), start
        while name in same:
            assert name not in seen
            seen.add(name)
            name = same[name]


def test_foods_are_joined_only_by_the_dictionary() -> None:
    found = match_foods(
        {
            "番茄": frozenset(),
            "西红柿": frozenset(),
            "鸡腿": frozenset(),
            "鸡腿肉": frozenset(),
            "豆 腐": frozenset(),
            "豆腐": frozenset(),
        },
        [],
    )
    assert {each.name: each.same_as for each in found if each.sure} == {"番茄": "西红柿", "豆 腐": "豆腐"}


SCHOOLS = ["双南中心小学", "双南初级中学", "中心幼儿园", "肖坡小学", "清河镇第一小学"]


@pytest.mark.parametrize(
    ("text", "inside", "name"),
    [
        ("双南镇中心小学", False, "双南中心小学"), ("双南中学", False, "双南初级中学"), ("双南初中", False, "双南初级中学"), ("中心小学", False, "双南中心小学"),
        ("肖坡小学食品原料进货台账", True, "肖坡小学"), ("襄州区双南镇中心幼儿园", False, "中心幼儿园"), ("肖坡", False, "肖坡小学"), ("清河一小", False, "清河镇第一小学"),
        ("清河一小台账", True, "清河镇第一小学"), ("第3周_肖坡小学（2024）", True, "肖坡小学"),
    ],
)  # fmt: skip
def test_a_school_is_recognised(text: str, inside: bool, name: str) -> None:
    found = match_school(text, SCHOOLS, inside=inside)
    assert found is not None
    assert SCHOOLS[found.index] == name


@pytest.mark.parametrize(
    "text",
    ["肖坪小学", "学校基本情况统计表", "双南镇学生营养餐食谱", "双南中心小学、肖坡小学", "中心", "", "肖坡幼儿园"],
)
def test_a_school_that_is_not_meant_is_not_found(text: str) -> None:
    assert match_school(text, SCHOOLS, inside=len(text) > 6, offices=["双南镇"]) is None


def test_a_school_named_in_a_file_name() -> None:
    assert school_named_in("王集小学_食品台账") == "王集小学"
    assert school_named_in("2024年红旗中学进货") == "红旗中学"
    assert school_named_in("2023-2024学年第二学期红旗中学3月进货") == "红旗中学"
    assert school_named_in("20240304第一小学") == "第一小学"
    assert school_named_in("食堂台账") == ""
