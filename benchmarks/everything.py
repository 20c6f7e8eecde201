"""Every benchmark one after the other, each on a database of its own: what ``make bench`` runs.

    python -m benchmarks.everything [name …]
    python -m benchmarks.everything --page      the page anew from the figures it holds, without measuring

A PostgreSQL server is made in a temporary folder with the settings of docs/operations/examples/postgresql.conf; SQLite gets a
file each. What was found stands in docs/operations/measured.md after each run, in words and as JSON, so a part can be measured
again by its name, on another machine too; var/bench.json has the same for programs. All of it takes hours and 60 GB.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import BOTH, NAMES, ONLY_POSTGRESQL, ONLY_SQLITE
from benchmarks.chaos.cluster import Cluster
from benchmarks.measured import found_in, page_of

ROOT = Path(__file__).parents[1]
KEPT, PAGE = ROOT / "var" / "bench.json", ROOT / "docs" / "operations" / "measured.md"
SETTINGS = ROOT / "docs" / "operations" / "examples" / "postgresql.conf"
PORT = 54_329
PROVINCES = {"province of 100": (100, 60), "province of 1,000": (1_000, 365), "province of 20,000": (20_000, 1)}


def main() -> None:
    """Run what was named, or everything, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.everything")
    known = (*NAMES, *PROVINCES)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(known))
    parser.add_argument("--page", action="store_true", help="write the page anew, measure nothing")
    given = parser.parse_args()
    if unknown := set(given.names).difference(known):
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    found = found_in(PAGE.read_text(encoding="utf-8")) if PAGE.is_file() else {}
    if given.page:
        PAGE.write_text(page_of(found), encoding="utf-8")
        return
    for database, name, result in _results(given.names):
        found.setdefault(database, {})[name] = result | {"measured": f"{date.today()}, {_commit()}"}
        found["machine"] = machine()
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
        PAGE.write_text(page_of(found), encoding="utf-8")
    json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def _commit() -> str:
    """Which commit, and whether anything but the page that is written here was changed since."""

    def told(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

    changed = told("status", "--porcelain", "--untracked-files=no", "--", ".", f":!{PAGE.relative_to(ROOT)}")
    return told("rev-parse", "--short", "HEAD") + ("-dirty" if changed else "")


def machine() -> dict[str, Any]:
    """What it was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        "",
    )
    return {
        "cores": os.cpu_count(),
        "processor": model,
        "memory": f"{memory / 2**30:.0f} GiB",
        "python": platform.python_version(),
    }


def _results(names: Sequence[str]) -> Iterator[tuple[str, str, Any]]:
    def wanted(name: str) -> bool:
        return not names or name in names

    for name in filter(wanted, (*ONLY_SQLITE, *BOTH)):
        yield "sqlite", name, _run(name, "")
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder)) as cluster:
        for name in filter(wanted, (*BOTH, *ONLY_POSTGRESQL)):
            with _database(cluster) as url:
                yield "postgresql", name, _run(name, url)
        for name in filter(wanted, PROVINCES):
            with _database(cluster) as url:
                yield "postgresql", name, _province(url, *PROVINCES[name])


def _run(name: str, url: str) -> Any:
    told = _told("benchmarks", *(("--postgres", url) if url else ()), name)
    return told.get(name, told)


def _province(url: str, schools: int, days: int) -> dict[str, Any]:
    """Made, then looked at by each role; the whole of a day's work of 200 people where it has a year."""
    size = ("--schools", str(schools), "--days", str(days))
    began = time.monotonic()
    made = _told("benchmarks.province", "--postgres", url, *size, "--figures", "1" if days == 1 else "35")
    if "failed" in made:
        return made
    told = {"seconds": round(time.monotonic() - began), "rows": sum(one["rows"] for one in made["tables"].values())}
    told |= _told("benchmarks.pages", "--postgres", url)
    if days > 1:
        told["200 users"] = _told("benchmarks.load", "--postgres", url)
    return told


def _told(module: str, *given: str) -> dict[str, Any]:
    """What a script prints; one that fails is told as such and the others go on."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {module} {' '.join(given)}\n")
    done = subprocess.run(
        [sys.executable, "-m", module, *given],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stderr[-2_000:])
        return {"failed": done.stderr.strip().splitlines()[-1:]}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextmanager
def _server(folder: Path) -> Iterator[Cluster]:
    lines = [line.split("#")[0].strip() for line in SETTINGS.read_text(encoding="utf-8").splitlines()]
    options = [part for line in lines if line for part in ("-c", line.replace(" ", ""))]
    cluster = Cluster(folder, PORT, *options)
    cluster.make()
    cluster.start()
    try:
        with cluster.connect() as connection:
            connection.execute("CREATE DATABASE migrated")
        url = _url(cluster, "migrated")
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v0"],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": url},
            check=True,
        )
        yield cluster
    finally:
        cluster.stop()


@contextmanager
def _database(cluster: Cluster) -> Iterator[str]:
    """A database with empty tables, dropped afterwards."""
    with cluster.connect() as connection:
        connection.execute("CREATE DATABASE bench TEMPLATE migrated")
    try:
        yield _url(cluster, "bench")
    finally:
        with cluster.connect() as connection:
            connection.execute("DROP DATABASE bench WITH (FORCE)")


def _url(cluster: Cluster, name: str) -> str:
    return f"{cluster.url.removesuffix('/postgres')}/{name}"


if __name__ == "__main__":
    main()
