"""The chaos script runs: a dozen kills of web, worker, database and deeds, and nothing is lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.chaos.cluster import BINARIES

ROOT = Path(__file__).parents[2]
ROUNDS = 12


def test_a_dozen_kills_lose_nothing() -> None:
    engine = "postgresql" if (BINARIES / "initdb").exists() else "sqlite"
    environ = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.chaos", "--rounds", str(ROUNDS), "--engine", engine],
        cwd=ROOT, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    told = json.loads(done.stdout)
    assert (told["rounds"], told["wrong"]) == (ROUNDS, [])
    assert told["forms"]["acknowledged"] > 0
    assert sum(deed["acknowledged"] for deed in told["deeds"].values()) > 0
