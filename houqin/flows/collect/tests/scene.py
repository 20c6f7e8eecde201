"""A town that asks its two schools for tables."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from houqin.core.orgs.models import OrgUnit
from houqin.flows.collect.actions import Col, answer_notice, choose_schools, send_notice, write_notice
from houqin.flows.collect.models import Collection, CollectionColumn, Kind, Return
from tests.world import NOON, World

FRIDGES = Col("冰箱数", Kind.COUNT, "台")
COST = Col("维修费用", Kind.MONEY)
GRADE = Col("自评等次", Kind.CHOICE, choices=("好", "中", "差"))
DONE = Col("是否已整改", Kind.YES_NO)
PUPILS = Col("在校学生数", Kind.COUNT)
COLUMNS = (FRIDGES, COST, GRADE, DONE, PUPILS)


def draft(
    world: World, *, by: str = "bo", unit: OrgUnit | None = None, columns: Sequence[Col] = COLUMNS,
    schools: Sequence[OrgUnit] | None = None, now: datetime = NOON, **words: Any,
) -> Collection:  # fmt: skip
    """A notice that has its schools and waits to be sent."""
    viewer = world.viewer(by, now)
    told = {
        "title": "冷藏设备摸底",
        "basis": "区教育局夏季食品安全工作通知",
        "text": "请各校如实填写。",
        "due_days": 5,
    } | words
    row = write_notice(unit or world.town, by=viewer, columns=columns, **told)
    refs = [school.public_id for school in (schools if schools is not None else (world.school_a, world.school_b))]
    return choose_schools(row, by=viewer, schools=refs)


def sent(world: World, *, by: str = "bo", now: datetime = NOON, again_because: str = "", **given: Any) -> Collection:
    """A notice that is out to schools."""
    return send_notice(draft(world, by=by, now=now, **given), by=world.viewer(by, now), again_because=again_because)


def of(collection: Collection, school: OrgUnit) -> Return:
    """What a school was asked."""
    found: Return = Return.objects.get(collection=collection, org=school)
    return found


def column(collection: Collection, col: Col) -> CollectionColumn:
    """A column by its name."""
    found: CollectionColumn = collection.columns.get(label=col.label)
    return found


def values(collection: Collection, **given: Any) -> dict[int, Any]:
    """A line: 3 refrigerators, 120.50 yuan, middling, done, 300 pupils, unless given otherwise."""
    told = {"冰箱数": 3, "维修费用": 12050, "自评等次": "中", "是否已整改": True, "在校学生数": 300} | given
    return {one.pk: told[one.label] for one in collection.columns.all() if one.label in told}


def answered(
    world: World, collection: Collection, school: OrgUnit, by: str, now: datetime = NOON, **given: Any
) -> Return:
    """A school's answer."""
    lines = [values(collection, **given)]
    return answer_notice(of(collection, school), by=world.viewer(by, now), lines=lines)
