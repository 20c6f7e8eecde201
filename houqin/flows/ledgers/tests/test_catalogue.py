"""The ledgers that Houqin ships: complete, sourced, honest about what they cost, and never stricter than the law."""

from collections import defaultdict
from pathlib import Path
from typing import TypeVar

import pytest
import yaml
from django.conf import settings
from django.urls import reverse

from houqin.core.catalogues.loading import LOADER, Entry
from houqin.core.people.catalogue import AREA as POSTS
from houqin.core.people.catalogue import PostKind
from houqin.core.places.catalogue import AREA as PLACES
from houqin.core.places.catalogue import PlaceUse
from houqin.flows.duties.registry import Demand
from houqin.flows.duties.schedule import Every
from houqin.flows.duties.words import SLOTS
from houqin.flows.ledgers.catalogue import AREA, Ledger
from houqin.flows.ledgers.columns import Column, Limit

T = TypeVar("T", bound=Entry)
ROOT = settings.ROOT / "catalogues"


def _entries(area: str, schema: type[T]) -> dict[str, T]:
    raw = [one for path in sorted((ROOT / area).glob("*.yaml")) for one in yaml.load(path.read_text("utf-8"), LOADER)]
    return {entry.code: entry for entry in map(schema.model_validate, raw)}


LEDGERS, KINDS, USES = _entries(AREA, Ledger), _entries(POSTS, PostKind), _entries(PLACES, PlaceUse)
NAMED = {
    "从业人员晨检": "staff-morning-check",
    "食品留样": "food-samples",
    "留样处置": "sample-disposal",
    "餐饮具清洗消毒": "tableware-disinfection",
    "加工中心温度": "core-temperature",
    "冷藏冷冻温度": "cold-storage",
    "食品添加剂使用": "food-additives",
    "农残快检": "pesticide-test",
    "餐厨废弃物": "kitchen-waste",
    "废弃油脂": "waste-oil",
    "不合格品处置": "rejected-goods",
    "防鼠防虫": "pest-control",
    "食堂环境卫生": "canteen-hygiene",
    "设备清洗维护": "equipment-cleaning",
    "烟道清洗": "flue-cleaning",
    "燃气与报警器": "gas-safety",
    "备餐间（专间）消毒": "serving-room",
    "日管控": "daily-control",
    "周排查": "weekly-sweep",
    "月调度": "monthly-meeting",
    "校领导陪餐": "leader-meal",
    "家长陪餐": "parent-meal",
    "供餐单位配送餐接收": "delivered-meals",
    "饮水机消毒": "dispenser-disinfection",
    "饮水季度检测": "water-test",
    "自备井、二次供水检测": "well-test",
    "公寓与午休室消毒通风": "dormitory-disinfection",
    "公寓夜查": "dormitory-patrol",
    "晚点名": "night-roll",
    "周末离返校": "weekend-leave",
    "学生晨午检与因病缺勤": "pupil-health",
    "消防设施月检": "fire-equipment",
    "应急照明": "emergency-lights",
    "疏散": "evacuation-routes",
    "用电检查": "electricity-check",
    "配电房锅炉房": "plant-rooms",
    "特种设备日常": "special-equipment",
    "体育器械": "sports-equipment",
    "门卫值班": "gate-duty",
    "访客": "visitors",
    "校车出车前检查": "bus-check",
    "跟车照管": "bus-escort",
    "垃圾分类与日产日清": "waste-sorting",
    "厕所保洁": "toilet-cleaning",
    "绿化养护": "green-care",
    "防汛物资": "flood-stock",
    "应急演练": "evacuation-drill",
    "应急演练（幼儿园）": "evacuation-drill-kindergarten",
    "基地种养": "farm-record",
}
DESTROYS = {"sample-disposal", "tableware-disinfection", "kitchen-waste", "waste-oil", "rejected-goods"}
A_DAY, MEALS = {Every.SCHOOL_DAY, Every.DAY, Every.BOARDING_DAY, Every.WORKING_DAY}, 3

every_ledger = pytest.mark.parametrize("ledger", LEDGERS.values(), ids=LEDGERS.keys())


def _columns(ledger: Ledger) -> list[Column]:
    return [*ledger.columns, *(ledger.lines.columns if ledger.lines else ())]


def _limits(ledger: Ledger) -> list[Limit]:
    return [limit for column in _columns(ledger) for limit in column.limits]


def test_every_ledger_that_the_documents_name_is_there() -> None:
    assert {name for name, code in NAMED.items() if code not in LEDGERS} == set()


def test_a_ledger_is_one_file_of_its_name() -> None:
    for path in sorted((ROOT / AREA).glob("*.yaml")):
        assert [raw["code"] for raw in yaml.load(path.read_text(encoding="utf-8"), LOADER)] == [Path(path).stem]


@every_ledger
def test_it_has_both_languages_a_source_and_a_reason(ledger: Ledger) -> None:
    for text in (ledger.title_zh, ledger.title_en, ledger.source, ledger.why_zh, ledger.why_en, ledger.print.zh):
        assert text.strip()
    assert ledger.retention_source
    assert ledger.title_en.isascii() or "CO₂" in ledger.title_en
    for column in _columns(ledger):
        assert column.zh
        assert column.en
        assert all(choice.zh and choice.en for choice in column.choices)
    assert ledger.why_zh.count("。") == 1


