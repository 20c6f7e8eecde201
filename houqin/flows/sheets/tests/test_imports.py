"""A town's folder in, twice, corrected, raced for, refused: through the same door as the command line."""

from __future__ import annotations

import io
import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import connection

from houqin.core.orgs.actions import ensure_path
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer, system_viewer
from houqin.flows.sheets.actions import apply_import, decide_proposal, start_import, undo_proposal
from houqin.flows.sheets.folders import import_folder
from houqin.flows.sheets.intake import from_disk
from houqin.flows.sheets.models import ImportProposal, ImportRow, ImportRun, RecordedRow
from houqin.flows.sheets.results import told
from houqin.flows.sheets.tests import files
from houqin.flows.sheets.tests.town import write_town
from houqin.flows.sheets.understanding_runs import understand_run

SAMPLE = Path(__file__).resolve().parents[5] / "shared" / "samples" / "town"


@pytest.fixture
def by() -> Viewer:
    return system_viewer()


@pytest.fixture
def town(db: None, by: Viewer) -> OrgUnit:
    return ensure_path("湖北省/襄阳市/枣阳市/清河镇", by=by)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One school, one ledger of two lines."""
    root = tmp_path / "2024年"
    root.mkdir()
    write_ledger(root)
    return root


LINES: list[list[Any]] = [
    ["2024-03-04", "大米", 10, "公斤", 50, "鼎鑫粮油有限公司", None],
    ["2024-03-05", "鸡蛋", 5, "公斤", 55, "鼎鑫粮油有限公司", None],
]
TAKEN: list[list[Any]] = [["2024-03-05", "午餐", "大米", 4, "公斤"]]
HEAD = ["日期", "品名", "数量", "单位", "金额", "供应商", "备注"]


def write_ledger(
    root: Path, lines: list[list[Any]] = LINES, taken: list[list[Any]] = TAKEN, name: str = "王集小学台账.xlsx"
) -> None:
    sheets = {
        "进货": [["王集小学进货台账"], HEAD, *lines],
        "出库": [["王集小学出库台账"], ["日期", "餐次", "品名", "数量", "单位"], *taken],
    }
    (root / name).write_bytes(files.xlsx(sheets))


def counted(result: dict[str, Any]) -> tuple[int, int, int, int, int]:
    return tuple(result[name] for name in ("created", "changed", "reversed", "unchanged", "rejected"))  # type: ignore[return-value]


def recorded() -> list[Any]:
    """Everything that an import may have written."""
    rows = RecordedRow.objects.filter(reversed_by=None).order_by("pk").values_list("kind", "digest", "target")
    return [*rows, OrgUnit.objects.count()]


@pytest.mark.skipif(not SAMPLE.is_dir(), reason="the sample town is not beside this checkout")
def test_the_sample_town_is_read_exactly_and_a_second_time_changes_nothing(by: Viewer, db: None) -> None:
    town = ensure_path("湖北省/襄阳市/襄州区/双南镇", by=by)
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    for changes in ((3908, 0, 0, 0, 0), (0, 0, 0, 3908, 0)):
        result = import_folder(SAMPLE, under=town, by=by)
        assert counted(result) == changes
        for name in ("kg", "amount", "suppliers", "deliveries", "staff"):
            assert result[name] == truth[name], name
        assert result["schools"] == len(truth["schools"])


def test_another_town_with_other_habits_is_read_exactly(by: Viewer, tmp_path: Path, town: OrgUnit) -> None:
    root, truth = write_town(tmp_path)
    for _ in range(2):
        result = import_folder(root, under=town, by=by)
        assert result["rejected"] == 0
        assert result["rejected_rows"] == []
        assert result["kg"] == truth.kg
        assert round(result["amount"] * 100) == truth.fen
        assert result["suppliers"] == sorted(truth.suppliers)
        told_counts = {name: result[name] for name in ("schools", "staff", "deliveries", "issues", "menus")}
        assert told_counts == {name: getattr(truth, name) for name in told_counts}
    assert result["unchanged"] == 88
    assert not ImportRow.objects.filter(cells__icontains="420606197803041028").exists()


def test_a_corrected_file_changes_what_was_corrected(by: Viewer, folder: Path, town: OrgUnit) -> None:
    assert counted(import_folder(folder, under=town, by=by)) == (3, 0, 0, 0, 0)
    write_ledger(folder, [[*LINES[0][:2], 9, *LINES[0][3:]], LINES[1]])
    result = import_folder(folder, under=town, by=by)
    assert counted(result) == (0, 1, 0, 2, 0)
    assert result["kg"] == {"大米": 9.0, "鸡蛋": 5.0}
    write_ledger(folder, [LINES[0], LINES[1], ["2024-03-06", *LINES[0][1:]]])
    assert counted(import_folder(folder, under=town, by=by)) == (1, 1, 0, 2, 0)


def test_a_line_that_vanished_is_reversed(by: Viewer, folder: Path, town: OrgUnit) -> None:
    import_folder(folder, under=town, by=by)
    write_ledger(folder, [LINES[0]])
    result = import_folder(folder, under=town, by=by)
    assert counted(result) == (0, 0, 1, 2, 0)
    assert result["kg"] == {"大米": 10.0}


def test_a_renamed_copy_changes_nothing_and_a_new_month_takes_nothing_away(
    by: Viewer, folder: Path, town: OrgUnit
) -> None:
    import_folder(folder, under=town, by=by)
    (folder / "王集小学台账.xlsx").rename(folder / "王集小学台账-更正(2).xlsx")
    assert counted(import_folder(folder, under=town, by=by)) == (0, 0, 0, 3, 0)
    (folder / "王集小学台账-更正(2).xlsx").unlink()
    write_ledger(folder, [["2024-04-01", *LINES[0][1:]]], [])
    assert counted(import_folder(folder, under=town, by=by)) == (1, 0, 0, 0, 0)


def test_the_same_line_in_two_files_counts_once(by: Viewer, folder: Path, town: OrgUnit) -> None:
    write_ledger(folder, LINES, [], name="王集小学三月.xlsx")
    result = import_folder(folder, under=town, by=by)
    assert result["kg"] == {"大米": 10.0, "鸡蛋": 5.0}
    assert "twin-row" in {warning["code"] for warning in result["warnings"]}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["2月31日", *LINES[0][1:]], "2月31日"),
        (["2024-03-04", "大米", -10, *LINES[0][3:]], "-10"),
        (["2024-03-04", "大米", "约10", *LINES[0][3:]], "约10"),
        (["2024-03-04", "大米", 10, "袋", *LINES[0][4:]], "袋"),
        (["2024-03-04", None, *LINES[0][2:]], ""),
    ],
)
def test_a_line_that_cannot_be_true_goes_back_and_the_others_stand(
    by: Viewer, folder: Path, town: OrgUnit, line: list[Any], words: str
) -> None:
    write_ledger(folder, [line, LINES[1]], [])
    result = import_folder(folder, under=town, by=by)
    assert counted(result) == (1, 0, 0, 0, 1)
    assert result["kg"] == {"鸡蛋": 5.0}
    told_row = result["rejected_rows"][0]
    assert (told_row["sheet"], told_row["line"]) == ("进货", "3")
    assert words in told_row["reasons"][0]


def test_more_issued_than_in_stock_goes_back(by: Viewer, folder: Path, town: OrgUnit) -> None:
    write_ledger(folder, LINES, [["2024-03-05", "午餐", "大米", 11, "公斤"]])
    result = import_folder(folder, under=town, by=by)
    assert (result["issues"], result["rejected"]) == (0, 1)
    assert result["rejected_rows"][0]["sheet"] == "出库"


@pytest.mark.parametrize("made", [files.docx, files.encrypted, files.bomb, files.wide, b"%PDF-1.7".strip])
def test_a_file_that_cannot_be_read_changes_nothing(
    by: Viewer, tmp_path: Path, town: OrgUnit, made: Callable[[], bytes]
) -> None:
    before = recorded()
    (tmp_path / "王集小学台账.xlsx").write_bytes(made())
    with pytest.raises(Refused) as caught:
        import_folder(tmp_path, under=town, by=by)
    assert "王集小学台账.xlsx" in str(caught.value.message)
    assert recorded() == before


def test_a_file_of_500_megabytes_is_refused_before_it_is_read(by: Viewer, tmp_path: Path, town: OrgUnit) -> None:
    path = tmp_path / "王集小学台账.xlsx"
    with path.open("wb") as file:
        file.truncate(500 * 1024 * 1024)
    with pytest.raises(Refused) as caught:
        import_folder(tmp_path, under=town, by=by)
    assert "500" in str(caught.value.message)


def test_an_empty_folder_is_refused(by: Viewer, tmp_path: Path, town: OrgUnit) -> None:
    with pytest.raises(Refused):
        import_folder(tmp_path, under=town, by=by)


def test_a_failure_while_writing_leaves_nothing(
    by: Viewer, folder: Path, town: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = recorded()

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("houqin.flows.sheets.actions.writing.result_of", broken)
    with pytest.raises(RuntimeError):
        import_folder(folder, under=town, by=by)
    assert recorded() == before
    assert ImportRun.objects.get().state == ImportRun.State.READY


def test_a_merge_can_be_kept_apart_before_and_undone_after(by: Viewer, folder: Path, town: OrgUnit) -> None:
    write_ledger(folder, [LINES[0], [*LINES[1][:5], "鼎鑫", None], ["2024-03-06", *LINES[0][1:5], "鼎鑫", None]], [])
    run = start_import(town, by=by, files=from_disk(folder))
    understand_run(run, today=by.today)
    merge = ImportProposal.objects.get(run=run, name="鼎鑫")
    assert (merge.same_as, merge.decision) == ("鼎鑫粮油有限公司", "accept")
    decide_proposal(merge, by=by, decision="apart")
    understand_run(run, today=by.today)
    assert ImportProposal.objects.get(run=run, name="鼎鑫").decision == "apart"
    decide_proposal(ImportProposal.objects.get(run=run, name="鼎鑫"), by=by, decision="accept")
    assert told(apply_import(run, by=by))["suppliers"] == ["鼎鑫粮油有限公司"]
    undo_proposal(ImportProposal.objects.get(run=run, name="鼎鑫"), by=by)
    with pytest.raises(Refused):
        undo_proposal(ImportProposal.objects.get(run=run, name="鼎鑫"), by=by)
    assert import_folder(folder, under=town, by=by)["suppliers"] == ["鼎鑫", "鼎鑫粮油有限公司"]


@pytest.mark.django_db(transaction=True)
def test_two_people_importing_the_same_folder_at_once_write_it_once(tmp_path: Path) -> None:
    by = system_viewer()
    town = ensure_path("湖北省/襄阳市/枣阳市/清河镇", by=by)
    root = tmp_path / "2024年"
    root.mkdir()
    write_ledger(root)
    runs = []
    for _ in range(2):
        run = start_import(town, by=by, files=from_disk(root))
        understand_run(run, today=by.today)
        runs.append(run)
    answers: list[Any] = []

    def write(run: ImportRun) -> None:
        try:
            answers.append(counted(told(apply_import(run, by=by))))
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [(0, 0, 0, 3, 0), (3, 0, 0, 0, 0)]
    assert RecordedRow.objects.filter(reversed_by=None).count() == 3


def test_an_import_is_written_once(by: Viewer, folder: Path, town: OrgUnit) -> None:
    run = start_import(town, by=by, files=from_disk(folder))
    understand_run(run, today=by.today)
    apply_import(run, by=by)
    with pytest.raises(Refused):
        apply_import(run, by=by)


def test_the_folder_can_be_a_copy_elsewhere(by: Viewer, folder: Path, town: OrgUnit, tmp_path: Path) -> None:
    import_folder(folder, under=town, by=by)
    copy = tmp_path / "copy" / "deeper"
    shutil.copytree(folder, copy)
    assert counted(import_folder(tmp_path / "copy", under=town, by=by)) == (0, 0, 0, 3, 0)


def test_one_file_alone_is_enough(by: Viewer, folder: Path, town: OrgUnit) -> None:
    assert counted(import_folder(folder / "王集小学台账.xlsx", under=town, by=by))[0] == 3
    assert openpyxl.load_workbook(io.BytesIO((folder / "王集小学台账.xlsx").read_bytes())).sheetnames == [
        "进货",
        "出库",
    ]
