"""Claim: twenty keepers work on while a town's folder is imported: nobody meets an error, nobody waits over two seconds.

A real server and real requests: each keeper opens Today and a lot, and books goods out of store, every few seconds. The
import is a second process, as it is when an office runs it. On SQLite all of them share one writer.
"""

import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import Message
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from benchmarks.timing import told_of
from benchmarks.visitors import session_of
from houqin.core.grants.models import Grant
from houqin.core.orgs.actions import ensure_path, open_unit
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Channel, Viewer, system_viewer
from houqin.flows.sheets.models import ImportRun
from houqin.modules.canteen.actions.paper import record_from_paper
from houqin.modules.canteen.models import Lot, StockEntry
from houqin.modules.canteen.rules.paper import PaperBook, PaperDelivery

HOUQIN = [sys.executable, "-c", "from houqin.config.cli import main; main()"]
TOWN = "湖北省/襄阳市/襄州区/双南镇"
PORT = 8199
KEEPERS = 20
PAUSE = 4.0  # seconds between two rounds of a keeper, who has goods in hand
WARM_UP = 5.0


def run(shared: Path, *, keepers: int = KEEPERS, folder: Path | None = None) -> dict[str, Any]:
    """The longest wait and the errors of all requests, before and while the folder was imported."""
    folder = folder or shared / "samples" / "town"
    if not folder.is_dir():
        return {"skipped": "no ../shared/samples/town"}
    by = system_viewer(channel=Channel.CLI)
    town = ensure_path("湖北省/襄阳市/襄州区/忙碌镇", by=by)
    schools = [
        open_unit(town, by=by, kind=Kind.SCHOOL, name=f"第{number + 1}小学", opened_on=by.today)
        for number in range(keepers)
    ]
    stores = [store(school, number, by) for number, school in enumerate(schools)]
    ensure_path(TOWN, by=by)
    connections.close_all()
    call_command("collectstatic", interactive=False, verbosity=0)
    server = subprocess.Popen([*HOUQIN, "serve", "--port", str(PORT)], stdout=subprocess.DEVNULL)
    try:
        _until_up()
        return _measure([Keeper(*store) for store in stores], folder)
    finally:
        server.terminate()
        server.wait(15)


@contextmanager
def at_work(keepers: list["Keeper"]) -> Iterator[None]:
    """All of them work, one after the other beginning, until what is done meanwhile has ended."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=keeper.work, args=(stop, n * PAUSE / len(keepers))) for n, keeper in enumerate(keepers)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _measure(keepers: list["Keeper"], folder: Path) -> dict[str, Any]:
    with at_work(keepers):
        time.sleep(WARM_UP)
        began = time.monotonic()
        command = [*HOUQIN, "sheets", "import", str(folder), "--under", TOWN]
        imported = subprocess.run(command, capture_output=True, text=True, check=False)
        ended = time.monotonic()
    taken = [one for keeper in keepers for one in keeper.taken]
    during = [seconds for at, seconds in taken if began <= at <= ended]
    before = [seconds for at, seconds in taken if at < began]
    return {
        "keepers": len(keepers),
        "import": {"seconds": round(ended - began, 2), "failed": imported.returncode and imported.stderr[-800:]},
        "before": told_of(before),
        "during": told_of(during),
        "imported": ImportRun.objects.filter(state=ImportRun.State.DONE).count(),
        "booked": StockEntry.objects.count(),
        "errors": [error for keeper in keepers for error in keeper.errors][:20],
    }


def store(school: OrgUnit, number: int, by: Viewer) -> tuple[str, str]:
    """A keeper who is signed in, and a full store. Returns the cookie and the lot's public id."""
    account = Account.objects.create(
        username=f"bench-{uuid4().hex[:12]}", display_name=f"保管员{number + 1}", home=school
    )
    Grant.objects.create(account=account, role="keeper", org=school, from_on=by.today)
    line = PaperDelivery(
        ("in", number), school.pk, by.today - timedelta(days=1), "大米", 500_000, "惠民粮油", batch=f"K{number}"
    )
    record_from_paper(school, by=by, book=PaperBook(deliveries=(line,)))
    return session_of(account), str(Lot.objects.get(org=school, batch=f"K{number}").public_id)


class Keeper:
    """One person with a phone: looks at Today, opens the lot, books goods out of store."""

    def __init__(self, session: str, lot: str) -> None:
        self.cookies = {settings.SESSION_COOKIE_NAME: session}
        self.lot = lot
        self.taken: list[tuple[float, float]] = []
        self.errors: list[str] = []

    def work(self, stop: threading.Event, first: float) -> None:
        """Round after round until it is enough."""
        stop.wait(first)
        while not stop.is_set():
            form = f"/canteen/lots/{self.lot}/return-to-supplier/"
            self._ask("/")
            page = self._ask(form)
            found = dict(re.findall(r'name="(csrfmiddlewaretoken|_key)" value="([^"]+)"', page))
            if "_key" in found:
                self._ask(form, found | {"grams": "0.01", "reason": "质量不符"})
            else:
                self.errors.append(f"{form}: no form to fill in")
            stop.wait(PAUSE)

    def _ask(self, path: str, sent: dict[str, str] | None = None) -> str:
        body = urllib.parse.urlencode(sent).encode() if sent else None
        request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", data=body)
        request.add_header("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        request.add_header("Referer", f"http://127.0.0.1:{PORT}{path}")
        began = time.monotonic()
        try:
            with OPENER.open(request, timeout=60) as answer:
                self._keep(answer.headers)
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            if error.code == 302:
                self._keep(error.headers)
            else:
                told = re.sub(r"<[^>]+>|\s+", " ", error.read().decode())
                self.errors.append(f"{path}: {error.code} {told[-300:]}")
            return ""
        except OSError as error:
            self.errors.append(f"{path}: {error}")
            return ""
        finally:
            self.taken.append((began, time.monotonic() - began))

    def _keep(self, headers: Message) -> None:
        for cookie in headers.get_all("Set-Cookie") or ():
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value


class _Stay(urllib.request.HTTPRedirectHandler):
    """A deed answers with where to go: that page is asked for in the next round."""

    def redirect_request(self, *_what: Any) -> None:
        return None


OPENER = urllib.request.build_opener(_Stay)


def _until_up() -> None:
    for _second in range(60):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/accounts/login/", timeout=5).read()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(1)
        else:
            return
    raise RuntimeError("the server did not come up")
