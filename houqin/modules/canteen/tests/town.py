"""The sample town's ledgers, read in the plainest way, as a book of paper rows: for testing the chain without the sheets."""

import json
import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from houqin.core.orgs.models import Kind, OrgUnit, SchoolFacts
from houqin.modules.canteen.rules.paper import PaperBook, PaperDelivery, PaperDish, PaperIssue, PaperMenu
from tests.world import make_unit

FOLDER = Path(__file__).resolve().parents[5] / "shared" / "samples" / "town"
KINDS = {"早餐": "breakfast", "午餐": "lunch", "晚餐": "dinner"}
SUPPLIERS = {
    "惠民粮油": "襄城惠民粮油有限公司",
    "宏发生鲜": "宏发生鲜配送有限公司",
    "宏发配送": "宏发生鲜配送有限公司",
    "绿源合作社": "绿源蔬菜种植专业合作社",
}


def text(cell: object) -> str:
    return unicodedata.normalize("NFKC", str(cell)).strip()


def day_of(cell: object) -> date:
    if isinstance(cell, date):
        return cell
    numbers = [int(part) for part in re.findall(r"\d+", text(cell))]
    return date(*numbers) if len(numbers) == 3 else date(2024, *numbers)


def grams_of(quantity: object, unit: str, spec: str) -> int:
    pack = re.match(r"([\d.]+)(kg|L|g)", spec)
    each = {"kg": 1000.0, "公斤": 1000.0, "千克": 1000.0, "斤": 500.0}.get(unit.lower())
    if each is None:
        assert pack
        each = float(pack[1]) * (1 if pack[2] == "g" else 1000)
    return round(float(text(quantity)) * each)


def truth() -> dict[str, Any]:
    if not (FOLDER / "truth.json").exists():
        pytest.skip("the sample town (../shared/samples/town) is not here")
    return json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))


def open_schools(town: OrgUnit) -> dict[str, OrgUnit]:
    """The town's schools with their facts."""
    made = {}
    for number, known in enumerate(truth()["schools"], start=50):
        school = make_unit(town, Kind.SCHOOL, known["name"], number)
        SchoolFacts.objects.create(
            org=school, valid_from=date(2023, 9, 1), enrolment=known["enrolment"], boarders=known["boarders"]
        )
        made[known["name"]] = school
    return made


def read_town(town: OrgUnit, schools: dict[str, OrgUnit]) -> PaperBook:
    """Deliveries, issues and menus of the folder."""
    deliveries: list[PaperDelivery] = []
    issues: list[PaperIssue] = []
    for path in sorted(FOLDER.glob("*_食品台账.xlsx")):
        school = schools[path.name.split("_")[0]].pk
        book = python_calamine.load_workbook(path)
        deliveries += _deliveries(path.name, school, book.get_sheet_by_name("进货验收").to_python())
        issues += _issues(path.name, school, book.get_sheet_by_name("出库").to_python())
    used = {row.supplier for row in deliveries}
    return PaperBook(
        deliveries=tuple(deliveries),
        issues=tuple(issues),
        menus=tuple(_menus(town)),
        same_suppliers={name: kept for name, kept in SUPPLIERS.items() if name in used},
    )


def _deliveries(name: str, school: int, rows: list[list[Any]]) -> list[PaperDelivery]:
    found, day = [], None
    for number, row in enumerate(rows[3:], start=4):
        if text(row[0]):
            day = day_of(row[0])
        if not text(row[1]) or text(row[1]) == "小计" or "合计" in text(row[0]) + text(row[1]):
            continue
        assert day
        found.append(
            PaperDelivery(
                row=(name, "in", number), org_id=school, day=day, product=text(row[1]),
                grams=grams_of(row[3], text(row[4]), text(row[2])), supplier=text(row[10]),
                amount_fen=round(float(text(row[6])) * 100), produced_on=day_of(row[7]) if text(row[7]) else None,
                batch=text(row[8]), certificate_number=text(row[11]).strip("/"), accepted_by=text(row[13]),
            )
        )  # fmt: skip
    return found


def _issues(name: str, school: int, rows: list[list[Any]]) -> list[PaperIssue]:
    found, day = [], None
    for number, row in enumerate(rows[3:], start=4):
        if text(row[0]):
            day = day_of(row[0])
        if not text(row[2]):
            continue
        assert day
        found.append(
            PaperIssue(
                row=(name, "out", number), org_id=school, day=day, product=text(row[2]),
                grams=grams_of(row[3], text(row[4]), ""), kind=KINDS[text(row[1])], batch=text(row[5]),
            )
        )  # fmt: skip
    return found


def _menus(town: OrgUnit) -> list[PaperMenu]:
    found = []
    book = python_calamine.load_workbook(FOLDER / "带量食谱.xlsx")
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python()
        for row in rows[2:]:
            for column, head in enumerate(rows[1][1:], start=1):
                dishes = []
                for line in str(row[column]).splitlines():
                    name, inside = re.match(r"(.+?)（(.+)）", line).groups()  # type: ignore[union-attr]
                    parts = [re.match(r"(.+?)(\d+)g", part).groups() for part in inside.split("、")]  # type: ignore[union-attr]
                    dishes.append(PaperDish(name, tuple((part[0], int(part[1])) for part in parts)))
                day = day_of(str(head).split()[0])
                kind = KINDS[text(row[0])]
                found.append(PaperMenu((sheet, column, kind), town.pk, day, kind, tuple(dishes)))
    return found
