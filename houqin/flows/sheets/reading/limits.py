"""Limits that hold before anything is unpacked or laid out in memory."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from dataclasses import dataclass

import olefile

from houqin.lib.notes import Unreadable, unreadable
from houqin.lib.notes import mark as _

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one file may cost. A school's ledger of a year is far below all of them."""

    file_bytes: int = 32 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    ratio: int = 200
    ratio_from_bytes: int = 8 * MEGABYTE
    entries: int = 2_000
    cells: int = 2_000_000
    sheets: int = 200


DEFAULT = Limits()
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?(?<!/)>\s*<(?:\w+:)?(?:v|f|is)\b')
_SHEET = re.compile(r"xl/(work|macro|chart|dialog)?sheets/[^/]+\.xml$", re.IGNORECASE)
_CHUNK = 1 * MEGABYTE
_BIFF_CELLS = {0x0203, 0x00FD, 0x027E, 0x0006, 0x0206, 0x0406, 0x0205, 0x0204, 0x00D6, 0x00BD, 0x0003, 0x0002}
_BIFF_PASSWORD, _BIFF_SHEET_START = 0x002F, 0x0809


def too_large(size: int, limits: Limits = DEFAULT) -> None:
    """Refuse a file by its size alone, before a byte of it is read."""
    if size > limits.file_bytes:
        raise unreadable(
            "too-large-file",
            _("The file has %(size)s MB; at most %(limit)s MB can be read. Save each school or term as its own file."),
            size=round(size / MEGABYTE),
            limit=limits.file_bytes // MEGABYTE,
        )


def check_zip(data: bytes, limits: Limits = DEFAULT) -> zipfile.ZipFile:
    """Open a zip whose declared *and* actual sizes are bounded."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, struct.error):
        raise _damaged() from None
    if len(entries) > limits.entries:
        raise _bomb()
    declared = sum(entry.file_size for entry in entries)
    if declared > limits.unpacked_bytes or _inflated(declared, len(data), limits):
        raise _bomb()
    return archive


def check_cells(archive: zipfile.ZipFile, packed: int, limits: Limits = DEFAULT) -> None:
    """Unpack every part in pieces, counting what really comes out, and measure the area each sheet spans.

    A sheet with one value in A1 and one in XFD1048576 is small on disk and enormous in memory."""
    total = 0
    for entry in archive.infolist():
        area = _Area() if _SHEET.search(entry.filename) else None
        try:
            with archive.open(entry) as part:
                rest = b""
                while chunk := part.read(_CHUNK):
                    total += len(chunk)
                    if total > limits.unpacked_bytes or _inflated(total, packed, limits):
                        raise _bomb()
                    if area is not None:
                        rest = area.see(rest + chunk)
        except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, NotImplementedError):
            raise _damaged() from None
        except Exception as error:
            if type(error).__module__ == "zlib":
                raise _damaged() from None
            raise
        if area is not None and area.cells > limits.cells:
            raise _too_many_cells(limits)


class _Area:
    """The smallest rectangle that holds every valued cell of a sheet."""

    def __init__(self) -> None:
        self.bottom = self.right = 0

    def see(self, text: bytes) -> bytes:
        end = 0
        for cell in _CELL.finditer(text):
            end = cell.end()
            self.include(int(cell[2]), _column(cell[1]))
        return text[max(end, len(text) - 400) :]

    def include(self, row: int, column: int) -> None:
        self.bottom, self.right = max(self.bottom, row), max(self.right, column)

    @property
    def cells(self) -> int:
        return self.bottom * self.right


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _inflated(unpacked: int, packed: int, limits: Limits) -> bool:
    return unpacked > limits.ratio_from_bytes and unpacked > packed * limits.ratio


def check_ole(data: bytes, limits: Limits = DEFAULT) -> str:
    """Look into an OLE container: returns ``xls``, or refuses an encrypted workbook, a .doc, a .ppt."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            if ole.exists("EncryptedPackage") or ole.exists("EncryptionInfo"):
                raise encrypted()
            if ole.exists("WordDocument"):
                raise _other_kind("Word")
            if ole.exists("PowerPoint Document"):
                raise _other_kind("PowerPoint")
            name = next((name for name in ("Workbook", "Book") if ole.exists(name)), None)
            if name is None:
                raise _damaged()
            stream = ole.openstream(name).read()
    except Unreadable:
        raise
    except (OSError, ValueError, struct.error, IndexError, TypeError, AttributeError):
        raise _damaged() from None
    _walk_biff(stream, limits)
    return "xls"


def _walk_biff(stream: bytes, limits: Limits) -> None:
    """Follow the record headers: a password record, and the area of each sheet."""
    position, area = 0, _Area()
    while position + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, position)
        if record == _BIFF_PASSWORD:
            raise encrypted()
        if record == _BIFF_SHEET_START:
            area = _Area()
        elif record in _BIFF_CELLS and length >= 4 and position + 8 <= len(stream):
            row, column = struct.unpack_from("<HH", stream, position + 4)
            area.include(row + 1, column + 1)
            if area.cells > limits.cells:
                raise _too_many_cells(limits)
        position += 4 + length


def encrypted() -> Exception:
    """The workbook opens only with a password."""
    return unreadable(
        "encrypted", _("The workbook is protected by a password. Open it, take the password off, save, and try again.")
    )


def _damaged() -> Exception:
    return unreadable(
        "damaged", _("The file is damaged or not a spreadsheet. Open it in Excel or WPS and save it as .xlsx.")
    )


def _bomb() -> Exception:
    return unreadable(
        "bomb", _("The file unpacks to far more than a ledger can hold. It was not opened. Ask where it comes from.")
    )


def _too_many_cells(limits: Limits) -> Exception:
    return unreadable(
        "too-many-cells",
        _("A sheet spans more than %(cells)s cells. Delete stray entries far below or to the right, and try again."),
        cells=limits.cells,
    )


def _other_kind(kind: str) -> Exception:
    return unreadable(
        "other-kind", _("This is a %(kind)s file, whatever its name says. Put the table into a spreadsheet."), kind=kind
    )


def other_kind(kind: str) -> Exception:
    """A file of another programme under a spreadsheet's name."""
    return _other_kind(kind)


def damaged() -> Exception:
    """A file that no reader can open."""
    return _damaged()
