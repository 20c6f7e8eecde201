"""Files for tests: workbooks and things that only pretend to be one."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

import openpyxl

SECTOR = 512


def xlsx(sheets: dict[str, list[list[Any]]], merges: dict[str, list[str]] | None = None) -> bytes:
    """A workbook with these rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in (merges or {}).get(name, []):
            sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def docx() -> bytes:
    """What Word saves, near enough."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


def bomb(megabytes: int = 300) -> bytes:
    """A workbook whose sheet unpacks to far more than it weighs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(megabytes):
                part.write(b" " * 1024 * 1024)
    return out.getvalue()


def lying_bomb() -> bytes:
    """The same, declaring in its directory that it is small."""
    data = bytearray(bomb(20))
    size = (20 * 1024 * 1024).to_bytes(4, "little")
    return bytes(data.replace(size, (1000).to_bytes(4, "little")))


def wide() -> bytes:
    """Two cells, at opposite corners of the largest sheet there can be."""
    parts = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "xl/workbook.xml": "<workbook/>",
        "xl/worksheets/sheet1.xml": '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def encrypted() -> bytes:
    """The container that Excel writes when a password is set: OLE with an EncryptedPackage stream."""
    header = bytearray(SECTOR)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I", header, 44, 1)  # sectors of the allocation table
    struct.pack_into("<IIIIIII", header, 48, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, 0, *([0xFFFFFFFF] * 108))
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, 3, 4, 5, 6, 7, 8, 9, 0xFFFFFFFE, *([0xFFFFFFFF] * 118))
    directory = b"".join(
        [
            _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1),
            _entry("EncryptedPackage", 2, 2, 4096),
            _entry("", 0, 0, 0),
            _entry("", 0, 0, 0),
        ]
    )
    return bytes(header) + table + directory + b"\x07" * 4096


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le")
    entry = bytearray(128)
    entry[: len(text)] = text
    struct.pack_into("<HBB", entry, 64, len(text) + 2 if name else 0, kind, 1)
    struct.pack_into("<III", entry, 68, 0xFFFFFFFF, 0xFFFFFFFF, child)
    struct.pack_into("<IQ", entry, 116, start, size)
    return bytes(entry)
