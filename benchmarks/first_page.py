"""Claim: a phone's first page transfers ≤ 200 KB and the next ≤ 40 KB; its largest part stands after ≤ 1.5 s under slow 4G.

On the demo, loaded into a database of its own, in Chromium at a phone's width; bytes and times as Chromium tells them (CDP).
Slow 4G as Chromium's tools simulate it: 150 ms, 1.6 Mbit/s down, 750 kbit/s up. Each visitor comes with an empty cache. Without a
service worker, which over HTTPS answers the next page from what it kept: so the pages cost on every phone.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.apart import ROOT, told_by
from benchmarks.pages import PORT, server

SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_638_400 // 8, "uploadThroughput": 750_000 // 8}
PHONE = {"width": 390, "height": 844}
TIMES = 3
HOUQIN = [sys.executable, "-c", "from houqin.config.cli import main; main()"]
LCP = """new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
  .observe({type: 'largest-contentful-paint', buffered: true}))"""


@dataclass(frozen=True)
class Visit:
    """What somebody opens first, and what next; an empty name has not signed in."""

    username: str
    first: str
    next: str


VISITS = {
    "sign-in, then forgotten password": Visit("", "/accounts/login/", "/accounts/password/reset/"),
    "keeper: Today, then deliveries": Visit("keeper", "/", "/canteen/deliveries/"),
    "parent: home, then notices": Visit("parent", "/", "/notices/"),
}


def run(shared: Path) -> dict[str, Any]:
    """Kilobytes and milliseconds of each visitor's first and next page."""
    with tempfile.TemporaryDirectory() as folder:
        return told_by(
            "first_page", DATABASE_URL=f"sqlite:///{folder}/demo.sqlite3", HOUQIN_VAR=folder, HOUQIN_DEBUG="0"
        )


def work() -> None:
    """Load the demo, look at it, print."""
    from django.core.management import call_command
    from django.db import connections

    from benchmarks.visitors import session_of
    from houqin.core.people.models import Account

    for command in ("migrate", "demo"):
        subprocess.run([*HOUQIN, command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    call_command("collectstatic", interactive=False, verbosity=0)
    sessions = {
        one.username: session_of(Account.objects.get(username=one.username)) if one.username else ""
        for one in VISITS.values()
    }
    connections.close_all()
    seen: dict[str, Any] = {}
    with server():
        for name, one in VISITS.items():
            found = [_visited(one, sessions[one.username]) for _n in range(TIMES)]
            seen[name] = sorted(found, key=lambda visited: visited["LCP, ms"])[TIMES // 2]
    json.dump(seen | {"load": os.getloadavg()[0]}, sys.stdout, ensure_ascii=False)


def _visited(visit: Visit, session: str) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(
            viewport=PHONE, device_scale_factor=2, locale="zh-CN", is_mobile=True, has_touch=True, service_workers="block"
        )  # fmt: skip
        if session:
            context.add_cookies([{"name": "sessionid", "value": session, "domain": "127.0.0.1", "path": "/"}])
        page = context.new_page()
        wire = context.new_cdp_session(page)
        kinds: dict[str, str] = {}
        sizes: dict[str, float] = {}
        wire.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]}))
        wire.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", SLOW_4G)
        found: dict[str, Any] = {}
        for name, path in (("", visit.first), (" of the next", visit.next)):
            answer = page.goto(f"http://127.0.0.1:{PORT}{path}", wait_until="networkidle")
            if answer is None or answer.status != 200:
                raise RuntimeError(f"{path} is not shown")
            document = sum(size for one, size in sizes.items() if kinds.get(one) == "Document")
            found |= {
                f"KB{name}": round(sum(sizes.values()) / 1024, 1), f"KB{name}, page alone": round(document / 1024, 1),
                f"requests{name}": len(sizes), f"LCP{name}, ms": round(page.evaluate(LCP)),
            }  # fmt: skip
            sizes.clear()
        browser.close()
    return found
