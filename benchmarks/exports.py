"""Claims: a list of 1,000,000 rows leaves as CSV in ≤ 20 s and as XLSX in ≤ 90 s, with < 100 MB more in memory.

The list of stock moves as an office opens it, over the web, in a process of its own: goods, school, meal and weight of every row.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import moves

ROWS = 1_000_000
ONE = """
import json, os, resource, sys, time
import django
django.setup()
from django.conf import settings
from django.test import Client
from houqin.core.people.models import Account
settings.ALLOWED_HOSTS = ["*"]
client = Client()
client.force_login(Account.objects.get(username="exports"), backend="allauth.account.auth_backends.AuthenticationBackend")
assert client.get("/canteen/moves/").status_code == 200
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.perf_counter()
answer = client.get("/canteen/moves/export/", {"format": sys.argv[1]})
assert answer.status_code == 200, answer.status_code
size = sum(len(part) for part in answer.streaming_content)
print(json.dumps({
    "seconds": round(time.perf_counter() - began, 1), "CPU seconds of the process": round(time.process_time(), 1),
    "file, MB": round(size / 1e6, 1), "more memory, MB": round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024),
}))
"""


def run(shared: Path, *, rows: int = ROWS) -> dict[str, Any]:
    """Seconds, megabytes of the file and megabytes of memory of each kind of file."""
    moves.schools_of_a_town()
    moves.fill(rows)
    moves.officer("exports")
    return {"rows": rows} | {kind: _one(kind) for kind in ("csv", "xlsx")}


def _one(kind: str) -> Any:
    done = subprocess.run([sys.executable, "-c", ONE, kind], capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else {"failed": done.stderr[-800:]}
