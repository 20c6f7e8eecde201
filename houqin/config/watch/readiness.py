"""Whether this process can answer people: asked by load balancers every second or two, so cheap and without secrets."""

import time
from dataclasses import dataclass
from threading import Lock
from typing import Literal

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from houqin.core.jobs.models import Worker

KEPT_SECONDS = 1.0
"""Whoever asks more often is told again what was found, so that asking cannot become a load."""
PATIENCE_SECONDS = 2.0
"""So long one asker waits for the look of another; a database that hangs must not take every thread."""
Answer = Literal["ok", "silent", "missing", "broken", "unknown"]
CHECKS = ("database", "migrations", "cache", "workers")
NEEDED = ("database", "migrations")
"""Without these no page works; without the others some work is late or cannot be done."""


@dataclass(frozen=True)
class State:
    """What was found, and when (monotonic seconds)."""

    at: float
    checks: dict[str, Answer]

    @property
    def status(self) -> str:
        """``ready``, ``degraded`` (pages work, something else does not) or ``unready``."""
        if any(self.checks[name] != "ok" for name in NEEDED):
            return "unready"
        return "ready" if set(self.checks.values()) == {"ok"} else "degraded"


class _Kept:
    """The last answer, and the names of the migrations that this program came with."""

    lock = Lock()
    state: State | None = None
    migrations: frozenset[tuple[str, str]] | None = None


def state() -> State:
    """What holds now, or did a moment ago; while one thread looks the others wait for its answer, but not for long."""
    if not _Kept.lock.acquire(timeout=PATIENCE_SECONDS):
        return State(time.monotonic(), _only(database="silent"))
    try:
        known = _Kept.state
        if known is None or time.monotonic() - known.at > KEPT_SECONDS:
            checks = look()
            known = _Kept.state = State(time.monotonic(), checks)
        return known
    finally:
        _Kept.lock.release()


def look() -> dict[str, Answer]:
    """A few short queries and one look into the cache."""
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
        if not _own_migrations() <= applied:
            return _only(database="ok", migrations="missing")
        workers: Answer = "ok" if Worker.objects.alive().exists() else "silent"
    except Exception:  # noqa: BLE001 whatever the driver, the pool or the network say: it does not answer
        return _only(database="broken")
    return {"database": "ok", "migrations": "ok", "cache": _cache(), "workers": workers}


def _only(**known: Answer) -> dict[str, Answer]:
    """What could be found out; nobody knows the rest."""
    return {name: known.get(name, "unknown") for name in CHECKS}


def _own_migrations() -> frozenset[tuple[str, str]]:
    """What this program came with, read from disk once."""
    if _Kept.migrations is None:
        _Kept.migrations = frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    return _Kept.migrations


def _cache() -> Answer:
    """A cache in the database is only read: whoever asks must not wait behind whoever writes."""
    try:
        if settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache"):
            cache.get("houqin.ready")
        else:
            cache.set("houqin.ready", 1, 60)
    except Exception:  # noqa: BLE001 each backend has errors of its own
        return "broken"
    return "ok"
