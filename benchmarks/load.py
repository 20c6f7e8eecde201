"""Claim: 200 users at once with what people do all day get their pages without an error, and PostgreSQL's connections last.

    python -m benchmarks.load --postgres URL [--users 200] [--seconds 60]

On a database that ``benchmarks.province`` made, through granian with two workers as ``houqin serve`` runs it. Each user opens
pages one after the other with a pause between; the server's connections are counted every half second.
"""

import argparse
import json
import os
import random
import sys
import threading
import time
from typing import Any

from benchmarks.pages import Browser, server, together
from benchmarks.timing import told_of

PAUSE = (2.0, 8.0)  # seconds between two pages of a user
OFTEN = {"home": 6, "list of deliveries": 2, "list of lots": 2, "list of duties": 3, "list of ledger entries": 2, "list of findings": 2,
         "list of people": 1, "search": 1, "board of inspections": 1}  # fmt: skip
SCHOOL_ROLES = ("principal", "logistics_director", "keeper", "cook", "worker")
OFFICE_ROLES = ("office_director", "office_staff")
OFFICES_EVERY = 10


def main() -> None:
    """Load it for a while and tell how it went."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("--postgres", required=True, metavar="URL", help="a database that benchmarks.province made")
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    os.environ["DATABASE_URL"] = given.postgres
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "houqin.config.settings")
    import django

    django.setup()
    from django.db import connections

    from benchmarks.visitors import addresses

    sessions, pages = _sessions(given.users), addresses()
    connections.close_all()
    with server():
        told = _load(sessions, pages, given.seconds)
    json.dump(told | {"load": os.getloadavg()[0]}, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def _sessions(users: int) -> list[str]:
    """As many signed-in people, one in ten of an office, spread over the tree."""
    from benchmarks.visitors import session_of
    from houqin.core.people.models import Account

    offices = Account.objects.filter(grants__role__in=OFFICE_ROLES).order_by("pk")
    schools = Account.objects.filter(grants__role__in=SCHOOL_ROLES).order_by("pk")
    chosen = [*offices[: users // OFFICES_EVERY], *schools[: users - users // OFFICES_EVERY]]
    return [session_of(account) for account in chosen]


def _load(sessions: list[str], pages: dict[str, str], seconds: float) -> dict[str, Any]:
    taken: list[tuple[str, float, int]] = []
    ends = time.monotonic() + seconds

    def user(number: int, session: str) -> None:
        dice, browser = random.Random(number), Browser(session)
        time.sleep(dice.uniform(0, PAUSE[1]))
        while time.monotonic() < ends:
            (name,) = dice.choices(list(OFTEN), list(OFTEN.values()))
            try:
                took, status, _size = browser.get(pages[name])
            except OSError:
                took, status, browser = 0.0, 0, Browser(session)
            taken.append((name, took, status))
            time.sleep(dice.uniform(*PAUSE))

    counted: list[int] = []
    over = threading.Event()
    counter = threading.Thread(target=_count, args=(over, counted))
    counter.start()
    together([lambda n=n, one=one: user(n, one) for n, one in enumerate(sessions)])  # type: ignore[misc]
    over.set()
    counter.join()
    answered = [took for _name, took, status in taken if status in (200, 403)]
    return {
        "users": len(sessions), "seconds": seconds, "pages": len(taken), "pages/s": round(len(taken) / seconds, 1),
        "errors": sum(status not in (200, 403) for _name, _took, status in taken),
        "all": told_of(answered),
        "by page": {name: told_of([took for other, took, status in taken if other == name and status == 200]) for name in OFTEN},
        "most connections": max(counted, default=0), "allowed": _allowed(),
    }  # fmt: skip


def _count(over: threading.Event, counted: list[int]) -> None:
    """Connections of this database's clients, without our own."""
    from django.db import connection

    while not over.wait(0.5):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            counted.append(cursor.fetchone()[0])
    connection.close()


def _allowed() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT setting::int FROM pg_settings WHERE name = 'max_connections'")
        found: int = cursor.fetchone()[0]
    return found


if __name__ == "__main__":
    main()
