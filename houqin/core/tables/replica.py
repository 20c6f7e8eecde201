"""Pages that only look may read from a streaming replica, which is some moments behind.

Nothing is routed there but what runs inside ``reading()``, and nothing inside a transaction: a verb reads what it writes. A
replica that does not answer, or that was made the primary, counts as away; then everything reads from the primary.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import Error, connections, models

PRIMARY, REPLICA = "default", "replica"
ALWAYS_PRIMARY = frozenset({"sessions", "django_cache", "django_tasks_database", "account", "mfa"})
KNOWN_SECONDS, AWAY_SECONDS = 2.0, 15.0
# Whoever is connected and has replayed all it received is not behind, however long nobody wrote.
LAG = """
    SELECT pg_is_in_recovery(),
           CASE WHEN EXISTS (SELECT pid FROM pg_stat_wal_receiver WHERE pid IS NOT NULL)
                     AND pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
                ELSE COALESCE(EXTRACT(EPOCH FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 0) END
"""
_reading: ContextVar[bool] = ContextVar("houqin_replica", default=False)


@dataclass
class _Known:
    """What was found of the replica when it was last asked; ``seconds`` is None while it is away."""

    until: float = 0.0
    seconds: float | None = None


_known = _Known()


class ReplicaRouter:
    """Reads of pages that look go to the replica; everything else to the primary."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        """A row that came from the replica leads back to the primary as well, once the page is drawn."""
        if not _reading.get() or model._meta.app_label in ALWAYS_PRIMARY or connections[PRIMARY].in_atomic_block:
            return PRIMARY
        return REPLICA

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        """A replica takes nothing."""
        return PRIMARY

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        """Both hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Its tables come by themselves."""
        return db == PRIMARY


def behind() -> float | None:
    """By how many seconds the replica is behind; None when there is none or it is away. Asked every two seconds at most."""
    if REPLICA not in connections.settings:
        return None
    if time.monotonic() >= _known.until:
        seconds = _ask()
        _known.seconds = seconds
        _known.until = time.monotonic() + (KNOWN_SECONDS if seconds is not None else AWAY_SECONDS)
    return _known.seconds


def _ask() -> float | None:
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(LAG)
            is_replica, seconds = cursor.fetchone()
    except Error:
        connections[REPLICA].close()
        return None
    return float(seconds) if is_replica else None


def lost() -> None:
    """It failed in the middle of a page: for a while nobody is sent there."""
    connections[REPLICA].close()
    _known.seconds, _known.until = None, time.monotonic() + AWAY_SECONDS


@contextmanager
def reading() -> Iterator[None]:
    """What is read in here may come from the replica."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def is_reading() -> bool:
    """Whether the page that is being drawn reads from the replica."""
    return _reading.get()
