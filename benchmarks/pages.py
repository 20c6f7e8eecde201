"""Claim: a page takes ≤ 50 ms (p95) alone and ≤ 200 ms with twenty at once, and an own-school user waits no longer than 1.2 ×
the administrator. On a database that ``benchmarks.province`` made:

    python -m benchmarks.pages --postgres URL [--inside]

Through granian as ``houqin serve`` runs it, with two workers; beside it a bare list with three joins on the same server.
``--inside`` instead tells of each page, without a server, its queries and the milliseconds of CPU it takes here.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.timing import told_of

if TYPE_CHECKING:
    from benchmarks.visitors import Visitor

PORT, WORKERS, THREADS = 8297, 2, 4
AT_ONCE, EACH, INSIDE = 20, 3, 2
ALONE_MS, AT_ONCE_MS, LONGER = 50, 200, 1.2
RATIO = "own school / administrator"
BARE = "/bare/"
Answer = tuple[float, int, int]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages")
    parser.add_argument("--postgres", required=True, metavar="URL", help="a database that benchmarks.province made")
    parser.add_argument("--inside", action="store_true", help="queries and CPU of each page, without a server")
    parser.add_argument("--only", default="", help="pages whose name contains this")
    parser.add_argument("--roles", default="", help="only these, with commas between")
    parser.add_argument("--times", type=int, default=20, help="how often each page is opened alone")
    given = parser.parse_args()
    os.environ["DATABASE_URL"] = given.postgres
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "houqin.config.settings")
    import django

    django.setup()
    from django.db import connections

    from benchmarks.visitors import ROLES, addresses, visitors
    from houqin.core.orgs.models import OrgUnit

    roles = given.roles.split(",") if given.roles else list(ROLES)
    people, pages = (
        [one for one in visitors() if one.role in roles],
        {name: path for name, path in addresses().items() if given.only in name},
    )
    told: dict[str, Any] = {"schools": OrgUnit.objects.filter(kind="school").count(), "cores": os.cpu_count()}
    if given.inside:
        told["inside"] = {name: {one.role: _inside(one, name, path) for one in people} for name, path in pages.items()}
    else:
        connections.close_all()
        with server():
            told |= _through(people, pages, given.times)
    told["load"] = os.getloadavg()[0]
    json.dump(told, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def _through(people: "list[Visitor]", pages: dict[str, str], times: int) -> dict[str, Any]:
    from benchmarks.visitors import OWN, WHOLE

    sessions = {one.role: one.session for one in people}
    bare = {"alone": _alone(sessions[WHOLE], BARE, times), "20 at once": _together([(sessions[WHOLE], BARE)])}
    found: dict[str, Any] = {}
    for name, path in pages.items():
        alone = {role: _alone(session, path, times) for role, session in sessions.items()}
        shown = [session for role, session in sessions.items() if alone[role]["status"] == 200]
        sys.stderr.write(f"{name}: {json.dumps(alone)}\n")
        found[name] = {
            "alone": alone,
            "20 at once": _together([(session, path) for session in shown]) if shown else None,
        }
        own, whole = alone.get(OWN, {"status": 0}), alone[WHOLE]
        if own["status"] == whole["status"] == 200:
            found[name][RATIO] = round(own["median_ms"] / whole["median_ms"], 2)
    return {"bare": bare, "summary": _summary(found), "pages": found}


def _summary(pages: dict[str, Any]) -> dict[str, Any]:
    """How many answers are within the claim, and the slowest: of each page by each role that may open it, and of each page at once."""
    alone = {
        f"{name} · {role}": one["p95_ms"]
        for name, page in pages.items()
        for role, one in page["alone"].items()
        if one["status"] == 200
    }
    at_once = {name: page["20 at once"] for name, page in pages.items() if page["20 at once"]}
    ratios = {name: page[RATIO] for name, page in pages.items() if RATIO in page}
    return {
        "alone": _within(alone, ALONE_MS),
        "20 at once": _within({name: one["p95_ms"] for name, one in at_once.items()}, AT_ONCE_MS)
        | {"errors": sum(one["errors"] for one in at_once.values())},
        RATIO: _within(ratios, LONGER),
    }


def _within(figures: dict[str, float], bound: float) -> dict[str, Any]:
    slowest = sorted(figures, key=lambda name: -figures[name])
    return {
        "of": len(figures), "within": sum(value <= bound for value in figures.values()), "within %": _percent(figures, bound),
        "p50": round(statistics.median(figures.values()), 2), "worst": figures[slowest[0]],
        "the five worst": {name: figures[name] for name in slowest[:5]},
    }  # fmt: skip


def _percent(figures: dict[str, float], bound: float) -> int:
    return round(100 * sum(value <= bound for value in figures.values()) / len(figures))


def _alone(session: str, path: str, times: int) -> dict[str, Any]:
    """One after the other; what a refused page takes is of no interest."""
    visit = Browser(session)
    _seconds, status, size = visit.get(path)
    taken = [visit.get(path)[0] for _again in range(times)] if status == 200 else []
    return {"status": status, "bytes": size} | told_of(taken)


def _together(visits: list[tuple[str, str]]) -> dict[str, Any]:
    """Twenty at once, each with a connection of its own."""
    taken: list[Answer] = []

    def work(number: int) -> None:
        session, path = visits[number % len(visits)]
        browser = Browser(session)
        taken.extend([browser.get(path) for _again in range(EACH)])

    together([lambda number=number: work(number) for number in range(AT_ONCE)])  # type: ignore[misc]
    return {"errors": sum(status != 200 for _s, status, _size in taken)} | told_of([one[0] for one in taken])


def together(works: list[Callable[[], None]]) -> None:
    """Run them side by side until the last has ended."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Browser:
    """One connection that stays open, with the cookie of a session."""

    def __init__(self, session: str) -> None:
        self.headers = {"Cookie": f"sessionid={session}", "Accept-Language": "zh-hans"}
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)

    def get(self, path: str) -> Answer:
        """Seconds, status and bytes of a page."""
        began = time.perf_counter()
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        size = len(answer.read())
        return time.perf_counter() - began, answer.status, size


