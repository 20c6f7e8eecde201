"""Run what was named on one database and print the figures.

    python -m benchmarks [--postgres URL] name …

Without a URL they run on SQLite in a temporary folder. Figures depend on the machine; the output says which it was.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import NAMES


def main() -> None:
    """Make a database, run the scripts, print one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="+", choices=NAMES, metavar="name", help=", ".join(NAMES))
    parser.add_argument("--postgres", default="", help="the URL of an empty database")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = given.postgres or f"sqlite:///{folder}/bench.sqlite3"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "houqin.config.settings")
        import django

        django.setup()
        from django.conf import settings
        from django.db import connection

        from houqin.config.commands import database

        settings.ALLOWED_HOSTS = ["*"]
        database.migrate_now()
        result: dict[str, Any] = {
            "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "database": connection.vendor}
        }
        for name in given.names:
            run: Callable[[Path], dict[str, Any]] = __import__(f"benchmarks.{name}", fromlist=["run"]).run
            result[name] = run(Path(__file__).resolve().parents[2] / "shared")
    json.dump(result, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


main()
