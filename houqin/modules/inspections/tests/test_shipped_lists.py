"""The checklists, frameworks and rounds that Houqin ships: complete, sourced, in both languages, with no red line of local custom."""

import re
from pathlib import Path
from typing import TypeVar

import pytest
import yaml
from django.conf import settings
from pydantic import ValidationError

from houqin.core.catalogues.loading import LOADER, Entry
from houqin.core.orgs.models import CanteenMode
from houqin.core.people.catalogue import AREA as POSTS
from houqin.core.people.catalogue import PostKind
from houqin.core.places.catalogue import AREA as PLACES
from houqin.core.places.catalogue import PlaceUse
from houqin.flows.credentials.catalogue import AREA as CREDENTIALS
from houqin.flows.credentials.catalogue import CredentialKind
from houqin.flows.ledgers.catalogue import AREA as LEDGERS
from houqin.flows.ledgers.catalogue import Ledger
from houqin.modules.inspections.catalogue import AREA, FRAMEWORKS, ROUNDS, Checklist, Framework, Round
from houqin.modules.inspections.items import Item

T = TypeVar("T", bound=Entry)
ROOT = settings.ROOT / "catalogues"
POLICIES = settings.ROOT.parent / "shared" / "policies"


def _entries(area: str, schema: type[T]) -> dict[str, T]:
    raw = [one for path in sorted((ROOT / area).glob("*.yaml")) for one in yaml.load(path.read_text("utf-8"), LOADER)]
    return {entry.code: entry for entry in map(schema.model_validate, raw)}


LISTS, SLOGANS, PROPOSED = _entries(AREA, Checklist), _entries(FRAMEWORKS, Framework), _entries(ROUNDS, Round)
KINDS, USES = _entries(POSTS, PostKind), _entries(PLACES, PlaceUse)
BOOKS, PAPERS = _entries(LEDGERS, Ledger), _entries(CREDENTIALS, CredentialKind)
# Each checklist that the issue names, with the parts that it must have.
NAMED = {
    "食堂食品安全": ("canteen-food-safety", ["证照", "人员", "采购", "加工", "留样", "废弃物"]),
    "六T 食堂": ("six-t-canteen", ["天天处理", "天天整合", "天天清扫", "天天规范", "天天检查", "天天改进"]),
    "六T 公寓": ("six-t-dormitory", ["天天处理", "天天整合", "天天清扫", "天天规范", "天天检查", "天天改进"]),
    "公寓安全卫生": ("dormitory-safety", ["消防", "用电", "值守", "卫生"]),
    "消防用火用电用气": ("fire-power-gas", ["消防设施", "用火", "用电", "用气"]),
    "校车": ("school-bus", ["许可", "驾驶人", "车辆", "运行"]),
    "饮用水": ("drinking-water", ["供水", "检测", "设备", "水箱"]),
    "校园周边": ("surroundings", ["交通", "经营", "隐患", "治安"]),
    "体育设施": ("sports-facilities", ["场地", "器材", "管理"]),
    "特种设备": ("special-equipment", ["登记", "检验", "检查", "现场"]),
    "开学综合检查": ("term-opening", ["假期库存清零", "水源检测", "全面消毒"]),
    "节假日前检查": ("before-holiday", ["断电", "值守", "消防"]),
    "灾前预检": ("disaster-precheck", ["台风", "暴雨", "高温"]),
    "收费检查": ("fees", ["两个不得", "三个禁止"]),
    "物业考核": ("property", ["保洁", "绿化", "安保", "餐厅"]),
    "财务交叉审计": ("finance-cross-audit", ["收入", "采购", "支出", "合规"]),
}
WORK_PLANS = (
    "湖北省学校后勤工作办公室2018年工作要点", "全区学校后勤管理实施要点", "襄州区镇学校后勤管理工作要点", "淄博市特殊教育中心", "上海市教委",
)  # fmt: skip
# What each list has in the words of a work plan itself.
SPELLED_OUT = {
    "disaster-precheck": {"plan"},
    "property": {"c-staff", "g-planting"},
    "finance-cross-audit": {"cost", "nonprofit", "four-no"},
    "fees": {
        "not-together", "not-enrolment", "free-things", "public-funds", "no-compulsion", "consent", "milk", "supplier-marketing", "duty",
    },
}  # fmt: skip
every_list = pytest.mark.parametrize("one", LISTS.values(), ids=LISTS.keys())
every_slogan = pytest.mark.parametrize("one", SLOGANS.values(), ids=SLOGANS.keys())
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", NAMED)
def test_every_list_that_is_asked_for_is_there_with_its_parts(name: str) -> None:
    code, parts = NAMED[name]
    sections = [section.zh for section in LISTS[code].sections]
    assert [part for part in parts if not any(part in section for section in sections)] == []
    assert 15 <= len(LISTS[code].items) <= 40


def test_a_list_is_one_file_of_its_name() -> None:
    for folder in (AREA, FRAMEWORKS):
        for path in sorted((ROOT / folder).glob("*.yaml")):
            assert [raw["code"] for raw in yaml.load(path.read_text(encoding="utf-8"), LOADER)] == [Path(path).stem]


@every_list
def test_every_item_says_what_is_looked_at_how_and_what_good_looks_like_in_both_languages(one: Checklist) -> None:
    assert one.guide_zh
    assert one.guide_en
    assert one.record_zh
    for item in one.items:
        assert CHINESE.search(item.zh), item.code
        assert CHINESE.search(item.how_zh), item.code
        assert item.good_zh.strip(), item.code
        for text in (item.en, item.how_en, item.good_en):
            assert text.strip(), item.code
            assert not CHINESE.search(text), (item.code, text)
    for section in one.sections:
        assert section.zh.strip()
        assert not CHINESE.search(section.en)


