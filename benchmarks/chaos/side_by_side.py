"""Old and new code on one database: what an upgrade without a pause is between its migrations and its last restart.

    python -m benchmarks.chaos.side_by_side --old COMMIT [--seconds 60]

The database is migrated by this checkout; the web server of the other commit and that of this one serve it at once, keepers book
goods through both, and the invariants are read. Prints JSON.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def main() -> None:
    """One JSON object; exit code 1 when anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos.side_by_side")
    parser.add_argument("--old", required=True, help="the commit that runs before the upgrade")
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="houqin-beside-", dir="/tmp") as name:
        folder = Path(name)
        os.environ |= {"HOUQIN_VAR": str(folder / "var"), "DJANGO_SETTINGS_MODULE": "houqin.config.settings"}
        from benchmarks.chaos import rounds

        house = rounds.House(folder, "postgresql")
        old = None
        try:
            import django
            from django.conf import settings

            settings.DATABASES["default"]["OPTIONS"].pop("pool", None)
            settings.LOGGING["root"]["level"] = "CRITICAL"
            django.setup()
            story = rounds.Rounds(house, random.Random(1), 1)
            old = _old_web(folder, given.old, rounds.free_port())
            told = _played(story, old[1], given.seconds) | {
                "old": given.old,
                "migrations that old does not know": _unknown(folder),
            }
        finally:
            if old:
                old[0].terminate()
                old[0].wait()
            house.end()
    json.dump(told, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
    sys.exit(bool(told["wrong"]))


def _old_web(folder: Path, commit: str, port: int) -> tuple["subprocess.Popen[bytes]", int]:
    """The other commit's own program, from its own files."""
    from houqin.config.commands.serving import web_command

    place = folder / "old"
    place.mkdir()
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", place], input=packed, check=True)
    return subprocess.Popen(
        web_command("127.0.0.1", port, 4), cwd=place, env=os.environ | {"PYTHONPATH": str(place)}
    ), port


def _unknown(folder: Path) -> int:
    """How many migrations this checkout has run that the other does not have."""
    here = {path.relative_to(ROOT) for path in ROOT.glob("houqin/**/migrations/0*.py")}
    there = {path.relative_to(folder / "old") for path in (folder / "old").glob("houqin/**/migrations/0*.py")}
    return len(here - there)


def _played(story: Any, old_port: int, seconds: float) -> dict[str, Any]:
    from benchmarks.chaos import keepers
    from benchmarks.chaos.journal import Journal

    house, through_old = story.house, Journal(story.house.folder / "keepers-old")
    house.start_web()
    story._start_worker()
    first, second = story.scene.phones
    house.fork("keepers", lambda: keepers.work([first], house.port, story.forms))
    house.fork("keepers-old", lambda: keepers.work([second], old_port, through_old))
    story._until(lambda: story.forms.read()["ack"] and through_old.read()["ack"], "the first entries through both", 180)
    time.sleep(seconds)
    through_old.path.with_suffix(f".{keepers.STOP}").touch()
    story._settle()
    story._until(lambda: through_old.read()["try"] == through_old.read()["ack"], "keepers of the old program", 60)
    from benchmarks.chaos import invariants

    told = through_old.read()
    story.wrong += list(invariants.of_forms(told["ack"], told["try"]))
    return {"through new": len(story.forms.read()["ack"]), "through old": len(told["ack"]), "wrong": story.wrong}


if __name__ == "__main__":
    main()
