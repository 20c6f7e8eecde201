"""What the lines around a table state: school, year, day, unit, and which lines are sums or signatures."""

from __future__ import annotations

import re
from dataclasses import dataclass

from houqin.lib.dates import DayRead, read_day
from houqin.lib.notes import Unreadable
from houqin.lib.specs import GRAMS_A_UNIT
from houqin.lib.text import squeezed, tidy

_SCHOOL = re.compile(
    r"(?:学校名称|学校\(?盖?章?\)?|校名|填报单位|填报学校|单位名称|食堂名称|所属学校|使用单位|单位\(盖章\)|单位)\s*(?:\([^)]*\))?\s*[::]\s*"
    r"(?P<name>[^\s,，;；:：]{2,40})(?=[\s,，;；]|$)"
)
_DAY = re.compile(r"(?:日期|时间|进货日|入库日|出库日|验收日)\s*[::]\s*(?P<day>[^\s]*\d[^\s]*)")
_BARE_DAY = re.compile(
    r"^\s*(?P<day>\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?|\d{1,2}\s*月\s*\d{1,2}\s*日)\s*(?:\(?(?:星期|周).\)?)?\s*$"
)
_UNIT = re.compile(r"(?:计量|数量|重量)?单位\s*[::]\s*(?P<unit>[^\s()]{1,12})")
_MONTH = re.compile(r"(?<!\d)(?P<month>1[0-2]|[1-9])\s*月(?!\s*\d)")
_SUMS = re.compile(
    r"^(?:第?\d*[本每当]?(?:日|天|周|月|页|期|次|学期|餐|校|班|镇|季度?|年度?|批)?(?:小计|合计|总计|累计|共计|结计)|"
    r"(?:全[镇校班年]|总)(?:小计|合计|总计|数)?|小计|合计|总计|累计|共计|总合计|合计金额|小计金额|金额合计|"
    r"\d{1,2}月\d{0,2}日?(?:小计|合计)|.{0,12}(?:小计|合计|总计))(?:[::].*|\(.*\))?$"
)
_SIGNATURE = re.compile(
    r"^(?:制表|填表|审核|审批|负责人|校长|园长|经办|复核|统计|会计|出纳|签[字名章]|盖章|主管|分管|监督|说明|备注|注|附|填报|联系|打印|"
    r"制单|记账|保管|验收人员?签|食堂负责|单位负责|日期|第.{1,4}页|共.{1,4}页|\*|※|温馨提示|要求|注意)"
    r".{0,6}[::、.。]|^第\s*\d+\s*页|^共\s*\d+\s*页|^(?:注|说明|备注|附)[::\d]"
)
_LABEL = re.compile(r"^[^\d:]{2,14}:[^:]{0,12}$")


@dataclass(frozen=True)
class Stated:
    """What the lines above (or between) tables say."""

    school: str = ""
    day: DayRead | None = None
    unit: str = ""
    month: int | None = None


def read_title(text: str) -> Stated:
    """Look for stated facts in one line."""
    plain = tidy(text)
    school = _SCHOOL.search(plain)
    unit = _UNIT.search(plain)
    month = _MONTH.search(plain)
    return Stated(
        school=school["name"].strip("_ ") if school and not _is_unit(school["name"]) else "",
        day=_day_in(plain),
        unit=_weight_unit(unit["unit"]) if unit else "",
        month=int(month["month"]) if month else None,
    )


def _day_in(text: str) -> DayRead | None:
    found = _DAY.search(text) or _BARE_DAY.match(text)
    if not found or re.search(r"(打印|制表|填表|填报)(日期|时间)", text):
        return None
    try:
        return read_day(found["day"])
    except Unreadable:
        return None


def _is_unit(text: str) -> bool:
    return any(part.casefold() in GRAMS_A_UNIT or part in {"元", "万元"} for part in re.split(r"[、/,，]", text))


def _weight_unit(text: str) -> str:
    """The unit of weight in ``元、公斤``."""
    return next((part for part in re.split(r"[、/,，]", text.casefold()) if part in GRAMS_A_UNIT), "")


def is_sum(text: str) -> bool:
    """小计, 合　计, 本月合计, 3月小计 …"""
    return bool(_SUMS.match(squeezed(text)))


def is_label(text: str) -> bool:
    """验收人（签字）：, 负责人：张三 — a label with or without its answer, nothing that a table's cell would hold"""
    return bool(_LABEL.match(squeezed(text)))


def is_signature(text: str) -> bool:
    """制表人：…, 说明：…, 第 2 页"""
    return bool(_SIGNATURE.match(squeezed(text)))
