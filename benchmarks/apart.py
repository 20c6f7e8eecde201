"""A benchmark's work in a process of its own, whose memory and time are nobody else's."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def told_by(name: str, *arguments: str, **environment: str) -> dict[str, Any]:
    """The JSON that ``work()`` of the benchmark prints last; ``failed`` with the last words when it ends with an error."""
    code = f"import django; django.setup(); from benchmarks import {name}; {name}.work()"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        return {"failed": done.stderr[-1500:]}
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told
