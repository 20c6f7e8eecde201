"""What a file is, its bytes say; what it may cost is settled before it is unpacked."""

import io
import zipfile
from contextlib import suppress

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from houqin.flows.sheets.reading.books import looks_like_sheet, read_book
from houqin.flows.sheets.reading.limits import Limits
from houqin.flows.sheets.tests import files
from houqin.lib.notes import Unreadable


def refusal(data: bytes, name: str = "台账.xlsx", limits: Limits | None = None) -> str:
    with pytest.raises(Unreadable) as caught:
        read_book(name, data, limits or Limits())
    return caught.value.note.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (files.docx(), "other-kind"),
        (files.encrypted(), "encrypted"),
        (files.wide(), "too-many-cells"),
        (b"%PDF-1.7 ...", "other-kind"),
        (b"\x89PNG\r\n\x1a\n", "other-kind"),
        (b"", "empty-file"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
        (b"just a line of text", "damaged"),
        (b"\xff\xfe\x00\xd8\x00", "damaged"),
    ],
)
def test_a_file_that_is_no_ledger_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    assert refusal(files.bomb()) == "bomb"


def test_a_bomb_that_lies_about_its_size_is_stopped_while_unpacking() -> None:
    assert refusal(files.lying_bomb()) in {"bomb", "damaged"}


def test_a_file_is_refused_by_its_size_alone() -> None:
    assert refusal(b"x" * 2000, limits=Limits(file_bytes=1000)) == "too-large-file"


def test_a_zip_of_countless_parts_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(30):
            archive.writestr(f"xl/{number}.xml", "")
    assert refusal(out.getvalue(), limits=Limits(entries=20)) == "bomb"


def test_an_xls_with_far_corners_is_refused_by_walking_its_records() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, 1)
    sheet.write(65535, 255, 1)
    out = io.BytesIO()
    book.save(out)
    assert refusal(out.getvalue(), "台账.xls") == "too-many-cells"


def test_the_name_does_not_matter() -> None:
    data = files.xlsx({"a": [["x", 1]]})
    assert read_book("whatever.xls", data).format == "xlsx"
    assert read_book("台账.xls", "日期,名称\n1,米".encode("gb18030")).format == "csv"
    page = b"<html><table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr></table></html>"
    grid = read_book("导出.xls", page).grids[0]
    assert grid.rows == [["a", "b"], [None, "c"]]


def test_hidden_sheets_are_left_alone_and_named() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["a", 1])
    hidden = book.create_sheet("旧表")
    hidden.append(["b", 2])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    read = read_book("a.xlsx", out.getvalue())
    assert [grid.name for grid in read.grids] == ["Sheet"]
    assert [note.code for note in read.warnings] == ["hidden-sheet"]


def test_lock_files_and_other_documents_in_a_folder_are_passed_over() -> None:
    assert looks_like_sheet("a/进货.XLSX")
    assert not any(looks_like_sheet(name) for name in ("~$进货.xlsx", ".x.xls", "truth.json", "说明.txt", "a.docx"))


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        with suppress(Unreadable):
            assert read_book("a.xlsx", start + data).grids is not None
