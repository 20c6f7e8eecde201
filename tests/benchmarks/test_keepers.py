"""The benchmark of keepers at work runs: two of them, one school's ledger, no time taken."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEDGERS = ROOT.parent / "shared" / "samples" / "town"
SCRIPT = """
import json, sys
from pathlib import Path
import django
django.setup()
from houqin.config.commands import database
database.migrate_now()
from benchmarks.keepers import run
print(json.dumps(run(Path("."), keepers=2, folder=Path(sys.argv[1]))))
"""


def test_keepers_book_goods_while_a_ledger_is_imported(tmp_path: Path) -> None:
    ledger = next(iter(sorted(LEDGERS.glob("*_食品台账.xlsx"))), None)
    if ledger is None:
        pytest.skip("the sample town (../shared/samples/town) is not here")
    folder = tmp_path / "town"
    folder.mkdir()
    shutil.copy(ledger, folder)
    environ = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/bench.sqlite3", "HOUQIN_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "houqin.config.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder)], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["errors"] == []
    assert (told["imported"], told["import"]["failed"]) == (1, 0)
    assert told["booked"] > 0
