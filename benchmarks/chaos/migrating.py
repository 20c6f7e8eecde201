"""A migration that is killed half way is finished by the next one: kill −9 of ``houqin migrate``, again and again.

    python -m benchmarks.chaos.migrating --kills N [--engine sqlite|postgresql]

At the end the schema is compared with that of a database migrated in one go. Prints JSON.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.chaos.cluster import BINARIES, OWNER, Cluster

MIGRATE = [sys.executable, "-m", "houqin.config.cli", "migrate", "--json"]
MOST_AT_A_TIME = 15  # migrations that a run may finish before it is killed in the middle of a later one
WITHIN_SECONDS = 0.3


def main() -> None:
    """Kill, and then let it end; exit code 1 when the schemas differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos.migrating")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--engine", choices=("postgresql", "sqlite"), default="postgresql")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="houqin-migrating-", dir="/tmp") as name:
        told = _run(Path(name), given.kills, given.engine)
    json.dump(told, sys.stdout, indent=2)
    sys.stdout.write("\n")
    sys.exit(told["schemas differ"])


def _run(folder: Path, kills: int, engine: str) -> dict[str, Any]:
    cluster = Cluster(folder, 5494) if engine == "postgresql" else None
    try:
        if cluster:
            cluster.make()
            cluster.start()
            with cluster.connect() as here:
                here.execute("CREATE DATABASE killed")
                here.execute("CREATE DATABASE whole")
        chance, left = random.Random(1), []
        for _kill in range(kills):
            process = subprocess.Popen(MIGRATE, env=_environ(folder, cluster, "killed"), stdout=subprocess.PIPE)
            enough = (left[-1] if left else 0) + chance.randint(1, MOST_AT_A_TIME)
            while process.poll() is None and _applied(folder, cluster) < enough:
                time.sleep(0.02)
            time.sleep(chance.uniform(0.0, WITHIN_SECONDS))
            process.send_signal(signal.SIGKILL)
            process.wait()
            left.append(_applied(folder, cluster))
        began = time.monotonic()
        ended = [
            json.loads(
                subprocess.run(MIGRATE, env=_environ(folder, cluster, name), check=True, capture_output=True).stdout
            )
            for name in ("killed", "whole")
        ]
        schemas = [_schema(folder, cluster, name) for name in ("killed", "whole")]
    finally:
        if cluster and cluster.process:
            cluster.kill()
    return {
        "engine": engine, "kills": kills, "migrations applied after each kill": left,
        "left for the last": len(ended[0]["applied"]), "in one go": len(ended[1]["applied"]),
        "lines of schema": len(schemas[1]), "schemas differ": schemas[0] != schemas[1],
        "seconds": round(time.monotonic() - began),
    }  # fmt: skip


def _environ(folder: Path, cluster: Cluster | None, name: str) -> dict[str, str]:
    url = cluster.url.replace("/postgres", f"/{name}") if cluster else f"sqlite:///{folder}/{name}.sqlite3"
    return os.environ | {
        "DATABASE_URL": url,
        "HOUQIN_VAR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "houqin.config.settings",
    }


def _applied(folder: Path, cluster: Cluster | None) -> int:
    """How many migrations count as done in the database that is killed."""
    import sqlite3

    import psycopg

    try:
        if cluster:
            with psycopg.connect(cluster.url.replace("/postgres", "/killed")) as here:
                return int(here.execute("SELECT count(*) FROM django_migrations").fetchone()[0])  # type: ignore[index]
        return int(
            sqlite3.connect(folder / "killed.sqlite3").execute("SELECT count(*) FROM django_migrations").fetchone()[0]
        )
    except (psycopg.Error, sqlite3.Error):
        return 0


def _schema(folder: Path, cluster: Cluster | None, name: str) -> list[str]:
    """What the database consists of, in an order of its own."""
    import sqlite3

    if cluster is None:
        rows = sqlite3.connect(folder / f"{name}.sqlite3").execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
        )
        return sorted(sql for (sql,) in rows)
    line = [BINARIES / "pg_dump", "-h", folder, "-p", str(cluster.port), "-U", OWNER, "--schema-only", name]
    dumped = subprocess.run(line, check=True, capture_output=True, text=True).stdout
    return sorted(one for one in dumped.splitlines() if one and not one.startswith(("--", "\\")))


if __name__ == "__main__":
    main()
