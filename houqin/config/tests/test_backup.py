"""A backup brings everything back, tells what it cannot, and leaves nothing half done."""

import errno
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.db import connection, connections
from django.utils import translation

from houqin.config.backup import jobs, keyring, lately, reading, restoring, writing
from houqin.config.backup.actions import note_made
from houqin.config.health import backups
from houqin.core.audit.models import AuditEntry
from houqin.core.files.keeping import name_of, storage
from houqin.core.files.models import Blob
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import system_viewer

ROOT = Path(__file__).parents[3]
PASSPHRASE = "nine brass kettles"


def silent(_done: int, _total: int, _title: str) -> None:
    """No bar."""


@pytest.fixture
def place(settings: Any, tmp_path: Path) -> Path:
    settings.VAR = tmp_path / "var"
    settings.VAR.mkdir()
    return tmp_path / "disk"


def made(place: Path, **more: Any) -> writing.Made:
    return writing.back_up(place, passphrase=PASSPHRASE, report=silent, **more)


def keep(content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    storage().save(name_of(digest), ContentFile(content))
    Blob.objects.create(digest=digest, media_type="image/webp", size_bytes=len(content))
    return digest


@pytest.mark.django_db(transaction=True)
def test_only_what_the_database_names_goes_in_and_loss_is_told(place: Path) -> None:
    good, gone, bad = keep(b"good"), keep(b"gone"), keep(b"bad")
    storage().delete(name_of(gone))
    storage().delete(name_of(bad))
    storage().save(name_of(bad), ContentFile(b"BAD"))
    storage().save("aa/stray", ContentFile(b"of no row"))
    found = made(place)
    assert (found.manifest.files, found.manifest.missing, found.manifest.damaged) == (2, [gone], [bad])
    held: dict[str, bytes] = {}
    with found.path.open("rb") as file:
        told = reading.walk(
            file, PASSPHRASE, silent, take_file=lambda digest, content: held.update({digest: content.read()})
        )
    assert held == {good: b"good", bad: b"BAD"}
    assert told == found.manifest
    assert hashlib.sha256(found.path.read_bytes()).hexdigest() == found.sha256
    assert oct(found.path.stat().st_mode & 0o777) == oct(found.keys.stat().st_mode & 0o777) == "0o600"


@pytest.mark.django_db(transaction=True)
def test_keys_lie_apart_and_come_back(place: Path, settings: Any, tmp_path: Path) -> None:
    (settings.VAR / "keys").mkdir()
    (settings.VAR / "keys" / "checkpoints.pem").write_text("private half")
    found = made(place, keys=tmp_path / "drawer")
    assert sorted(path.name for path in place.iterdir()) == [found.path.name]
    with found.keys.open("rb") as file:
        held = keyring.read_keys(file, PASSPHRASE)
    assert held == {"secret": settings.SECRET_KEY.encode(), "keys/checkpoints.pem": b"private half"}
    (settings.VAR / "keys" / "checkpoints.pem").write_text("another")
    with pytest.raises(Refused):
        keyring.refuse_other_keys(held)
    settings.VAR = tmp_path / "new"
    keyring.put_keys(held | {"../outside": b"x", "keys/../../outside": b"x"})
    assert (settings.VAR / "keys" / "checkpoints.pem").read_bytes() == b"private half"
    assert not list(tmp_path.glob("outside"))
    with found.keys.open("rb") as file, pytest.raises(Refused):
        reading.verify(file, PASSPHRASE, silent)


@pytest.mark.django_db(transaction=True)
def test_the_newest_stay_and_what_is_not_ours_is_left_alone(place: Path) -> None:
    place.mkdir()
    for name in ("houqin-20240101-030000.backup", "houqin-20240101-030000-keys.backup", "holiday.jpg"):
        (place / name).write_bytes(b"")
    (place / "houqin-20240102-030000.backup.part").write_bytes(b"left by a power cut")
    found = made(place, keep=1)
    assert sorted(path.name for path in place.iterdir()) == sorted(["holiday.jpg", found.path.name, found.keys.name])
    assert found.removed == ["houqin-20240101-030000.backup", "houqin-20240101-030000-keys.backup"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "disk is full"), (errno.EFBIG, "FAT32"), (errno.EIO, "cannot be used")]
)
def test_a_disk_that_refuses_leaves_the_former_backup_and_nothing_half_done(
    place: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    former = made(place)
    before = {path.name: path.read_bytes() for path in place.iterdir()}

    def refuse(_file: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with translation.override("en"), pytest.raises(Refused, match=words):
        made(place / "deeper" if number == errno.EIO else place, keep=1)
    assert {path.name: path.read_bytes() for path in place.iterdir() if path.is_file()} == before
    assert former.path.exists()
    assert not list(place.rglob("*.part"))


@pytest.mark.django_db(transaction=True)
def test_a_short_passphrase_is_refused_before_anything_is_written(place: Path) -> None:
    with pytest.raises(Refused):
        writing.back_up(place, passphrase="short", report=silent)
    assert not place.exists()


@pytest.mark.django_db(transaction=True)
def test_it_is_noted_for_the_doctor_and_on_the_trail(place: Path, settings: Any) -> None:
    settings.BACKUP_FOLDER = ""
    assert [one.level for one in backups.examine()] == ["note"]
    settings.BACKUP_FOLDER = str(place)
    assert [one.level for one in backups.examine()] == ["mend"]
    found = made(place)
    note_made(found, by=system_viewer())
    [entry] = AuditEntry.objects.filter(event="backup.made")
    assert (entry.detail["file"], entry.detail["sha256"]) == (found.path.name, found.sha256)
    [told] = backups.examine()
    assert (told.level, str(found.path) in told.message) == ("fine", True)
    lately.remember(found, system_viewer().now - timedelta(days=3))
    assert [one.level for one in backups.examine()] == ["mend"]


@pytest.mark.django_db(transaction=True)
def test_it_is_made_at_night_or_by_day_when_the_computer_was_off(place: Path, settings: Any) -> None:
    night = datetime(2024, 3, 4, 19, 30, tzinfo=UTC)  # half past three in the morning
    assert lately.is_due(night)
    found = made(place)
    lately.remember(found, night)
    assert [hours for hours in range(1, 50) if lately.is_due(night + timedelta(hours=hours))][:4] == [22, 23, 24, 25]
    lately.remember(found, night - timedelta(hours=14))
    assert not lately.is_due(night)
    assert lately.is_due(night + timedelta(hours=23))


@pytest.mark.django_db(transaction=True)
def test_the_job_needs_its_disk_and_backs_up_once(place: Path, settings: Any) -> None:
    settings.BACKUP_FOLDER, settings.BACKUP_KEYS_FOLDER = "", ""
    settings.BACKUP_PASSPHRASE, settings.BACKUP_KEEP = PASSPHRASE, 3
    jobs.back_up_daily.call()
    settings.BACKUP_FOLDER = str(place)
    with pytest.raises(Refused):
        jobs.back_up_daily.call()
    assert not place.exists()
    place.mkdir()
    jobs.back_up_daily.call()
    jobs.back_up_daily.call()
    assert len(list(place.glob("*.backup"))) == 2


@dataclass
class Place:
    """An installation of its own: a folder, a database, and the command against them."""

    var: Path
    url: str

    def houqin(self, *words: str, expect: int = 0) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "houqin.config.cli", *words, "--json"], cwd=ROOT, capture_output=True, text=True,
            env=self.environment, check=False,
        )  # fmt: skip
        assert done.returncode == expect, done.stdout[-1500:] + done.stderr[-1500:]
        return dict(json.loads(done.stdout))

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "HOUQIN_VAR": str(self.var),
            "DATABASE_URL": self.url,
            "HOUQIN_BACKUP_PASSPHRASE": PASSPHRASE,
            "LC_ALL": "en_US.UTF-8",
        }
        return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | own

    def statement(self, sql: str) -> None:
        """Straight into its database."""
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.var / "houqin.sqlite3")) as file, file:
                file.execute(sql)
        else:
            with psycopg.connect(self.url) as server:
                server.execute(sql)

    def rows(self) -> dict[str, str]:
        """A digest of every table."""
        return (
            _sqlite_rows(self.var / "houqin.sqlite3") if self.url.startswith("sqlite") else _postgresql_rows(self.url)
        )

    def files(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.var)): path.read_bytes()
            for path in (self.var / "files").rglob("*")
            if path.is_file()
        }


