"""What a notice comes to: sums equal to a count by hand, for 300 schools at the same number of queries, and as workbooks."""

import io
from collections import Counter
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from houqin.core.orgs.models import OrgUnit, SchoolFacts
from houqin.core.scope.refusals import Refused
from houqin.flows.collect.actions import Col, close_notice, copy_notice, keep_template, send_notice
from houqin.flows.collect.models import Cell, Collection, Kind, Return
from houqin.flows.collect.queries.costs import costs_of
from houqin.flows.collect.queries.earlier import asked_before
from houqin.flows.collect.queries.progress import progress_of
from houqin.flows.collect.sheets_out import in_template, lines_of, workbook
from houqin.flows.collect.tests.scene import COLUMNS, answered, column, draft, of, sent
from houqin.flows.collect.values import as_decimal
from tests.world import NOON, TODAY, World, make_unit


def schools_of(world: World, many: int) -> list[OrgUnit]:
    """As many schools as a district has, straight into the tables."""
    made = OrgUnit.objects.bulk_create(
        OrgUnit(parent=world.town, kind="school", name=f"第{n}小学", path=f"{world.town.path}{n:04d}") for n in range(100, 100 + many)
    )  # fmt: skip
    SchoolFacts.objects.bulk_create(
        SchoolFacts(org=school, valid_from=TODAY, enrolment=100 + n, school_type="小学")
        for n, school in enumerate(made)
    )
    return made


def fill(world: World, row: Collection) -> dict[str, Any]:
    """Two of three schools answer, each with other figures; returns what a hand counts."""
    columns = {one.label: one for one in row.columns.all()}
    cells: list[Cell] = []
    by_hand: dict[str, Any] = {"冰箱数": 0, "维修费用": 0, "是": 0, "grades": Counter()}
    answering = [one for n, one in enumerate(row.returns.order_by("org__path")) if n % 3]
    for n, one in enumerate(answering):
        grade = "好中差"[n % 3]
        cells += [
            Cell(of=one, column=columns["冰箱数"], figure=n), Cell(of=one, column=columns["维修费用"], figure=n * 101),
            Cell(of=one, column=columns["自评等次"], text=grade), Cell(of=one, column=columns["是否已整改"], figure=n % 2),
        ]  # fmt: skip
        by_hand["冰箱数"] += n
        by_hand["维修费用"] += n * 101
        by_hand["是"] += n % 2
        by_hand["grades"][grade] += 1
    Cell.objects.bulk_create(cells)
    row.returns.filter(pk__in=[one.pk for one in answering]).update(state="sent", answered_on=TODAY, answered_at=NOON)
    return by_hand | {"answered": len(answering)}


def test_sums_equal_a_count_by_hand_and_say_who_is_missing(world: World) -> None:
    row = sent(world, schools=schools_of(world, 60))
    by_hand = fill(world, row)
    found = progress_of(row, world.viewer("bo"))
    assert (found.asked, found.answered, found.unread, found.missing) == (60, by_hand["answered"], 20, 20)
    sums = {one.column.label: one for one in found.sums}
    assert (sums["冰箱数"].total, sums["冰箱数"].schools) == (by_hand["冰箱数"], 40)
    assert sums["冰箱数"].words == f"{by_hand['冰箱数']} 台"
    assert as_decimal(column(row, COLUMNS[1]), sums["维修费用"].total) * 100 == by_hand["维修费用"]
    assert dict(sums["自评等次"].counts) == dict(by_hand["grades"])
    assert sums["是否已整改"].total == by_hand["是"]
    assert sums["在校学生数"].words == "—"


def test_an_office_between_sees_the_sums_of_its_own_schools(world: World) -> None:
    other = make_unit(world.other_town, "school", "外镇小学", 9)
    row = sent(world, by="op", unit=world.province, schools=[world.school_a, other], columns=COLUMNS[:4])
    answered(world, row, world.school_a, "an")
    assert progress_of(row, world.viewer("op")).asked == 2
    mine, theirs = progress_of(row, world.viewer("bo")), progress_of(row, world.viewer("chen"))
    assert (mine.asked, mine.answered, mine.sums[0].total) == (1, 1, 3)
    assert (theirs.asked, theirs.answered, theirs.sums[0].total) == (1, 0, 0)


