"""Writing a backup: under a temporary name, read back, then renamed; older ones are taken away after that."""

import errno
import fcntl
import hashlib
import io
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from houqin.config.backup import manifest, reading
from houqin.config.backup.envelope import Sealer
from houqin.config.backup.keyring import write_keys
from houqin.config.backup.manifest import Manifest
from houqin.config.backup.snapshots import Snapshot, snapshot
from houqin.core.files.keeping import name_of, storage
from houqin.core.files.models import Blob
from houqin.core.scope.refusals import Refused

Report = Callable[[int, int, str], None]
MEGABYTE = 1024 * 1024
LEAST_PASSPHRASE = 12
PART, SCRATCH = ".part", ".houqin-backup-scratch-"
NAMED = re.compile(r"houqin-\d{8}-\d{6}(-keys)?\.backup")


@dataclass(frozen=True)
class Made:
    """A backup that was written and read back."""

    path: Path
    keys: Path
    size_bytes: int
    sha256: str
    manifest: Manifest
    removed: list[str]


def back_up(folder: Path, *, passphrase: str, report: Report, keys: Path | None = None, keep: int = 0) -> Made:
    """Write both files and read them back; ``keep`` is how many backups stay (0: all)."""
    if len(passphrase) < LEAST_PASSPHRASE:
        raise Refused(
            _("The passphrase needs %d characters or more: who finds the disk can guess for years.") % LEAST_PASSPHRASE
        )
    if not connection.introspection.table_names():
        raise Refused(_("The database is empty: there is nothing to back up yet."))
    at = timezone.now()
    name = f"houqin-{timezone.localtime(at):%Y%m%d-%H%M%S}"
    beside = keys or folder
    with in_words(folder), _alone() as scratch:
        for place in {folder, beside}:
            place.mkdir(parents=True, exist_ok=True)
            for left in place.glob(f"houqin-*{PART}"):
                left.unlink()  # of a backup that was killed: whoever holds the lock is alone
        path, key_path = folder / f"{name}.backup", beside / f"{name}-keys.backup"
        with _named(path) as file:
            written = _write(file, scratch, at, passphrase, report)
            file.seek(0)
            reading.verify(file, passphrase, report)
            file.seek(0)
            digest, size = hashlib.file_digest(file, "sha256").hexdigest(), file.tell()  # type: ignore[arg-type]
        with _named(key_path) as file:
            write_keys(file, passphrase)
        removed = [*_rotate(folder, keep, keys=False), *_rotate(beside, keep, keys=True)] if keep else []
    return Made(path, key_path, size, digest, written, removed)


@contextmanager
def in_words(place: Path) -> Iterator[None]:
    """What a disk can refuse, in a sentence."""
    full = _("The disk is full: %s. Make room or take another disk; nothing half done was left.") % place
    try:
        yield
    except OperationalError as error:
        if "full" in str(error):
            raise Refused(full) from error
        raise
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Refused(full) from error
        if error.errno == errno.EFBIG:
            raise Refused(
                _("%s takes no file of this size (FAT32 ends at 4 GB). Format the disk as exFAT or ext4.") % place
            ) from error
        raise Refused(
            _("%(place)s cannot be used: %(why)s") % {"place": place, "why": error.strerror or error}
        ) from error


@contextmanager
def _alone() -> Iterator[Path]:
    """One backup at a time; yields a folder for what is only needed meanwhile, on the disk of the database itself."""
    with Path(settings.VAR, "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(_("Another backup is being made now. Wait until it is done.")) from error
        for left in Path(settings.VAR).glob(f"{SCRATCH}*/"):
            shutil.rmtree(left)  # of a backup that was killed
        with tempfile.TemporaryDirectory(dir=settings.VAR, prefix=SCRATCH) as scratch:
            yield Path(scratch)


@contextmanager
def _named(path: Path) -> Iterator[IO[bytes]]:
    """A file that has its name only when it is whole and on the disk."""
    part = path.with_name(path.name + PART)
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(file: IO[bytes], scratch: Path, at: datetime, passphrase: str, report: Report) -> Manifest:
    """Files first, the database after them: whoever restores commits the database last."""
    sealer = Sealer(file, passphrase)
    with snapshot(scratch) as moment, tarfile.open(fileobj=sealer, mode="w|", bufsize=MEGABYTE) as tar:
        told = manifest.described(moment, at.isoformat())
        _put_files(tar, moment, told, report)
        _put_database(tar, moment, told, report)
        _put(tar, manifest.NAME, told.as_bytes())
    sealer.finish()
    file.flush()
    os.fsync(file.fileno())
    return told


def _put(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    tar.addfile(info, io.BytesIO(content))


def _put_files(tar: tarfile.TarFile, moment: Snapshot, told: Manifest, report: Report) -> None:
    """Exactly the files that the database names at that moment."""
    total = next(iter(moment.rows("SELECT COALESCE(SUM(size_bytes), 0) FROM files_blob")))[0]
    for (digest,) in moment.rows("SELECT digest FROM files_blob ORDER BY digest"):
        report(told.files_bytes // MEGABYTE, int(total) // MEGABYTE, _("Files"))
        try:
            opened = storage().open(name_of(digest))
        except FileNotFoundError:
            # Its row may have gone since: then it was erased on purpose, and the row in the backup is the last trace of it.
            if Blob.objects.filter(digest=digest).exists():
                told.missing.append(digest)
            continue
        with opened:
            info = tarfile.TarInfo(manifest.FILES + name_of(digest))
            info.size = opened.size
            hashed = reading.Passed(opened)
            tar.addfile(info, hashed)  # type: ignore[arg-type]
        told.files += 1
        told.files_bytes += info.size
        if hashed.digest.hexdigest() != digest:
            told.damaged.append(digest)


def _put_database(tar: tarfile.TarFile, moment: Snapshot, told: Manifest, report: Report) -> None:
    digest = hashlib.sha256()
    for piece in moment.pieces():
        told.pieces += 1
        told.pieces_bytes += len(piece)
        digest.update(piece)
        _put(tar, f"{manifest.DATABASE}{told.pieces:08d}", piece)
        report(told.pieces_bytes // MEGABYTE, 0, _("Database"))
    told.pieces_sha256 = digest.hexdigest()


def _rotate(folder: Path, keep: int, *, keys: bool) -> list[str]:
    """Take the oldest away; the name tells the age, so that a copied file counts as old as it is."""
    mine = [path for path in folder.iterdir() if (m := NAMED.fullmatch(path.name)) and bool(m[1]) is keys]
    old = sorted(mine, key=lambda path: path.name)[:-keep]
    for path in old:
        path.unlink()
    return [path.name for path in old]
