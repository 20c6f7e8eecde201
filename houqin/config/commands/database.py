"""The database made ready: its folder, its tables, the table of the shared cache."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Channel, system_viewer

MIGRATION_LOCK = 0x486F7571  # any fixed number: PostgreSQL's advisory lock "a migration is running"


def unapplied() -> list[str]:
    """Names of the migrations that this program has and the database has not."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def make_folder() -> None:
    """SQLite makes its file but not the folder that it lies in."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and name != ":memory:" and not name.startswith("file:"):
        Path(name).absolute().parent.mkdir(parents=True, exist_ok=True)


def migrate_now() -> list[str]:
    """Apply what is missing, one process at a time; returns what was applied."""
    make_folder()
    if connection.vendor != "postgresql":
        return _apply()
    if settings.PGBOUNCER:
        # The lock belongs to a connection, and PgBouncer lends another one for each transaction.
        raise Refused(
            _(
                "Changes to the database do not go through PgBouncer: set DATABASE_URL to PostgreSQL itself and HOUQIN_PGBOUNCER=0."
            )
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            return _apply()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def _apply() -> list[str]:
    missing = unapplied()
    if missing:
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    load_catalogues(by=system_viewer(channel=Channel.CLI))
    return missing


def make_ready() -> None:
    """Migrate an empty or embedded database without a word; a server's database with data is its operator's affair."""
    make_folder()
    missing = unapplied()
    if not missing:
        return
    if connection.vendor == "sqlite" or not connection.introspection.table_names():
        migrate_now()
        return
    raise Refused(
        _(
            "The database is older than this program: %(count)d changes are missing. "
            "Back it up, then run: houqin migrate"
        )
        % {"count": len(missing)}
    )
