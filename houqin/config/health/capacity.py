"""Whether what was asked for fits together: processes, threads, connections, the cache between them, months of partitions."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from houqin.config.health.findings import Finding

EACH_JOB_WORKER = 2
"""Connections: its jobs, and the sign of life beside them."""
SPARE = 3
"""Connections left for an operator's own commands."""
NEAR = 0.8
HORIZON_MEND, HORIZON_NOTE = timedelta(days=7), timedelta(days=31)
GUIDE = "docs/operations/province.md"
PARTITIONS = """
    SELECT parent.relname, pg_get_expr(part.relpartbound, part.oid)
    FROM pg_inherits JOIN pg_class parent ON parent.oid = inhparent JOIN pg_class part ON part.oid = inhrelid
    WHERE parent.relkind = 'p' AND parent.relnamespace = current_schema()::regnamespace
"""


def examine() -> Iterator[Finding]:
    """All that several processes share."""
    yield from _threads()
    yield from _cache()
    if connection.vendor == "postgresql":
        yield from _connections()
        yield from _partitions()
    elif settings.WEB_WORKERS > 1:
        yield Finding(
            "processes", "note", _("%d web processes write into one SQLite file, one after the other.") % settings.WEB_WORKERS,
            _("Use PostgreSQL (DATABASE_URL), or one process: HOUQIN_WORKERS=1"),
        )  # fmt: skip


def _threads() -> Iterator[Finding]:
    if connection.vendor == "postgresql" and settings.WEB_THREADS > settings.DATABASE_POOL:
        yield Finding(
            "threads", "note",
            _("%(threads)d requests are served at a time, but only %(pool)d have a connection to the database: the others wait.")
            % {"threads": settings.WEB_THREADS, "pool": settings.DATABASE_POOL},
            _("Set HOUQIN_DATABASE_POOL to HOUQIN_THREADS or more."),
        )  # fmt: skip


def _cache() -> Iterator[Finding]:
    backend = settings.CACHES["default"]["BACKEND"].rpartition(".")[2]
    mend = _("Start Redis, or correct REDIS_URL.")
    try:
        cache.set("houqin.doctor", 1, 60)
        works = cache.get("houqin.doctor") == 1
    except Exception as error:  # noqa: BLE001 each backend has errors of its own
        works, backend = False, f"{backend}: {type(error).__name__}"
        if isinstance(error, ModuleNotFoundError):
            mend = _("Leave REDIS_URL unset, or install the Python package that it needs: %s") % error.name
    if not works:
        yield Finding(
            "cache", "mend", _("The cache does not answer (%s): nobody can sign in.") % backend,
            mend,
        )  # fmt: skip
    elif backend not in {"RedisCache", "DatabaseCache"} and settings.WEB_WORKERS > 1:
        yield Finding(
            "cache", "mend", _("Each web process counts wrong passwords for itself (%s).") % backend,
            _("Set REDIS_URL, or leave it unset for the cache in the database."),
        )  # fmt: skip
    else:
        yield Finding("cache", "fine", _("The cache answers and all processes share it (%s).") % backend)


def _connections() -> Iterator[Finding]:
    """Of this machine; where several serve one database each adds as much."""
    from houqin.core.jobs.models import Worker

    if settings.PGBOUNCER:
        yield Finding(
            "connections", "fine", _("PgBouncer shares out the connections: its own limits count (%s).") % GUIDE
        )
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,"
            " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')"
        )
        allowed, used = cursor.fetchone()
    jobs = max(1, Worker.objects.alive().count())
    needed = settings.WEB_WORKERS * settings.DATABASE_POOL + jobs * EACH_JOB_WORKER + SPARE
    sums = _(
        "Connections to PostgreSQL: %(web)d web processes × %(pool)d + %(jobs)d job workers × %(each)d + %(spare)d spare"
        " = %(needed)d of %(allowed)d; %(used)d are open now."
    ) % {
        "web": settings.WEB_WORKERS, "pool": settings.DATABASE_POOL, "jobs": jobs, "each": EACH_JOB_WORKER,
        "spare": SPARE, "needed": needed, "allowed": allowed, "used": used,
    }  # fmt: skip
    if needed > allowed:
        mend = (
            _("Raise max_connections, lower HOUQIN_DATABASE_POOL or HOUQIN_WORKERS, or put PgBouncer between: %s")
            % GUIDE
        )
        yield Finding("connections", "mend", sums, mend)
    elif max(needed, used) > NEAR * allowed:
        yield Finding("connections", "note", sums, _("A further machine needs PgBouncer: %s") % GUIDE)
    else:
        yield Finding("connections", "fine", sums)


def _partitions() -> Iterator[Finding]:
    """Rows of a month without a partition are kept, in the rest; but they can no longer be laid away month by month."""
    with connection.cursor() as cursor:
        cursor.execute(PARTITIONS)
        ends: dict[str, date] = {}
        for parent, bounds in cursor.fetchall():
            until = re.search(r"TO \('(\d{4}-\d\d-\d\d)", bounds)
            if until:
                ends[parent] = max(ends.get(parent, date.min), date.fromisoformat(until[1]))
    if not ends:
        return
    table, last = min(ends.items(), key=lambda item: item[1])
    left = last - timezone.localdate()
    said = {"tables": len(ends), "last": last - timedelta(days=1), "table": table}
    if left < HORIZON_NOTE:
        yield Finding(
            "partitions", "mend" if left < HORIZON_MEND else "note",
            _("Partitions of %(table)s are made only up to %(last)s.") % said,
            _("A daily job makes them: look whether a job worker runs, then houqin worker --until-empty"),
        )  # fmt: skip
    else:
        yield Finding("partitions", "fine", _("Partitions of %(tables)d tables are made up to %(last)s.") % said)
