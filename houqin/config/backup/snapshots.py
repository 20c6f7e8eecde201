"""One moment of the database, to be read in pieces while everybody works on: SQLite's own copy, PostgreSQL's dump."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from django.db import connection
from django.utils.translation import gettext as _

from houqin.core.scope.refusals import Refused

PIECE = 8 * 1024 * 1024
VERSIONS = Path("/usr/lib/postgresql")


class Snapshot(Protocol):
    """What a backup reads: rows by plain SQL that both databases understand, and the database itself in pieces."""

    engine: str
    version: str

    def rows(self, sql: str) -> Iterator[Any]: ...

    def pieces(self) -> Iterator[bytes]: ...


@contextmanager
def snapshot(scratch: Path) -> Iterator[Snapshot]:
    """This moment of the configured database; ``scratch`` is an empty folder of the installation's own."""
    if connection.vendor == "sqlite":
        yield Copied(scratch)
    else:
        dumped = Dumped()
        try:
            yield dumped
        finally:
            dumped.end()


class Copied:
    """SQLite's online copy: taken in one reading transaction, which stops nobody from writing."""

    engine = "sqlite"

    def __init__(self, scratch: Path) -> None:
        self._file = scratch / "copy.sqlite3"
        self._file.touch(mode=0o600)
        with (
            closing(sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=30)) as source,
            closing(sqlite3.connect(self._file)) as target,
        ):
            source.backup(target)
            # One file, without the log beside it that the original keeps.
            target.execute("PRAGMA journal_mode=DELETE")
            found = target.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise Refused(
                _("The database itself is damaged (%s). Keep every older backup and restore the newest good one.")
                % found
            )
        self.version = sqlite3.sqlite_version

    def rows(self, sql: str) -> Iterator[Any]:
        with closing(sqlite3.connect(self._file)) as copy:
            yield from copy.execute(sql)

    def pieces(self) -> Iterator[bytes]:
        """Deflated: rows shrink to a quarter."""
        with self._file.open("rb") as file:
            while piece := file.read(PIECE):
                yield zlib.compress(piece)


class Dumped:
    """pg_dump's custom format, of the same exported snapshot that the rows are read from."""

    engine = "postgresql"

    def __init__(self) -> None:
        self._connection: Any = connection.copy()
        self._connection.set_autocommit(False)
        with self._connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
            self._name, self.version = cursor.fetchone()

    def rows(self, sql: str) -> Iterator[Any]:
        with self._connection.chunked_cursor() as cursor:
            cursor.execute(sql)
            yield from cursor

    def pieces(self) -> Iterator[bytes]:
        """Compressed by pg_dump itself."""
        line = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={self._name}"]
        with (
            tempfile.TemporaryFile() as told,
            subprocess.Popen(stdout=subprocess.PIPE, stderr=told, **program("pg_dump", line)) as dump,
        ):
            assert dump.stdout is not None
            while piece := dump.stdout.read(PIECE):
                yield piece
            if dump.wait():
                raise Refused(_("pg_dump failed: %s") % _last_line(told))

    def end(self) -> None:
        """Let the snapshot go, so that PostgreSQL may tidy up behind it."""
        self._connection.rollback()
        self._connection.close()


class Loader:
    """pg_restore into the configured database, or (``check``) through the whole dump into nowhere."""

    def __init__(self, *, check: bool) -> None:
        into = ["--file=/dev/null"] if check else ["--single-transaction", "--no-owner", "--no-privileges"]
        self._told = tempfile.TemporaryFile()  # noqa: SIM115 closed by finish and by abandon
        line = program("pg_restore", ["--exit-on-error", *into], connect=not check)
        self._process = subprocess.Popen(stdin=subprocess.PIPE, stderr=self._told, **line)

    def feed(self, piece: bytes) -> None:
        """The next piece of the dump."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(piece)
        except BrokenPipeError:
            self.finish()

    def finish(self) -> None:
        """Everything was fed; PostgreSQL commits all of it or nothing."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        if self._process.wait():
            raise Refused(_("pg_restore failed, nothing was restored: %s") % _last_line(self._told))

    def abandon(self) -> None:
        """Stop in the middle: its transaction is rolled back."""
        self._process.kill()
        self._process.wait()
        self._told.close()


def program(name: str, arguments: list[str], *, connect: bool = True) -> dict[str, Any]:
    """How one of PostgreSQL's own programs is started against the configured database; the password stays out of ``ps``."""
    command, environ = [_found(name), *arguments], dict(os.environ)
    if connect:
        # Django's own way from settings to psql: user, host and port as arguments, the name of the database last.
        words, more = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
        command += [*words[1:-1], "--no-password", f"--dbname={words[-1]}"]
        environ |= more or {}
    return {"args": command, "env": environ}


def _found(name: str) -> str:
    """The newest that is installed: an older pg_dump refuses a newer server."""
    beside = sorted(VERSIONS.glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    found = str(beside[-1]) if beside else shutil.which(name)
    if not found:
        raise Refused(
            _("%s is not installed. Install PostgreSQL's client programs (Debian: postgresql-client).") % name
        )
    return found


def _last_line(told: Any) -> str:
    told.seek(0)
    lines = told.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "?"
