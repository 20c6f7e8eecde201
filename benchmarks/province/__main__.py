"""The command."""

import argparse
import json
import os
import sys
from datetime import date
from pathlib import Path


def main() -> None:
    """Make a province in a database and say what it took."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.province", description="Make a whole province, or go on making it."
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--postgres", metavar="URL", help="an empty database, or one in which this was begun")
    where.add_argument("--sqlite", metavar="FILE", type=Path, help="the same on SQLite")
    parser.add_argument("--schools", type=int, default=1000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--until", type=date.fromisoformat, help="the last day; today when none is given")
    parser.add_argument("--province", default="42", help="first two digits of its code (GB/T 2260)")
    parser.add_argument("--pupils", type=int, default=0, help="at each school; 0: of every size, as schools are")
    parser.add_argument("--figures", type=int, default=0, help="days of indicators, as the nightly job computes them")
    parser.add_argument(
        "--workers", type=int, default=0, help="processes that write side by side; 0: one a core, one on SQLite"
    )
    given = parser.parse_args()
    os.environ["DATABASE_URL"] = given.postgres or f"sqlite:///{given.sqlite}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "houqin.config.settings")
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    from benchmarks.province import progress
    from benchmarks.province.making import Order, make
    from houqin.config.commands import database

    database.migrate_now()
    until = given.until or progress.last_day() or timezone.localdate()
    order = Order(given.schools, given.days, given.seed, until, given.province, given.figures, given.pupils)
    workers = given.workers or (1 if given.sqlite else os.cpu_count() or 1)
    told = make(order, workers=workers)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # what is all visible is read from indexes alone
    json.dump(told, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
