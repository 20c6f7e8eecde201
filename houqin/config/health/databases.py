"""The database: reachable, of a version that works, up to date, and ordering paths byte by byte."""

from collections.abc import Iterator

from django.db import DatabaseError, connection, connections
from django.utils.translation import gettext as _

from houqin.config.commands.database import make_folder, unapplied
from houqin.config.health.findings import Finding
from houqin.core.tables import replica

OLDEST_POSTGRESQL = 15
LATE_SECONDS = 60


def examine() -> Iterator[Finding]:
    """All that concerns the database; stops at the first thing that makes the rest unanswerable."""
    make_folder()
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield Finding(
            "database", "mend", _("The database does not answer: %s") % str(error).strip(),
            _("Start it, or correct DATABASE_URL."),
        )  # fmt: skip
        return
    yield from _engine()
    yield from _migrations()
    yield from _byte_order()
    yield from _replica()


def _engine() -> Iterator[Finding]:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
            version = cursor.execute("SELECT sqlite_version()").fetchone()[0]
        if mode == "wal":
            yield Finding("database", "fine", _("SQLite %s, reading while writing (WAL).") % version)
        else:
            yield Finding(
                "database", "note", _("SQLite %(version)s without WAL (%(mode)s): pages wait while others save.")
                % {"version": version, "mode": mode},
                _("Keep the file on a local disk; WAL does not work on network drives."),
            )  # fmt: skip
    elif connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            number = int(cursor.fetchone()[0])
        if number // 10000 >= OLDEST_POSTGRESQL:
            yield Finding("database", "fine", _("PostgreSQL %d.") % (number // 10000))
        else:
            yield Finding(
                "database", "mend", _("PostgreSQL %d is too old.") % (number // 10000),
                _("Upgrade to PostgreSQL %d or newer.") % OLDEST_POSTGRESQL,
            )  # fmt: skip
    else:
        yield Finding(
            "database", "mend", _("%s is not a database that Houqin is tried with.") % connection.display_name,
            _("Use SQLite or PostgreSQL."),
        )  # fmt: skip


def _migrations() -> Iterator[Finding]:
    missing = unapplied()
    if missing:
        yield Finding(
            "migrations", "mend", _("%d changes to the database are missing.") % len(missing),
            _("Back it up, then run: houqin migrate"),
        )  # fmt: skip
    else:
        yield Finding("migrations", "fine", _("The database is up to date."))


def _replica() -> Iterator[Finding]:
    if replica.REPLICA not in connections.settings:
        return
    seconds = replica.behind()
    if seconds is None:
        yield Finding(
            "replica", "mend", _("The replica does not answer, or is a primary: dashboards read from the primary."),
            _("See %s") % "docs/operations/recovery.md",
        )  # fmt: skip
    elif seconds > LATE_SECONDS:
        yield Finding(
            "replica", "note", _("The replica is %d seconds behind.") % seconds,
            _("See whether its disk or the network is too slow: docs/operations/recovery.md"),
        )  # fmt: skip
    else:
        yield Finding("replica", "fine", _("The replica follows; dashboards read from it."))


def _byte_order() -> Iterator[Finding]:
    """A numeric or natural collation would put '002' before '0010' and let range searches leave the subtree."""
    paths = {"long": "0010", "middle": "002", "first": "001"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.a < t.b, t.c < t.a FROM (SELECT CAST(%(long)s AS varchar(20)) AS a,"
            " CAST(%(middle)s AS varchar(20)) AS b, CAST(%(first)s AS varchar(20)) AS c) t",
            paths,
        )
        right = all(bool(value) for value in cursor.fetchone())
    if right:
        yield Finding("collation", "fine", _("The database orders unit paths byte by byte."))
    else:
        yield Finding(
            "collation", "mend",
            _("The database orders numbers inside text by value, so that one unit would see another's rows."),
            _("Create the database anew with a plain collation: LC_COLLATE 'C' or a provider without numeric order."),
        )  # fmt: skip
