"""Claims: a list of 1,000,000 rows leaves as CSV in ≤ 20 s and as XLSX in ≤ 90 s, with < 100 MB more in memory.

The list of stock moves as an office opens it, over the web, in a process of its own: goods, school, meal and weight of every row.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.test import Client

from benchmarks import moves
from benchmarks.apart import told_by
from benchmarks.visitors import BACKEND
from houqin.core.people.models import Account

ROWS = 1_000_000


def run(shared: Path, *, rows: int = ROWS) -> dict[str, Any]:
    """Seconds, megabytes of the file and megabytes of memory of each kind of file."""
    moves.schools_of_a_town()
    moves.fill(rows)
    moves.officer("exports")
    connections.close_all()
    return {"rows": rows} | {kind: told_by("exports", kind) for kind in ("csv", "xlsx")}


def work() -> None:
    """Take the list out as the kind of file that is named, and print what it took."""
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(Account.objects.get(username="exports"), backend=BACKEND)
    assert client.get("/canteen/moves/").status_code == 200
    before, spent, began = _memory(), time.process_time(), time.perf_counter()
    answer: Any = client.get("/canteen/moves/export/", {"format": sys.argv[1]})
    assert answer.status_code == 200, answer.status_code
    size = sum(len(part) for part in answer.streaming_content)
    told = {
        "seconds": round(time.perf_counter() - began, 1), "CPU seconds of the process": round(time.process_time() - spent, 1),
        "file, MB": round(size / 1e6, 1), "more memory, MB": _memory() - before, "memory at most, MB": _memory(),
        "load": os.getloadavg()[0],
    }  # fmt: skip
    json.dump(told, sys.stdout)


def _memory() -> int:
    """The largest resident size so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