def _sqlite_rows(file: Path) -> dict[str, str]:
    with closing(sqlite3.connect(file)) as database:
        tables = [
            name
            for (name,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
            )
        ]
        return {name: digest_of(database.execute(f'SELECT * FROM "{name}"')) for name in tables}


def _postgresql_rows(url: str) -> dict[str, str]:
    with psycopg.connect(url) as database:
        found = database.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        tables = [name for (name,) in found]
        return {name: digest_of(database.execute(f'SELECT t::text FROM "{name}" t')) for name in tables}


def digest_of(rows: Any) -> str:
    return hashlib.sha256("\n".join(sorted(repr(row) for row in rows)).encode()).hexdigest()


@pytest.fixture
def installations(tmp_path: Path, django_db_setup: None, django_db_blocker: Any) -> Any:
    """A full one and an empty one, on the database that the tests run on."""
    copied = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        full, empty = (
            Place(tmp_path / name, f"sqlite:///{tmp_path / name / 'houqin.sqlite3'}") for name in ("full", "empty")
        )
        full.var.mkdir()
        shutil.copy(copied, full.var / "houqin.sqlite3")
        yield full, empty
        return
    full, empty = (Place(tmp_path / name, f"postgresql:///{copied}_{name}") for name in ("full", "empty"))
    full.var.mkdir()
    with django_db_blocker.unblock():
        connections.close_all()
        with connection.creation._nodb_cursor() as cursor:
            for name in ("full", "empty"):
                cursor.execute(f'DROP DATABASE IF EXISTS "{copied}_{name}"')
            cursor.execute(f'CREATE DATABASE "{copied}_full" TEMPLATE "{copied}"')
            cursor.execute(f'CREATE DATABASE "{copied}_empty"')
        yield full, empty
        with connection.creation._nodb_cursor() as cursor:
            for name in ("full", "empty"):
                cursor.execute(f'DROP DATABASE "{copied}_{name}" WITH (FORCE)')


