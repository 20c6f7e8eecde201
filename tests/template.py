"""One migrated database, of which every run and every xdist worker takes a copy.

The template's name carries a digest of all migrations: an edited one makes a new template. Migrating it again before
each copy costs little and finishes what an interrupted run left half done.
"""

import fcntl
import hashlib
import inspect
import os
from collections.abc import Generator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from pytest_django import DjangoDbBlocker

from houqin.core import tables


def _digest() -> str:
    """What an empty database becomes: all migrations, how tables are laid, and the month whose partitions are made."""
    sources = {inspect.getfile(type(migration)) for migration in MigrationLoader(None).disk_migrations.values()}
    sources |= {str(path) for path in Path(tables.__path__[0]).glob("*.py")}
    made_of = hashlib.sha256(f"{date.today():%Y%m}".encode())
    for source in sorted(sources):
        made_of.update(Path(source).read_bytes())
    return made_of.hexdigest()[:10]


def _remove_former(pattern: str, template: str) -> None:
    """Remove the templates of migrations that are no more."""
    if connection.vendor == "sqlite":
        names = [str(path) for path in Path(pattern).parent.glob(Path(pattern).name)]
    else:
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern.replace("?", "_")])
            names = [name for (name,) in cursor.fetchall()]
    for name in names:
        if name != template:
            connection.creation._destroy_test_db(name, verbosity=0)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Generator[None, None, None]:
    """A fresh copy of the template, in the place of pytest-django's database migrated anew."""
    creation, name = connection.creation, connection.settings_dict["NAME"]
    stem = connection.settings_dict["TEST"]["NAME"]
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    # Two runs at once share SQLite's folder, but hardly a server's database.
    suffix = str(os.getpid()) if connection.vendor == "sqlite" else worker
    with django_db_blocker.unblock():
        # One worker at a time: a template is copied only while nobody is connected to it.
        with Path(settings.VAR, "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            connection.settings_dict["TEST"]["NAME"] = template = stem.format(_digest())
            _remove_former(stem.format("?" * 10), template)
            creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=True)
            connection.close()
            creation.clone_test_db(suffix, verbosity=0)
        connection.settings_dict.update(creation.get_test_db_clone_settings(suffix))
        yield
        creation.destroy_test_db(name, verbosity=0)
