"""A file's bytes → `Book`. What the file is, its bytes say; its name is only a name."""

from __future__ import annotations

import io
import zipfile

import python_calamine

from houqin.flows.sheets.reading.grids import Book, Cell, Grid, Merge
from houqin.flows.sheets.reading.limits import (
    DEFAULT,
    Limits,
    check_cells,
    check_ole,
    check_zip,
    damaged,
    encrypted,
    other_kind,
    too_large,
)
from houqin.flows.sheets.reading.texts import read_csv, read_html
from houqin.lib.notes import Note, Unreadable, unreadable
from houqin.lib.notes import mark as _
from houqin.lib.text import as_typed

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = [
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"{\\rtf", "RTF"),
]
_NAMES = {"xlsx", "xlsm", "xls", "et", "csv", "htm", "html", "xltx", "xlt", "tsv"}


def looks_like_sheet(path: str) -> bool:
    """Is it worth opening, by its name? Lock files (~$…), dot files and other endings in a folder are passed over."""
    name = path.rsplit("/", 1)[-1]
    return not name.startswith(("~$", ".")) and name.rsplit(".", 1)[-1].lower() in _NAMES


def read_book(path: str, data: bytes, limits: Limits = DEFAULT) -> Book:
    """Open a spreadsheet; raises `Unreadable` with what is wrong and what to do."""
    too_large(len(data), limits)
    if not data.strip():
        raise unreadable("empty-file", _("The file is empty."))
    if data.startswith(_ZIP):
        return _read_xlsx(path, data, limits)
    if data.startswith(_OLE):
        return _with_calamine(path, data, check_ole(data, limits))
    for magic, kind in _OTHERS:
        if data.startswith(magic):
            raise other_kind(kind)
    return _read_text(path, data, limits)


def _read_xlsx(path: str, data: bytes, limits: Limits) -> Book:
    archive = check_zip(data, limits)
    names = {name.lower() for name in archive.namelist()}
    _refuse_other_zip(archive, names)
    check_cells(archive, len(data), limits)
    return _with_calamine(path, data, "xlsx")


def _refuse_other_zip(archive: zipfile.ZipFile, names: set[str]) -> None:
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        raise encrypted()
    if any(name.endswith("workbook.xml") for name in names):
        return
    if any(name.startswith("word/") for name in names):
        raise other_kind("Word")
    if any(name.startswith("ppt/") for name in names):
        raise other_kind("PowerPoint")
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise unreadable("other-format", _("This spreadsheet format cannot be read. Save it as .xlsx and try again."))
    raise other_kind("ZIP")


def _with_calamine(path: str, data: bytes, kind: str) -> Book:
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        book = Book(path, kind, [])
        for position, told in enumerate(workbook.sheets_metadata):
            if told.visible is not python_calamine.SheetVisibleEnum.Visible:
                book.warnings.append(
                    Note("hidden-sheet", _("Sheet “%(sheet)s” is hidden and was not read."), {"sheet": told.name})
                )
            elif told.typ is python_calamine.SheetTypeEnum.WorkSheet:
                book.grids.append(_grid(workbook.get_sheet_by_index(position)))
    except python_calamine.PasswordError:
        raise encrypted() from None
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise damaged() from None
    return book


def _grid(sheet: python_calamine.CalamineSheet) -> Grid:
    rows = sheet.to_python(skip_empty_area=False)
    ranges = sheet.merged_cell_ranges or []
    merges = tuple(Merge(top, left, bottom, right) for (top, left), (bottom, right) in ranges)
    cells: list[list[Cell]] = [[_typed(cell) for cell in row] for row in rows]
    return Grid(sheet.name, cells, merges)


def _typed(cell: Cell) -> Cell:
    return (as_typed(cell) or None) if isinstance(cell, str) else cell


def _read_text(path: str, data: bytes, limits: Limits) -> Book:
    text = _decoded(data)
    lowered = text[:4096].lower()
    if "<table" in text.lower() and ("<html" in lowered or "<table" in lowered or "<!doctype" in lowered):
        return Book(path, "html", read_html(text, limits.cells))
    if lowered.lstrip().startswith(("<?xml", "<")):
        raise unreadable("other-format", _("This spreadsheet format cannot be read. Save it as .xlsx and try again."))
    grid = read_csv(text, path.rsplit("/", 1)[-1].rsplit(".", 1)[0], limits.cells)
    if grid is None:
        raise damaged()
    return Book(path, "csv", [grid])


def _decoded(data: bytes) -> str:
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else []
    for encoding in [*encodings, "utf-8-sig", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise damaged()