def test_drill_a_restored_installation_is_the_one_that_was_backed_up(installations: Any, tmp_path: Path) -> None:
    full, empty = installations
    full.houqin("demo")
    full.houqin("seals", "sign")
    before, files = full.rows(), full.files()
    made = full.houqin("backup", str(tmp_path / "disk"))
    assert (made["missing"], made["damaged"], made["files"]) == ([], [], len(files))
    path, keys = made["file"], made["keys"]
    cut, altered = tmp_path / "cut.backup", tmp_path / "altered.backup"
    whole = Path(path).read_bytes()
    cut.write_bytes(whole[:-200])
    altered.write_bytes(whole[:-200] + b"\0" + whole[-199:])
    into = ["--into", str(empty.var) if empty.url.startswith("sqlite") else empty.url]
    for bad in (cut, altered):
        assert "another copy" in empty.houqin("restore", str(bad), *into, expect=2)["error"]
    assert not empty.files()
    told = empty.houqin("restore", path, "--keys", keys, *into)
    assert (told["broken"], told["applied"], told["missing"], told["damaged"]) == ([], [], [], [])
    assert told["seals"] > 1000
    changed = {name for name, digest in empty.rows().items() if before.get(name) != digest}
    assert {name.rstrip("_0123456789") for name in changed} == {"audit_auditentry"}, (
        "the restore itself stands on the trail"
    )
    assert empty.files() == files
    assert (empty.var / "secret").read_bytes() == (full.var / "secret").read_bytes()
    assert (empty.var / "keys" / "checkpoints.pem").read_bytes() == (full.var / "keys" / "checkpoints.pem").read_bytes()
    assert not list(empty.var.glob("*.part")) + list(empty.var.glob("restoring"))
    again = empty.houqin("restore", path, *into, expect=2)["error"]
    assert "not empty" in again
    assert full.houqin("restore", path, expect=2)["error"] == again
    assert full.houqin("seals", "verify")["clean"] is True


def test_an_older_backup_is_brought_up_to_date_and_a_newer_one_is_refused(installations: Any, tmp_path: Path) -> None:
    full, empty = installations
    into = ["--into", str(empty.var) if empty.url.startswith("sqlite") else empty.url]
    full.statement(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('orgs', '9999_later', '2024-03-04 04:00:00+00')"
    )
    newer = full.houqin("backup", str(tmp_path / "newer"))["file"]
    assert "orgs.9999_later" in empty.houqin("restore", newer, *into, expect=2)["error"]
    full.statement("DELETE FROM django_migrations WHERE name = '9999_later'")
    full.statement("DROP TABLE ui_sentform")
    full.statement("DELETE FROM django_migrations WHERE app = 'ui'")
    older = full.houqin("backup", str(tmp_path / "older"))["file"]
    assert empty.houqin("restore", older, *into)["applied"] == ["ui.0001_initial"]
    assert "ui_sentform" in empty.rows()
    assert "ui_sentform" not in full.rows(), "a backup changes nothing"


def test_an_empty_database_is_nothing_to_back_up(installations: Any, tmp_path: Path) -> None:
    _full, empty = installations
    assert "nothing to back up" in empty.houqin("backup", str(tmp_path / "disk"), expect=2)["error"]
    assert not (tmp_path / "disk").exists()


@pytest.fixture
def buckets(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Two buckets of an object storage on this machine; gives a function that names the one in use."""
    boto3 = pytest.importorskip("boto3")
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "of-a-test")
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    client = boto3.client("s3", endpoint_url=address, region_name="us-east-1")
    used: dict[str, Any] = {}

    def use(bucket: str) -> None:
        from storages.backends.s3 import S3Storage

        client.create_bucket(Bucket=bucket)
        used["storage"] = S3Storage(
            bucket_name=bucket, endpoint_url=address, region_name="us-east-1", file_overwrite=True
        )

    for module in (sys.modules[__name__], writing, restoring):
        monkeypatch.setattr(module, "storage", lambda: used["storage"])
    yield use
    server.stop()


@pytest.mark.django_db(transaction=True)
def test_files_of_an_object_storage_go_in_and_come_back_into_another(place: Path, buckets: Any) -> None:
    buckets("first")
    small, large, gone = keep(b"small"), keep(b"L" * 9_000_000), keep(b"gone")
    storage().delete(name_of(gone))
    found = made(place)
    assert (found.manifest.files, found.manifest.missing) == (2, [gone])
    buckets("second")
    assert list(restoring._files()) == []
    with found.path.open("rb") as file:
        reading.walk(file, PASSPHRASE, silent, take_file=restoring._keep)
    assert sorted(restoring._files()) == sorted([name_of(small), name_of(large)])
    assert storage().open(name_of(large)).read() == b"L" * 9_000_000
    restoring._remove_files()
    assert list(restoring._files()) == []
