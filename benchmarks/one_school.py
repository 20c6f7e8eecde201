"""Claim: one school of 2,000 pupils after three years on SQLite: every page ≤ 150 ms (p95) on one core, 20 keepers at once meet no lock.

The school is made by ``benchmarks.province`` in a file of its own. ``houqin serve`` runs as a school has it, web and jobs together, held
to one core. Then twenty keepers of this one school work side by side as in ``keepers``.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from benchmarks import keepers, pages, visitors
from benchmarks.apart import told_by
from benchmarks.province.making import Order, make
from benchmarks.timing import told_of
from benchmarks.visitors import session_of
from houqin.config.commands import database
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Channel, system_viewer

PUPILS, DAYS, KEEPERS, AT_WORK, TIMES, LIMIT_MS = 2_000, 1_095, 20, 40.0, 20, 150
FIGURED_DAYS = 35
ROLES = ("principal", "logistics_director", "keeper", "cook", "class_teacher", "worker")


def run(shared: Path) -> dict[str, Any]:
    """Milliseconds of every page as each who works there, and what the keepers met."""
    with tempfile.TemporaryDirectory() as folder:
        return told_by(
            "one_school", DATABASE_URL=f"sqlite:///{folder}/school.sqlite3", HOUQIN_VAR=folder, HOUQIN_DEBUG="0"
        )


def work() -> None:
    """Make the school, look at it, print."""
    database.migrate_now()
    until = timezone.localdate()
    made = make(Order(schools=1, days=DAYS, seed=1, until=until, figures=FIGURED_DAYS, pupils=PUPILS))
    call_command("collectstatic", interactive=False, verbosity=0)
    school = OrgUnit.objects.get(kind=Kind.SCHOOL)
    sessions = {role: session_of(Account.objects.filter(home=school, grants__role=role)[0]) for role in ROLES}
    by, found = system_viewer(channel=Channel.CLI), visitors.addresses()
    stores = [keepers.store(school, number, by) for number in range(KEEPERS)]
    connections.close_all()
    told = {"pupils": PUPILS, "days": DAYS, "rows": made["rows"], "file, MB": _size()}
    with _served(pages.PORT):
        told |= _pages(sessions, found)
    with _served(keepers.PORT):
        told |= {"keepers at once": _keepers([keepers.Keeper(*one) for one in stores])}
    json.dump(told | {"load": os.getloadavg()[0]}, sys.stdout, ensure_ascii=False)


def _size() -> int:
    return Path(connection.settings_dict["NAME"]).stat().st_size >> 20


@contextmanager
def _served(port: int) -> Iterator[None]:
    """Web and jobs on the first core; whoever asks is not in their way where there is a second."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    server = subprocess.Popen([*keepers.HOUQIN, "serve", "--port", str(port)], stdout=subprocess.DEVNULL)
    os.sched_setaffinity(0, {max(cores)})
    try:
        pages.until_up(port)
        yield
    finally:
        os.sched_setaffinity(0, cores)
        server.terminate()
        server.wait(20)


def _pages(sessions: dict[str, str], found: dict[str, str]) -> dict[str, Any]:
    """Of each page and role, where it is shown, the middle and the slow ones of twenty."""
    told: dict[str, dict[str, Any]] = {}
    for name, path in found.items():
        for role, session in sessions.items():
            browser = pages.Browser(session)
            _seconds, status, _size = browser.get(path)
            if status == 200:
                told.setdefault(name, {})[role] = told_of([browser.get(path)[0] for _n in range(TIMES)])
    slow = {
        f"{name}, {role}": one["p95_ms"]
        for name, roles in told.items()
        for role, one in roles.items()
        if one["p95_ms"] > LIMIT_MS
    }
    most = {name: max(one["p95_ms"] for one in roles.values()) for name, roles in told.items()}
    return {
        "answers": sum(len(roles) for roles in told.values()), "the slowest, p95 ms": max(most.values()),
        "p95 of each page in ms, of its slowest role": most, "over 150 ms": slow,
    }  # fmt: skip


def _keepers(working: list[keepers.Keeper]) -> dict[str, Any]:
    with keepers.at_work(working):
        time.sleep(AT_WORK)
    taken = [seconds for keeper in working for _at, seconds in keeper.taken]
    errors = [error for keeper in working for error in keeper.errors]
    return told_of(taken) | {"keepers": len(working), "errors": len(errors), "the first errors": errors[:20]}