def _inside(who: "Visitor", name: str, path: str) -> dict[str, Any]:
    """Queries and CPU milliseconds of a page as Django's own client asks for it; the slowest query in milliseconds."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from benchmarks.visitors import BACKEND

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(who.account, backend=BACKEND)
    status = client.get(path).status_code
    if status != 200:
        return {"status": status}
    cpu = []
    for _again in range(INSIDE):
        began = time.thread_time()
        client.get(path)
        cpu.append(time.thread_time() - began)
    with CaptureQueriesContext(connection) as seen:
        client.get(path)
    times = sorted(((float(one["time"]) * 1000, one["sql"]) for one in seen.captured_queries), reverse=True)
    slow = [f"{took:.0f} ms {sql[:600]}" for took, sql in times[:2] if took > 15]
    found = {
        "queries": len(seen), "cpu_ms": round(min(cpu) * 1000, 1), "sql_ms": round(sum(one[0] for one in times)), "slow": slow,
    }  # fmt: skip
    sys.stderr.write(f"{name} · {who.role}: {json.dumps(found, ensure_ascii=False)}\n")
    return found


@contextmanager
def server(port: int = PORT) -> Iterator[None]:
    """Granian as ``houqin serve`` starts it, with two workers, and the bare page beside the others."""
    from houqin.config.commands.serving import web_command

    command = web_command("127.0.0.1", port, THREADS)
    command[command.index("--workers") + 1] = str(WORKERS)
    command[-1] = "benchmarks.bare:application"
    running = subprocess.Popen(command, cwd=Path(__file__).parents[1], env=os.environ | {"HOUQIN_DEBUG": "0"})
    try:
        until_up(port)
        yield
    finally:
        running.terminate()
        running.wait(20)


def until_up(port: int) -> None:
    """Wait until the server answers, five minutes at most."""
    for _again in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/accounts/login/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError("the server did not come up")


if __name__ == "__main__":
    main()
