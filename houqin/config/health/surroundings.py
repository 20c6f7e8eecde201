"""What lies around the program: the clock, the storage of files, the mail server, whoever measures."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from smtplib import SMTPException
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _

from houqin.config.health.findings import Finding

CLOCKS_APART = timedelta(seconds=5)
CHINA = timedelta(hours=8)
PATIENCE_SECONDS = 3


def examine() -> Iterator[Finding]:
    """Each asked once, with little patience."""
    yield from _zones()
    yield from _clock()
    yield from _storage()
    yield from _mail()
    yield from _figures()


def _zones() -> Iterator[Finding]:
    try:
        right = datetime(2024, 3, 4, tzinfo=ZoneInfo("Asia/Shanghai")).utcoffset() == CHINA
    except ZoneInfoNotFoundError:
        right = False
    if not right:
        yield Finding(
            "time-zones", "mend", _("The data of time zones is missing or wrong: days would begin at the wrong hour."),
            _("Install it (Debian: apt install tzdata)."),
        )  # fmt: skip


def _clock() -> Iterator[Finding]:
    """Lateness and seals stand on it: compared with the database server, with what was done before, and with its own keeper."""
    here = datetime.now(UTC)
    apart = abs(_clock_of_database() - here)
    before = MigrationRecorder.Migration.objects.order_by("-applied").values_list("applied", flat=True).first()
    if apart > CLOCKS_APART:
        yield Finding(
            "clock", "mend", _("The clock of this machine and that of the database are %d seconds apart.") % round(apart.total_seconds()),
            _("Switch time synchronisation (NTP) on at both."),
        )  # fmt: skip
    elif before is not None and before > here + CLOCKS_APART:
        yield Finding(
            "clock", "mend", _("The clock says %s, but the database was changed later than that.") % timezone.localtime(here).strftime("%Y-%m-%d %H:%M"),
            _("Set the clock, and switch time synchronisation (NTP) on."),
        )  # fmt: skip
    elif _kept_by_network() is False:
        yield Finding(
            "clock", "note", _("Nothing keeps the clock of this machine right."),
            _("Run: timedatectl set-ntp true"),
        )  # fmt: skip
    else:
        yield Finding("clock", "fine", _("The clock agrees with the database's."))


def _clock_of_database() -> datetime:
    if connection.vendor != "postgresql":
        return datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def _kept_by_network() -> bool | None:
    """What systemd says; None where there is none to ask."""
    program = shutil.which("timedatectl")
    if program is None:
        return None
    try:
        asked = subprocess.run(
            [program, "show", "--property=NTPSynchronized", "--value"],
            capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return {"yes": True, "no": False}.get(asked.stdout.strip())


def _storage() -> Iterator[Finding]:
    """One small file is written, read and taken away, as a photo would be."""
    from houqin.core.files.keeping import storage

    kept, content = storage(), uuid4().bytes
    try:
        name = kept.save(f"doctor-{uuid4().hex}", ContentFile(content))
        with kept.open(name) as file:
            same = file.read() == content
        kept.delete(name)
    except Exception as error:  # noqa: BLE001 a folder, a bucket: each has errors of its own
        same, reason = False, type(error).__name__
    else:
        reason = _("what was read is not what was written")
    if same:
        yield Finding("files", "fine", _("Photos and files can be kept (%s).") % type(kept).__name__)
    else:
        yield Finding(
            "files", "mend", _("Photos and files cannot be kept: %s") % reason,
            _("Look at the folder var/files and its owner, or at HOUQIN_FILES_S3_BUCKET and its key."),
        )  # fmt: skip


def _mail() -> Iterator[Finding]:
    if "console" in settings.EMAIL_BACKEND:
        yield Finding(
            "mail", "note", _("No mail server is named: whoever forgot a password asks the office for a new one."),
            _("Set EMAIL_HOST, where there is one."),
        )  # fmt: skip
        return
    try:
        server = get_connection(timeout=PATIENCE_SECONDS)
        server.open()
        server.close()
    except (OSError, SMTPException) as error:
        yield Finding(
            "mail", "mend", _("The mail server does not take letters: %s") % type(error).__name__,
            _("Correct EMAIL_HOST, EMAIL_PORT, EMAIL_USER and EMAIL_PASSWORD."),
        )  # fmt: skip
    else:
        yield Finding("mail", "fine", _("The mail server answers."))


def _figures() -> Iterator[Finding]:
    if settings.BEHIND_PROXY and not settings.METRICS_TOKEN:
        yield Finding(
            "metrics", "note", _("Nobody can read /metrics: behind a proxy it needs a token."),
            _("Set HOUQIN_METRICS_TOKEN, where Prometheus measures."),
        )  # fmt: skip
