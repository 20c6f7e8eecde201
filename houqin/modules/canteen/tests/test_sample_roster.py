"""The sample roster: exactly the people whose certificate is out of date on a day are kept off that day's food posts."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import python_calamine

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.orgs.actions import ensure_path
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Person
from houqin.core.scope.viewer import system_viewer
from houqin.flows.credentials.models import Credential
from houqin.flows.sheets.folders import import_folder
from houqin.modules.canteen.queries.roster import roster_of

FOLDER = Path(__file__).resolve().parents[5] / "shared" / "samples" / "town"
DAYS = [
    date(2024, 3, 4),
    date(2024, 3, 3),
    date(2024, 3, 15),
    date(2024, 4, 30),
    date(2024, 6, 1),
    date(2024, 9, 1),
    date(2025, 1, 1),
    date(2026, 1, 1),
]


def as_day(cell: object) -> date:
    if isinstance(cell, date):
        return date(cell.year, cell.month, cell.day)
    return date(
        *(
            int(part)
            for part in str(cell)
            .replace("年", "-")
            .replace("月", "-")
            .replace("日", "")
            .replace("/", "-")
            .replace(".", "-")
            .split("-")
        )
    )


def read_sheet() -> list[tuple[str, str, date]]:
    """School, name and last day, straight from the cells."""
    book = python_calamine.load_workbook(FOLDER / "食堂从业人员花名册.xlsx")
    rows = book.get_sheet_by_index(0).to_python()
    head = next(n for n, row in enumerate(rows) if "姓名" in [str(cell).strip() for cell in row])
    names = [str(cell).strip() for cell in rows[head]]
    school, name = names.index("学校"), names.index("姓名")
    until = next(n for n, text in enumerate(names) if "有效期" in text)
    return [
        (str(row[school]), str(row[name]), as_day(row[until])) for row in rows[head + 1 :] if str(row[name]).strip()
    ]


@pytest.mark.django_db
def test_exactly_those_whose_certificate_is_out_of_date_are_kept_off(tmp_path: Path) -> None:
    if not (FOLDER / "truth.json").exists():
        pytest.skip("the sample town (../shared/samples/town) is not here")
    truth = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
    for name in ("食堂从业人员花名册.xlsx", "学校基本情况统计表.xlsx"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    by = system_viewer(now=datetime(2024, 2, 26, 4, tzinfo=UTC))
    load_catalogues(by=by)
    town = ensure_path("湖北省/襄阳市/襄州区/双南镇", by=by)
    import_folder(tmp_path, under=town, by=by)
    sheet = read_sheet()
    assert (len(sheet), Person.objects.count()) == (truth["staff"], truth["staff"])
    assert Credential.objects.filter(from_paper=True, verified_at__isnull=True).count() == truth["staff"]
    schools = {org.name: org for org in OrgUnit.objects.filter(kind="school")}
    for day in DAYS:
        expected = sorted((school, name) for school, name, until in sheet if until < day)
        off = sorted(
            (org.name, place.person.name) for org in schools.values() for place in roster_of(org, day, day).off
        )
        assert off == expected, day
        working = sum(len(roster_of(org, day, day).working) for org in schools.values())
        assert working == len(sheet) - len(expected)
    assert sum(until < DAYS[0] for _school, _name, until in sheet) == truth["expired_on_start"]
