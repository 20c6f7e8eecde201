"""The import on the page: hand in, answer, correct, write, take back; and who may not."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from houqin.flows.sheets.models import ImportProposal, ImportRow, ImportRun
from houqin.flows.sheets.tests import files
from houqin.flows.sheets.tests.test_imports import HEAD, LINES
from tests.jobs import run_jobs
from tests.world import PASSWORD, World


@pytest.fixture
def bo(world: World) -> Client:
    return signed_in("bo")


def signed_in(name: str) -> Client:
    client = Client()
    assert client.login(username=name, password=PASSWORD)
    return client


def ledger(*lines: list[Any], title: str = "柳河中心小学进货台账", head: list[Any] = HEAD) -> bytes:
    return files.xlsx({"进货": [[title], head, *lines]})


def hand_in(client: Client, world: World, *uploads: tuple[str, bytes]) -> ImportRun:
    sent = [SimpleUploadedFile(name, data) for name, data in uploads]
    answer = client.post("/sheets/imports/new/", {"org": world.town.pk, "sheets": sent})
    assert answer.status_code == 302, answer.content.decode()
    return ImportRun.objects.order_by("pk").last()  # type: ignore[return-value]


def page(client: Client, run: ImportRun, rest: str = "") -> str:
    answer = client.get(f"/sheets/imports/{run.public_id}/{rest}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_from_hand_in_to_result(bo: Client, world: World) -> None:
    run = hand_in(bo, world, ("柳河台账.xlsx", ledger(*LINES, ["2月31日", *LINES[0][1:]])))
    shown = page(bo, run)
    assert "鼎鑫粮油有限公司" in shown
    assert "柳河中心小学" in shown
    assert run.state == "ready"
    bo.post(f"/sheets/imports/{run.public_id}/write/")
    run.refresh_from_db()
    assert (run.state, run.result["created"], run.result["rejected"]) == ("done", 2, 1)
    assert "2月31日" in page(bo, run, f"sheet/?file={run.files.get().public_id}&sheet=进货")
    answer = bo.get(f"/sheets/imports/{run.public_id}/rejected/")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["进货"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "柳河中心小学进货台账"
    assert list(rows[1][: len(HEAD)]) == HEAD
    assert rows[2][0] == "2月31日"
    assert "2月31日" in rows[2][-1]
    assert len(rows) == 3


def test_returned_cells_are_never_formulas(bo: Client, world: World) -> None:
    bad = ["2月31日", "=1+1", *LINES[0][2:5], "@SUM(A1)", "+1"]
    data = files.xlsx({"进货": [["柳河中心小学"], HEAD, ["2024-03-04", *LINES[0][1:]], bad]})
    run = hand_in(bo, world, ("a.xlsx", data), ("b.xlsx", ledger(["2月31日", *LINES[0][1:]])))
    answer = bo.get(f"/sheets/imports/{run.public_id}/rejected/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert len(archive.namelist()) == 2
        for name in archive.namelist():
            book = openpyxl.load_workbook(io.BytesIO(archive.read(name)))
            assert all(cell.data_type != "f" for row in book["进货"].iter_rows() for cell in row)


def test_a_year_that_nobody_states_is_asked_for_and_answered(bo: Client, world: World) -> None:
    lines = [["3月4日", *LINES[0][1:]], ["3月5日", *LINES[1][1:]]]
    run = hand_in(bo, world, ("柳河台账.xlsx", ledger(*lines)))
    assert ImportRow.objects.filter(run=run, state="rejected").count() == 2
    file = run.files.get()
    shown = page(bo, run)
    assert f"sheet/?file={file.public_id}" in shown
    bo.post(
        f"/sheets/imports/{run.public_id}/correct/",
        {"file": file.public_id, "sheet": "进货", "kind": "deliveries", "year": "2024"},
    )
    assert ImportRow.objects.filter(run=run, state="staged").count() == 2
    refused = bo.post(
        f"/sheets/imports/{run.public_id}/correct/",
        {"file": file.public_id, "sheet": "进货", "kind": "deliveries", "year": "abc"},
        follow=True,
    )
    assert "2023-2024" in refused.content.decode()


def test_a_column_is_mapped_by_hand(bo: Client, world: World) -> None:
    head = ["日期", "甲", "数量", "单位", "金额", "供应商", "备注"]
    run = hand_in(bo, world, ("柳河台账.xlsx", ledger(*LINES, head=head)))
    assert ImportRow.objects.filter(run=run, state="staged").count() == 0
    file = run.files.get()
    bo.post(
        f"/sheets/imports/{run.public_id}/correct/",
        {"file": file.public_id, "sheet": "进货", "kind": "deliveries", "column-1": "product"},
    )
    rows = ImportRow.objects.filter(run=run, state="staged")
    assert [row.values["product"] for row in rows] == ["大米", "鸡蛋"]


def test_a_merge_is_kept_apart_and_later_undone(bo: Client, world: World) -> None:
    lines = [LINES[0], ["2024-03-06", *LINES[0][1:5], "鼎鑫", None]]
    run = hand_in(bo, world, ("柳河台账.xlsx", ledger(*lines)))
    merge = ImportProposal.objects.get(run=run, name="鼎鑫")
    here = f"/sheets/imports/{run.public_id}/proposals/{merge.public_id}/"
    for decision in ("apart", "accept"):
        bo.post(here, {"decision": decision})
        merge.refresh_from_db()
        assert merge.decision == decision
    bo.post(f"/sheets/imports/{run.public_id}/write/")
    bo.post(f"{here}undo/")
    merge.refresh_from_db()
    assert merge.undone_at is not None


def test_a_folder_as_zip_is_opened(bo: Client, world: World) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("柳河镇/柳河中心小学/进货.xlsx", ledger(*LINES, title="进货台账"))
        archive.writestr("柳河镇/~$进货.xlsx", b"x")
        archive.writestr("../../etc/x.xlsx", b"x")
    run = hand_in(bo, world, ("柳河镇.zip", out.getvalue()))
    assert sorted(file.path for file in run.files.all()) == ["etc/x.xlsx", "柳河镇/柳河中心小学/进货.xlsx"]
    assert set(ImportRow.objects.filter(run=run).values_list("school", flat=True)) == {"柳河中心小学"}


def test_it_can_be_discarded(bo: Client, world: World) -> None:
    run = hand_in(bo, world, ("柳河台账.xlsx", ledger(*LINES)))
    bo.post(f"/sheets/imports/{run.public_id}/discard/")
    run.refresh_from_db()
    assert (run.state, run.rows.count()) == ("discarded", 0)
    assert bo.post(f"/sheets/imports/{run.public_id}/write/").status_code == 302
    run.refresh_from_db()
    assert run.state == "discarded"


@pytest.mark.parametrize(("name", "status"), [("chen", 404), ("du", 403), ("an", 403), ("eve", 200), ("bai", 200)])
def test_who_sees_an_import(bo: Client, world: World, name: str, status: int) -> None:
    run = hand_in(bo, world, ("柳河台账.xlsx", ledger(*LINES)))
    assert signed_in(name).get(f"/sheets/imports/{run.public_id}/").status_code == status


@pytest.mark.parametrize("name", ["chen", "du", "an", "eve"])
def test_who_may_not_write(bo: Client, world: World, name: str) -> None:
    run = hand_in(bo, world, ("柳河台账.xlsx", ledger(*LINES)))
    assert signed_in(name).post(f"/sheets/imports/{run.public_id}/write/").status_code in {403, 404}
    run.refresh_from_db()
    assert run.state == "ready"


def test_a_school_imports_only_its_own(bo: Client, world: World) -> None:
    gao = signed_in("gao")
    answer = gao.post(
        "/sheets/imports/new/", {"org": world.town.pk, "sheets": [SimpleUploadedFile("a.xlsx", ledger(*LINES))]}
    )
    assert answer.status_code == 200
    assert not ImportRun.objects.exists()
    gao.post(
        "/sheets/imports/new/",
        {"org": world.school_a.pk, "sheets": [SimpleUploadedFile("a.xlsx", ledger(*LINES, title=""))]},
    )
    assert ImportRow.objects.filter(state="staged").count() == 2


def test_a_large_import_is_read_and_written_by_the_worker(
    bo: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("houqin.flows.sheets.pace.AT_ONCE_BYTES", 0)
    monkeypatch.setattr("houqin.flows.sheets.pace.AT_ONCE_ROWS", 0)
    run = hand_in(bo, world, ("柳河台账.xlsx", ledger(*LINES)))
    assert run.state == "reading"
    assert "hx-get" in page(bo, run)
    assert bo.get(f"/sheets/imports/{run.public_id}/progress/").status_code == 200
    run_jobs()
    assert bo.get(f"/sheets/imports/{run.public_id}/progress/")["HX-Redirect"].endswith(f"{run.public_id}/")
    assert "柳河台账.xlsx" in bo.get("/").content.decode()
    bo.post(f"/sheets/imports/{run.public_id}/write/")
    run.refresh_from_db()
    assert run.state == "writing"
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.result["created"]) == ("done", 2)


def test_the_list_of_imports(bo: Client, world: World) -> None:
    run = hand_in(bo, world, ("柳河台账.xlsx", ledger(*LINES)))
    assert str(run.public_id) in bo.get("/sheets/imports/").content.decode()
    assert str(run.public_id) not in signed_in("chen").get("/sheets/imports/").content.decode()


def test_wrong_files_are_answered_on_the_page(bo: Client, world: World) -> None:
    run = hand_in(bo, world, ("a.xlsx", files.docx()), ("b.xlsx", files.encrypted()))
    shown = page(bo, run)
    assert "a.xlsx" in shown
    assert "Word" in shown
    assert bo.post(f"/sheets/imports/{run.public_id}/write/").status_code == 302
    run.refresh_from_db()
    assert run.state == "ready"