@every_list
def test_every_item_is_sourced_and_what_has_no_text_says_so(one: Checklist) -> None:
    assert one.source
    for item in one.items:
        assert item.source.strip(), item.code
        if item.confidence == "C":
            assert any(word in item.source for word in ("惯例", "待核实", "通行做法")), (item.code, item.source)
        else:
            assert "待核实" not in item.source, (item.code, item.source)


def _unnamed(code: str) -> dict[str, Item]:
    """Items of a list that claim a text and name no clause of it."""
    return {item.code: item for item in LISTS[code].items if item.confidence in ("A", "A*") and not item.clause}


@pytest.mark.parametrize("code", ["before-holiday", "term-opening"])
def test_where_a_text_names_only_the_activity_an_item_that_claims_one_names_its_clause(code: str) -> None:
    assert set(_unnamed(code)) == set()


@pytest.mark.parametrize("code", SPELLED_OUT)
def test_a_work_plan_is_the_source_only_of_what_it_spells_out(code: str) -> None:
    """The founding documents ask for the precheck, the assessment, the audit; what is looked at is usual practice."""
    claimed = {name for name, item in _unnamed(code).items() if item.source.startswith(WORK_PLANS)}
    assert claimed == SPELLED_OUT[code]


@every_list
def test_a_red_line_rests_on_a_text_and_is_grave(one: Checklist) -> None:
    for item in one.items:
        if item.red_line:
            assert item.confidence in ("A", "A*", "B"), item.code
            assert item.severity == 3, item.code
            assert item.weight == max(other.weight for other in one.items) or item.weight >= 4, item.code


def test_local_custom_is_no_red_line() -> None:
    with pytest.raises(ValidationError, match="local custom"):
        Item(code="x", zh="一", en="x", source="惯例，待核实", confidence="C", red_line=True)


@every_list
def test_whoever_answers_for_an_item_is_a_post_that_exists(one: Checklist) -> None:
    assert {item.post for item in one.items} <= set(KINDS)


@every_list
def test_what_it_applies_to_exists(one: Checklist) -> None:
    for applies in (one.applies, *(item.applies for item in one.items)):
        assert set(applies.canteen_modes) <= set(CanteenMode.values)


@every_list
def test_it_is_short_enough_to_be_done_in_its_minutes(one: Checklist) -> None:
    assert 0.5 <= one.minutes / len(one.items) <= 5


@every_list
def test_what_is_measured_is_cited_and_guarded_against_slips(one: Checklist) -> None:
    for item in one.items:
        if item.kind == "measured":
            assert item.plausible is not None, item.code
            assert {limit.source for limit in item.limits} == {item.source}
            for limit in item.limits:
                assert all(
                    item.plausible[0] <= bound <= item.plausible[1]
                    for bound in (limit.min, limit.max)
                    if bound is not None
                )


def test_the_five_rules_on_fees_are_those_of_the_founding_document() -> None:
    """两个不得、三个禁止 stand in the town's paper; the two sections hold exactly these five, all red lines."""
    sections = {section.zh: section.items for section in LISTS["fees"].sections}
    assert [item.code for item in sections["两个不得"]] == ["not-together", "not-enrolment"]
    assert [item.code for item in sections["三个禁止"]] == ["free-things", "public-funds", "no-compulsion"]
    assert all(item.red_line and item.confidence == "A" for name in ("两个不得", "三个禁止") for item in sections[name])


@pytest.mark.skipif(not POLICIES.is_dir(), reason="the founding documents are not beside this checkout")
@pytest.mark.parametrize(
    ("paper", "words"),
    [
        ("000_hubei_province_2018.txt", ["五落实", "人防、物防、技防", "“五进”"]),
        ("002_xiangzhou_town.txt", ["四好一放心一满意", "三个创建", "两个不得,三个禁止"]),
        ("004_shanghai_2024.txt", ["“六T”"]),
    ],
)
def test_the_slogans_stand_in_the_founding_documents(paper: str, words: list[str]) -> None:
    text = (POLICIES / paper).read_text(encoding="utf-8")
    assert [word for word in words if word not in text] == []


def test_the_frameworks_that_are_asked_for_are_there() -> None:
    assert {"six-t", "four-good", "five-implementations", "six-unified", "three-defences", "fee-rules"} <= set(SLOGANS)
    assert [len(SLOGANS[code].members) for code in ("six-t", "four-good", "five-implementations", "six-unified")] == [
        6,
        6,
        5,
        6,
    ]


def test_what_a_document_does_not_spell_out_is_marked() -> None:
    assert {code for code, one in SLOGANS.items() if not one.spelled_out} == {
        "six-t", "four-good", "six-unified", "three-creations", "integrity-risks",
    }  # fmt: skip


@every_slogan
def test_a_framework_is_whole_and_what_shows_a_member_exists(one: Framework) -> None:
    assert one.source
    assert one.about_zh
    assert not CHINESE.search(one.about_en)
    for member in one.members:
        assert not CHINESE.search(member.en)
        for shown in member.shown:
            if shown.checklist:
                assert set(shown.items) <= {item.code for item in LISTS[shown.checklist].items}, (member.code, shown)
            assert not shown.ledger or shown.ledger in BOOKS
            assert not shown.credential or shown.credential in PAPERS


def test_the_rounds_that_are_proposed_name_uses_and_lists_that_exist() -> None:
    for one in PROPOSED.values():
        assert one.code in USES
        assert one.checklist in LISTS
        assert one.title_zh == USES[one.code].title_zh
        assert one.confidence == "C", "how often is nowhere said: a unit decides"
