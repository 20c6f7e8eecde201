"""Reading a backup from its beginning to its end and comparing all of it with what it says of itself."""

import hashlib
import tarfile
from collections.abc import Callable
from typing import IO

from django.utils.translation import gettext as _

from houqin.config.backup import manifest
from houqin.config.backup.envelope import Opener
from houqin.config.backup.manifest import FORMAT, Manifest
from houqin.config.backup.snapshots import Loader
from houqin.core.scope.refusals import Refused

Report = Callable[[int, int, str], None]
TakeFile = Callable[[str, IO[bytes]], None]
TakePiece = Callable[[bytes], None]
BLOCK = 1024 * 1024


class _Walk:
    """One way through a backup; ``take_file`` and ``take_piece`` get what it holds, in the order in which it stands."""

    def __init__(self, take_file: TakeFile | None, take_piece: TakePiece | None, report: Report) -> None:
        self.take_file, self.take_piece, self.report = take_file, take_piece, report
        self.files, self.pieces, self.bytes = 0, 0, 0
        self.damaged: list[str] = []
        self.digest = hashlib.sha256()
        self.manifest: Manifest | None = None

    def part(self, name: str, content: IO[bytes]) -> None:
        """One member of the archive."""
        if name.startswith(manifest.FILES):
            self._file(name.rpartition("/")[2], content)
        elif name.startswith(manifest.DATABASE):
            self._piece(content.read())
        elif name == manifest.NAME:
            self.manifest = Manifest.from_bytes(content.read())

    def _file(self, digest: str, content: IO[bytes]) -> None:
        self.files += 1
        passed = Passed(content)
        if self.take_file:
            self.take_file(digest, passed)  # type: ignore[arg-type]
        while passed.read(BLOCK):
            pass
        self._count(passed.count, _("Files"))
        if passed.digest.hexdigest() != digest:
            self.damaged.append(digest)

    def _piece(self, piece: bytes) -> None:
        self.pieces += 1
        self.digest.update(piece)
        if self.take_piece:
            self.take_piece(piece)
        self._count(len(piece), _("Database"))

    def _count(self, read: int, title: str) -> None:
        self.bytes += read
        self.report(self.bytes // BLOCK, 0, title)

    def whole(self) -> Manifest:
        """What the backup says of itself, when everything is there."""
        told = self.manifest
        if (
            told is None
            or (self.files, self.pieces, self.digest.hexdigest()) != (told.files, told.pieces, told.pieces_sha256)
            or sorted(self.damaged) != sorted(told.damaged)
        ):
            raise Refused(_("The backup does not hold what it says. Take another copy of it. Nothing was changed."))
        return told


class Passed:
    """A reader that digests and counts what passes through it."""

    def __init__(self, below: IO[bytes]) -> None:
        self._below, self.digest, self.count = below, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        content = self._below.read(size)
        self.digest.update(content)
        self.count += len(content)
        return content


def walk(
    file: IO[bytes],
    passphrase: str,
    report: Report,
    *,
    take_file: TakeFile | None = None,
    take_piece: TakePiece | None = None,
) -> Manifest:
    """Read all of it, giving away what is asked for; refuses in words when anything is not as it was written."""
    opened, way = Opener(file, passphrase), _Walk(take_file, take_piece, report)
    try:
        with tarfile.open(fileobj=opened, mode="r|", bufsize=BLOCK) as tar:
            for member in tar:
                content = tar.extractfile(member)
                assert content is not None
                way.part(member.name, content)
        while opened.read(BLOCK):
            pass  # the last chunk proves that nothing is missing
    except (tarfile.TarError, ValueError, KeyError) as error:
        raise Refused(_("This file holds no backup of data. Name the one without -keys in its name.")) from error
    return way.whole()


def verify(file: IO[bytes], passphrase: str, report: Report) -> Manifest:
    """Decrypt and digest everything; a dump of PostgreSQL goes through pg_restore as well, into nowhere."""
    checked: list[Loader] = []

    def check(piece: bytes) -> None:
        if piece.startswith(b"PGDMP") and not checked:
            checked.append(Loader(check=True))
        for loader in checked:
            loader.feed(piece)

    try:
        told = walk(file, passphrase, report, take_piece=check)
        for loader in checked:
            loader.finish()
    except BaseException:
        for loader in checked:
            loader.abandon()
        raise
    if told.format > FORMAT:
        raise Refused(_("This backup was made by a newer Houqin (%s). Install that one first.") % told.program)
    return told
