"""Files as they come in: from a folder on disk, from an upload, from a zip. Refused by size before being read."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.refusals import Refused
from houqin.flows.sheets.reading.books import looks_like_sheet
from houqin.flows.sheets.reading.limits import Limits, check_zip, too_large
from houqin.lib.notes import Note, Unreadable

MOST_FILES = 500
MOST_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True)
class Handed:
    """One file as handed in; `problem` where it was refused by its size, before a byte was read."""

    path: str
    size: int
    data: bytes = b""
    problem: Note | None = None

    @property
    def sha256(self) -> str:
        """Digest of the content."""
        return hashlib.sha256(self.data or self.path.encode()).hexdigest()


class Upload(Protocol):
    """What a form gives: a name, a size, and the bytes in pieces."""

    name: str | None
    size: int | None

    def read(self, size: int = -1, /) -> bytes: ...


def limits() -> Limits:
    """Limits of this installation."""
    return Limits(file_bytes=settings.UPLOAD_LIMIT_BYTES)


def from_disk(folder: Path) -> list[Handed]:
    """Every spreadsheet in a folder (and the folders in it), or one file. Other files are passed over."""
    if folder.is_file():
        return _from_paths([folder], folder.parent)
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return _from_paths([path for path in found if looks_like_sheet(path.name)], folder)


def _from_paths(paths: Sequence[Path], root: Path) -> list[Handed]:
    taken, total = [], 0
    for path in paths:
        size, name = path.stat().st_size, path.relative_to(root).as_posix()
        try:
            too_large(size, limits())
        except Unreadable as error:
            taken.append(Handed(name, size, problem=error.note))
            continue
        total += size
        _bounded(len(taken) + 1, total)
        taken.append(Handed(name, size, path.read_bytes()))
    return taken


def from_uploads(uploads: Iterable[Upload]) -> list[Handed]:
    """Files of a form; a zip is opened as a folder."""
    taken: list[Handed] = []
    for upload in uploads:
        name, size = (upload.name or gettext("file")).replace("\\", "/"), upload.size or 0
        try:
            too_large(size, limits())
        except Unreadable as error:
            taken.append(Handed(name, size, problem=error.note))
            continue
        data = upload.read()
        taken += list(_unzipped(name, data)) if _is_folder_zip(name, data) else [Handed(name, size, data)]
        _bounded(len(taken), sum(each.size for each in taken))
    return taken


def _is_folder_zip(name: str, data: bytes) -> bool:
    """A zip of files, not a workbook (which is a zip as well)."""
    if not data.startswith(b"PK\x03\x04") or not name.lower().endswith(".zip"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return not any(each.endswith("xl/workbook.xml") for each in archive.namelist())
    except zipfile.BadZipFile:
        return False


def _unzipped(name: str, data: bytes) -> Iterator[Handed]:
    try:
        archive = check_zip(data, limits())
    except Unreadable as error:
        yield Handed(name, len(data), problem=error.note)
        return
    for entry in archive.infolist():
        path = _entry_name(entry)
        if entry.is_dir() or not looks_like_sheet(path):
            continue
        try:
            too_large(entry.file_size, limits())
            with archive.open(entry) as part:
                content = _read_bounded(part)
        except Unreadable as error:
            yield Handed(path, entry.file_size, problem=error.note)
        except (zipfile.BadZipFile, RuntimeError, OSError, EOFError):
            yield Handed(path, entry.file_size, problem=Note("damaged", str(_("The file in the zip is damaged."))))
        else:
            yield Handed(path, len(content), content)


def _read_bounded(part: IO[bytes]) -> bytes:
    """What really comes out of a zip may be more than it declares."""
    content = part.read(limits().file_bytes + 1)
    too_large(len(content), limits())
    return content


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """Chinese Windows writes GBK names into zips without saying so."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeDecodeError, UnicodeEncodeError):
            name = entry.filename
    return "/".join(part for part in name.replace("\\", "/").split("/") if part not in {"", ".", ".."})


def _bounded(files: int, total: int) -> None:
    if files > MOST_FILES:
        raise Refused(_("These are more than %(most)d files. Import them in several goes.") % {"most": MOST_FILES})
    if total > MOST_BYTES:
        raise Refused(
            _("These files have more than %(most)d MB together. Import them in several goes.")
            % {"most": MOST_BYTES // 1024 // 1024}
        )


def digest(files: Sequence[Handed]) -> str:
    """One digest for a folder's content, whatever the order of its files."""
    return hashlib.sha256("".join(sorted(each.sha256 for each in files)).encode()).hexdigest()
