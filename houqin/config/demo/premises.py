"""Buildings, rooms and equipment of the demo's schools, each with its label; one school has no water report."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from houqin.config.demo.cast import School
from houqin.core.catalogues.loading import newest_entries
from houqin.core.orgs.models import OrgUnit
from houqin.core.places.actions import record_place
from houqin.core.places.models import PlaceKind
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.finding import subject_of_unit
from houqin.flows.credentials.actions.recording import record_credential

OLD, NEW = -9, -3  # years before this one in which extinguishers were made
WORST = "石塘小学"
REPORTED = 30  # days ago: the water was tested, at all schools but one
KITCHEN = (
    ("store-room", "主食库"), ("store-room", "副食库"), ("refrigerator", "一号冷藏柜"), ("freezer", "冷冻柜"),
    ("sample-refrigerator", "留样冰箱"), ("serving-room", "备餐间"), ("hood-flue", "集烟罩"), ("gas-alarm", "燃气报警器"),
    ("disinfection-cabinet", "消毒柜"),
)  # fmt: skip
GROUNDS = (
    ("toilet", "教学楼一楼厕所"), ("toilet", "教学楼二楼厕所"), ("gate", "校门"), ("waste-point", "垃圾投放点"),
    ("switchgear-room", "配电房"), ("emergency-light", "东楼梯应急灯"), ("emergency-light", "西楼梯应急灯"),
)  # fmt: skip


def furnish(org: OrgUnit, school: School, day: date, by: Viewer) -> None:
    """Record everything that duties and ledgers of this school are about."""
    kinds = {item.code: item.value("kind") for item in newest_entries("places", day)}
    house = record_place(org, by=by, kind=PlaceKind.BUILDING, name="食堂")
    for use, name in KITCHEN:
        record_place(org, by=by, kind=kinds[use], use=use, name=name, within=house)
    if school.name != WORST:
        record_credential(
            subject_of_unit(org), by=by, kind="drinking-water-report", number=f"JC{day.year}{school.code[-3:]}",
            issued_on=day - timedelta(days=REPORTED), from_paper=True,
        )  # fmt: skip
    for use, name, more in [*((use, name, {}) for use, name in GROUNDS), *_by_size(school, day)]:
        record_place(org, by=by, kind=kinds[use], use=use, name=name, **more)


def _by_size(school: School, day: date) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for number in range(1, school.classes // 6 + 2):
        yield "dispenser", f"{number} 楼饮水机", {}
    for number in range(1, school.classes + 1):
        years = OLD if school.name == WORST and number == 1 else NEW
        made = {"made_on": date(day.year + years, 5, 10), "serial": f"MFZ-{school.code[-3:]}{number:02d}"}
        yield "extinguisher-powder", f"{number} 号灭火器", made
    for number in range(1, min(school.boarders // 8, 12) + 1):
        yield "dormitory-room", f"宿舍 {number // 7 + 1}{number:02d}", {}
