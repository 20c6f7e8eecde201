"""When this machine last made a backup that it could read back: noted in a file beside the database, not in it.

A restored database would tell of the backups of its former life.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from houqin.config.backup.writing import Made

NIGHT = range(1, 5)  # o'clock, when nobody waits for a page
DAILY, LATEST = timedelta(hours=20), timedelta(hours=36)


@dataclass(frozen=True)
class Last:
    """The newest backup that was read back."""

    at: datetime
    path: str
    missing: int
    damaged: int


def _note() -> Path:
    return Path(settings.VAR, "backup.json")


def remember(made: Made, at: datetime) -> None:
    """Note the newest one."""
    told = {
        "at": at.isoformat(), "path": str(made.path), "missing": len(made.manifest.missing),
        "damaged": len(made.manifest.damaged),
    }  # fmt: skip
    beside = _note().with_name(f"backup.json.{os.getpid()}")
    beside.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    beside.replace(_note())


def last() -> Last | None:
    """The newest one, None when there is none or its note is unreadable."""
    with suppress(OSError, ValueError, KeyError):
        told = json.loads(_note().read_text(encoding="utf-8"))
        return Last(datetime.fromisoformat(told["at"]), told["path"], told["missing"], told["damaged"])
    return None


def is_due(now: datetime) -> bool:
    """Once a night; by day only when the computer was off at night."""
    before = last()
    if before is None:
        return True
    age = now - before.at
    return age > LATEST or (age > DAILY and timezone.localtime(now).hour in NIGHT)
