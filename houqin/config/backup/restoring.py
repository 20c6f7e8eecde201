"""Putting a backup into an empty place: first all of it is read and compared, then files, then the database at one stroke."""

import os
import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings
from django.core.files.base import File
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from houqin.config.backup import keyring, reading
from houqin.config.backup.manifest import Manifest, heads
from houqin.config.backup.reading import Report
from houqin.config.backup.snapshots import Loader
from houqin.config.backup.writing import in_words
from houqin.config.commands import database
from houqin.core.files.keeping import name_of, storage
from houqin.core.scope.refusals import Refused
from houqin.flows.seals import checking
from houqin.flows.seals.models import Chain

IN_MEMORY = 8 * 1024 * 1024


@dataclass(frozen=True)
class Restored:
    """What a restored backup holds; ``broken`` are the units whose chain of seals is not as it was sealed."""

    manifest: Manifest
    applied: list[str]
    chains: int
    seals: int
    broken: list[str]
    keys: list[str]

    @property
    def whole(self) -> bool:
        """Whether everything is there and every seal holds."""
        return not (self.broken or self.manifest.missing or self.manifest.damaged)


def restore(path: Path, *, passphrase: str, report: Report, keys: Path | None = None) -> Restored:
    """Into the configured database, storage and folder, which must be empty; a failure leaves them empty."""
    database.make_folder()
    with in_words(Path(settings.VAR)):
        found = _read_keys(keys, passphrase)
        with path.open("rb") as file:
            told = reading.verify(file, passphrase, report)
            _refuse_unfit(told)
            with _into_emptiness():
                file.seek(0)
                _load(file, passphrase, report)
        keyring.put_keys(found)
    applied = database.migrate_now()
    return _checked(told, applied, list(found), report)


def _read_keys(path: Path | None, passphrase: str) -> dict[str, bytes]:
    if path is None:
        return {}
    with path.open("rb") as file:
        found = keyring.read_keys(file, passphrase)
    keyring.refuse_other_keys(found)
    return found


def _refuse_unfit(told: Manifest) -> None:
    """Nothing is written when it could not be read afterwards."""
    if told.engine != connection.vendor:
        raise Refused(
            _("This is a backup of %(backup)s, but DATABASE_URL names %(here)s. Restore it into the kind it came from.")
            % {"backup": told.engine, "here": connection.vendor}
        )
    known = MigrationLoader(None, ignore_no_migrations=True)
    assert known.disk_migrations is not None
    here = {f"{app}.{name}" for app, name in known.disk_migrations} | {
        f"{app}.{name}"
        for one, migration in known.disk_migrations.items()
        for app, name in getattr(migration, "replaces", ())
    }
    later = [name for name in told.migrations if name not in here]
    if later:
        raise Refused(
            _("This backup was made by a newer Houqin (%(program)s knows %(what)s). Install that one first.")
            % {"program": told.program, "what": later[0]}
        )


@contextmanager
def _into_emptiness() -> Iterator[None]:
    """Refuses where something lies. A restore that was killed leaves its mark: what it left is taken away."""
    mark = Path(settings.VAR, "restoring")
    if connection.introspection.table_names():
        raise Refused(
            _("The database is not empty, and a restore overwrites nothing. Name an empty one in DATABASE_URL, or an empty folder: houqin restore … --into FOLDER")
        )  # fmt: skip
    if mark.exists():
        _remove_files()
    elif next(_files(), None):
        raise Refused(_("The storage of files is not empty, and a restore overwrites nothing. Name an empty one, or an empty folder: houqin restore … --into FOLDER"))  # fmt: skip
    mark.touch()
    try:
        yield
    except BaseException:
        _remove_files()
        mark.unlink()
        raise
    mark.unlink()


def _files() -> Iterator[str]:
    with suppress(FileNotFoundError):
        for shard in storage().listdir("")[0]:
            for name in storage().listdir(shard)[1]:
                yield f"{shard}/{name}"


def _remove_files() -> None:
    for name in list(_files()):
        storage().delete(name)


class _Into(Protocol):
    def feed(self, piece: bytes) -> None: ...

    def finish(self) -> None: ...

    def abandon(self) -> None: ...


class _SqliteFile:
    """The database beside its place; it gets its name when it is whole."""

    def __init__(self) -> None:
        self._place = Path(str(connection.settings_dict["NAME"])).absolute()
        self._part = self._place.with_name(f"{self._place.name}.part")
        self._part.unlink(missing_ok=True)
        self._file = os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def feed(self, piece: bytes) -> None:
        self._file.write(zlib.decompress(piece))

    def finish(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        with closing(sqlite3.connect(self._part)) as copy:
            found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise Refused(_("The restored database is damaged (%s). Take another backup. Nothing was changed.") % found)
        connection.close()
        for leftover in ("-wal", "-shm"):  # of the empty file that stood here
            self._place.with_name(self._place.name + leftover).unlink(missing_ok=True)
        self._part.replace(self._place)

    def abandon(self) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)


def _load(file: IO[bytes], passphrase: str, report: Report) -> None:
    into: _Into = _SqliteFile() if connection.vendor == "sqlite" else Loader(check=False)
    try:
        reading.walk(file, passphrase, report, take_file=_keep, take_piece=into.feed)
        into.finish()
    except BaseException:
        into.abandon()
        raise


def _keep(digest: str, content: IO[bytes]) -> None:
    """Through a file of its own: storages far away ask for its size first."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(settings.VAR)) as spooled:
        shutil.copyfileobj(content, spooled)
        spooled.seek(0)
        storage().save(name_of(digest), File(spooled, name=digest))


def _checked(told: Manifest, applied: list[str], keys: list[str], report: Report) -> Restored:
    """Whether every chain ends as it ended, and every sealed thing is what was sealed."""
    ends = heads(Chain.objects.values_list("public_id", "length", "head").iterator())
    broken = [chain for chain in told.chains if chain not in ends]
    seals = 0
    for done, chain in enumerate(Chain.objects.select_related("org").order_by("org__path").iterator(chunk_size=500)):
        report(done, len(ends), chain.org.name)
        result = checking.check(chain)
        seals += result.count
        if not result.clean or ends[chain.public_id.hex] != told.chains.get(chain.public_id.hex):
            broken.append(chain.org.name)
    return Restored(told, applied, len(ends), seals, broken, keys)