@every_ledger
def test_its_post_places_slots_and_page_exist(ledger: Ledger) -> None:
    assert ledger.post in KINDS
    assert set(ledger.uses) <= USES.keys()
    assert set(ledger.lines.uses if ledger.lines else ()) <= USES.keys()
    assert {when.slot for when in ledger.schedules} <= SLOTS.keys() | {""}
    if ledger.fed_by:
        assert reverse(ledger.fed_by)
    for when in ledger.schedules:
        assert not when.event or when.event.removeprefix("ledgers.entered.") in LEDGERS


@every_ledger
def test_every_limit_has_its_source_and_none_that_is_unsure_is_one(ledger: Ledger) -> None:
    for limit in _limits(ledger):
        assert limit.source
        assert limit.confidence != "C"
    codes = {column.code: column for column in _columns(ledger)}
    for limit in _limits(ledger):
        for code, choice in limit.when.items():
            assert choice in {one.code for one in codes[code].choices}


@every_ledger
def test_what_is_measured_has_bounds_of_the_plausible_that_hold_its_limits(ledger: Ledger) -> None:
    for column in (one for one in _columns(ledger) if one.is_measured):
        assert column.plausible is not None, column.code
        low, high = column.plausible
        assert low < high
        for limit in column.limits:
            assert all(
                low < bound < high or bound in column.plausible for bound in (limit.min, limit.max) if bound is not None
            )


@every_ledger
def test_defaults_are_answers_that_exist(ledger: Ledger) -> None:
    for column in _columns(ledger):
        if column.default and column.kind == "choice":
            assert column.default in {choice.code for choice in column.choices if not choice.breach}
        if column.default and column.kind == "yes_no":
            assert column.default == ("yes" if column.expects else "no")


@every_ledger
def test_a_photo_has_a_reason_and_time_is_counted(ledger: Ledger) -> None:
    assert ledger.minutes > 0
    assert ledger.photo.asked == "never" or (ledger.photo.why_zh and ledger.photo.why_en)


@every_ledger
def test_what_rests_on_nothing_sure_is_not_called_law(ledger: Ledger) -> None:
    assert ledger.demand != Demand.LAW or ledger.confidence != "C"
    assert ledger.demand != Demand.LAW or any(
        word in ledger.source for word in ("法", "条例", "规定", "GB ", "第45号令", "教基一厅")
    )


@every_ledger
def test_the_public_sees_nothing_personal(ledger: Ledger) -> None:
    columns = {column.code: column for column in _columns(ledger)}
    for code in ledger.public:
        assert not columns[code].personal
        assert columns[code].kind not in ("person", "text", "long") or code in {"supplier", "laboratory", "answered"}


def test_what_destroys_evidence_is_marked() -> None:
    assert {code for code, ledger in LEDGERS.items() if ledger.destroys_evidence} == DESTROYS


def test_the_canteen_asks_at_most_eight_minutes_a_day_of_its_busiest_post() -> None:
    minutes: dict[str, float] = defaultdict(float)
    for ledger in LEDGERS.values():
        if not ledger.applies.canteen or ledger.demand == Demand.OWN:
            continue
        for when in ledger.schedules:
            times = MEALS if when.every == Every.MEAL else 1 if when.every in A_DAY else 0
            minutes[ledger.post] += float(ledger.minutes) * times
    told = {post: round(total, 1) for post, total in minutes.items() if total}
    assert max(told.values()) <= 8, told  # minutes a day of the busiest post, three meals


def test_extinguishers_and_lifts_are_serviced_as_the_standards_say() -> None:
    served = {code: USES[code].service for code in USES if code.startswith("extinguisher") or code == "elevator"}
    plain = {code: (s.at_months, s.then_months, s.scrap_months) for code, s in served.items() if s}
    assert plain == {
        "extinguisher-powder": ([60], 24, 120),
        "extinguisher-water": ([36], 12, 72),
        "extinguisher-gas": ([60], 24, 120),
        "extinguisher-co2": ([60], 24, 144),
        "elevator": ([12, 48, 84, 108, 132, 156, 180], 12, None),
    }


def test_posts_of_money_and_goods_are_separated_both_ways() -> None:
    for kind in KINDS.values():
        assert set(kind.separated_from) <= KINDS.keys()
        assert kind.superior in KINDS or not kind.superior
    for one, other in (
        ("buyer", "receiver"),
        ("buyer", "storekeeper"),
        ("receiver", "storekeeper"),
        ("accountant", "cashier"),
    ):
        assert other in KINDS[one].separated_from
        assert one in KINDS[other].separated_from
    five = {code for code, kind in KINDS.items() if kind.supervisory}
    assert five == {"skilled-cook", "hygiene-supervisor", "nutrition-guide", "meal-judge", "price-supervisor"}
    assert {KINDS[code].region for code in five} == {"湖北省"}