def test_this_time_stands_beside_last_time(world: World) -> None:
    row = sent(world)
    answered(world, row, world.school_a, "an", 冰箱数=3)
    close_notice(row, by=world.viewer("bo"))
    later = NOON + timedelta(days=30)
    copy = copy_notice(row, by=world.viewer("bo", later), title="下月")
    copy = send_notice(copy, by=world.viewer("bo", later), again_because="每月一报")
    answered(world, copy, world.school_a, "an", later, 冰箱数=5)
    one = progress_of(copy, world.viewer("bo", later)).sums[0]
    assert (one.total, one.last, one.change) == (5, 3, "+2 台")


@pytest.mark.parametrize("many", [3, 300])
def test_sending_and_following_cost_the_same_for_three_schools_and_for_three_hundred(world: World, many: int) -> None:
    schools = schools_of(world, many)
    earlier = sent(world, schools=schools[:2])
    row = draft(world, schools=schools)
    bo = world.viewer("bo")

    def queries(deed: Any) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            deed()
        return len(caught)

    assert queries(lambda: costs_of(row, bo)) <= 4
    assert queries(lambda: asked_before(row, bo)) <= 8
    assert queries(lambda: send_notice(row, by=bo, again_because="复核")) <= 26
    assert row.returns.count() == many
    fill(world, row)
    assert queries(lambda: progress_of(row, bo)) <= 6
    assert queries(lambda: list(lines_of(row, bo))) <= 4
    assert earlier.returns.count() == 2


def book_of(answer: Any) -> Any:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_the_plain_workbook_holds_a_line_a_school_and_figures_as_figures(world: World) -> None:
    row = sent(world)
    answered(world, row, world.school_a, "an", 维修费用=12050)
    sheet = book_of(workbook(row, world.viewer("bo")))
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0][2] == "冰箱数（台）"
    assert lines[1][:7] == (1, "柳河中心小学", 3, 120.5, "中", "是", 300)
    assert lines[1][7] == "安师傅"
    assert lines[2][:3] == (2, "柳河初级中学", None)


def template(*, header: tuple[str, ...] = ("序号", "单位", "冰箱数(台)", "维修费用", "备注")) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "青山区冷藏设备摸底表"
    sheet.merge_cells("A1:E1")
    for place, word in enumerate(header, start=1):
        sheet.cell(3, place).value = word
    sheet["A4"].number_format = "0"
    sheet["C4"].font = openpyxl.styles.Font(bold=True)
    sheet["A5"], sheet["A6"] = "合计", "填表人：      审核人："
    sheet.merge_cells("A6:E6")
    sheet.column_dimensions["B"].width = 33
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(content: bytes, name: str = "模板.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_answers_go_into_the_offices_own_template_as_it_is(world: World) -> None:
    row = sent(world)
    answered(world, row, world.school_a, "an")
    row = keep_template(row, by=world.viewer("bo"), sheet=upload(template()))
    sheet = book_of(in_template(row, world.viewer("bo")))
    assert sheet["A1"].value == "青山区冷藏设备摸底表"
    assert [cell.value for cell in sheet[4]] == [1, "柳河中心小学", 3, 120.5, None]
    assert [cell.value for cell in sheet[5]][:2] == [2, "柳河初级中学"]
    assert sheet["C5"].font.bold
    assert sheet["A6"].value == "合计"
    assert sheet["C6"].value == "=SUM(C4:C5)"
    assert "A7:E7" in [str(area) for area in sheet.merged_cells.ranges]
    assert sheet.column_dimensions["B"].width == 33


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"PK\x03\x04broken", template(header=("甲", "乙", "丙", "丁", "戊"))], ids=["empty", "pdf", "broken", "other"]
)  # fmt: skip
def test_a_template_that_does_not_fit_is_refused_in_words(world: World, content: bytes) -> None:
    row = sent(world)
    with pytest.raises(Refused) as refusal:
        keep_template(row, by=world.viewer("bo"), sheet=upload(content))
    assert refusal.value.field == "sheet"
    assert Collection.objects.get(pk=row.pk).template is None
    with pytest.raises(Refused):
        in_template(row, world.viewer("bo"))


def test_what_looks_like_a_formula_stays_text(world: World) -> None:
    row = sent(world, columns=[Col("说明", Kind.TEXT)], schools=[world.school_a])
    mine = of(row, world.school_a)
    Cell.objects.create(of=mine, column=row.columns.get(), text="=HYPERLINK(1)")
    Return.objects.filter(pk=mine.pk).update(state="sent", answered_on=TODAY, answered_at=NOON)
    assert book_of(workbook(row, world.viewer("bo")))["C2"].value == "'=HYPERLINK(1)"
