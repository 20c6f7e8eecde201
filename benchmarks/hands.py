"""Claim: eight lines at the door take ninety seconds, who eats ten, a day's ledgers three minutes, a visit six, a drill ten.

The journeys count taps and keys at a person's pace; here the machine's own time is added to them, on an idle machine.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
JOURNEYS = ("acceptance", "heads", "incident", "ledgers", "loop", "visit")


def run(shared: Path) -> dict[str, Any]:
    """Which of the timed journeys kept to their seconds."""
    environ = {**os.environ, "HOUQIN_TIMED": "1"}
    environ.pop("DATABASE_URL", None)
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    files = [f"tests/journeys/test_{name}.py" for name in JOURNEYS]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *files],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return {"kept": done.returncode == 0, "told": done.stdout.splitlines()[-20:]}
