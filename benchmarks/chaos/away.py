"""The database away for a minute, and a disk that is full: what keepers with phones meet, and what is there afterwards.

    python -m benchmarks.chaos.away [--seconds 60]

Needs root for the disk (a tmpfs of 96 MB). Prints JSON.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DISK = "96m"
AFTER_SECONDS = 60.0


def main() -> None:
    """Each story in a process of its own: settings are read once."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos.away")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--story", choices=("database", "disk"))
    given = parser.parse_args()
    if given.story:
        json.dump(_story(given.story, given.seconds), sys.stdout, ensure_ascii=False)
        return
    told = {}
    for story in ("database", "disk"):
        line = [sys.executable, "-m", "benchmarks.chaos.away", "--story", story, "--seconds", str(given.seconds)]
        told[story] = json.loads(subprocess.run(line, check=True, capture_output=True, text=True).stdout)
    json.dump(told, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _story(story: str, seconds: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="houqin-away-", dir="/tmp") as name, _disk(Path(name), story) as folder:
        os.environ |= {"HOUQIN_VAR": str(folder / "var"), "DJANGO_SETTINGS_MODULE": "houqin.config.settings"}
        from benchmarks.chaos import rounds

        house = rounds.House(folder, "postgresql" if story == "database" else "sqlite")
        try:
            import django
            from django.conf import settings

            settings.DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
            settings.LOGGING["root"]["level"] = "CRITICAL"
            django.setup()
            return _played(rounds.Rounds(house, random.Random(1), 1), story, seconds)
        finally:
            house.end()


@contextmanager
def _disk(folder: Path, story: str) -> Iterator[Path]:
    """A small disk for the story that fills it."""
    if story == "database":
        yield folder
        return
    small = folder / "disk"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", small], check=True)
    try:
        yield small
    finally:
        subprocess.run(["umount", "--lazy", small], check=True)


def _played(story: Any, name: str, seconds: float) -> dict[str, Any]:
    from django.core.management import call_command

    from benchmarks.chaos import keepers
    from benchmarks.chaos.journal import Journal

    house = story.house
    # What the phones keep of it lies elsewhere: theirs is not the disk that is full.
    story.forms = Journal(
        house.folder.parent / f"keepers-{os.getpid()}" if name == "disk" else house.folder / "keepers"
    )
    call_command("collectstatic", interactive=False, verbosity=0)  # the page that is looked at has a style
    house.start_web()
    story._start_worker()
    house.fork("keepers", lambda: keepers.work(story.scene.phones, house.port, story.forms))
    story._until(lambda: len(story.forms.read()["ack"]) >= 4, "the first entries", 120)
    before = len(story.forms.read()["ack"])
    ballast = house.folder / "ballast"
    if name == "database":
        house.cluster.kill()
    else:
        _fill(ballast)
    page = _page(house.port, seconds, story.scene.phones[0].session)
    acknowledged = len(story.forms.read()["ack"])
    if name == "database":
        house.cluster.start()
    else:
        ballast.unlink()
    began = time.monotonic()
    story._until(lambda: len(story.forms.read()["ack"]) > acknowledged, "an entry after it", AFTER_SECONDS)
    back = round(time.monotonic() - began, 1)
    story._settle()
    statuses = Counter(line.partition(" ")[0] for line in story.forms.path.read_text().splitlines())
    return {
        "acknowledged before": before, "while it lasted": acknowledged - before, "page": page,
        "seconds until entries are taken again": back, "acknowledged in all": len(story.forms.read()["ack"]),
        "worker lives": _lives(house), "statuses": dict(statuses), "wrong": story.wrong,
    }  # fmt: skip


def _lives(house: Any) -> bool:
    """Whether the worker of the beginning is still the one that works."""
    return "worker" in house.children and os.waitpid(house.children["worker"], os.WNOHANG)[0] == 0


def _fill(ballast: Path) -> None:
    """To the last block."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65_536))
        except OSError:
            return


def _page(port: int, seconds: float, session: str) -> dict[str, Any]:
    """What Today says meanwhile to a keeper, in both languages; looked at until the time is over."""
    from django.conf import settings

    cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
    found: dict[str, Any] = {}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for language in ("zh-hans", "en"):
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/", headers={"Accept-Language": language, "Cookie": cookie}
            )
            began = time.monotonic()
            try:
                with urllib.request.urlopen(request, timeout=40) as answer:
                    status, title = answer.status, ""
            except urllib.error.HTTPError as error:
                text = error.read().decode()
                status, title = error.code, text.partition("<title>")[2].partition("</title>")[0]
                found["Retry-After"] = error.headers.get("Retry-After")
            except OSError as error:
                status, title = 0, repr(error)
            taken = round(time.monotonic() - began, 1)
            found[f"{language} {status} {title}"] = max(taken, found.get(f"{language} {status} {title}", 0.0))
        time.sleep(1)
    return found


if __name__ == "__main__":
    main()
