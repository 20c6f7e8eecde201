"""A streaming replica made, looked at, fallen behind, away, and made the primary: tried with two servers of one's own.

    python -m benchmarks.chaos.replica

Prints each command as it ran (``houqin`` and ``psql`` words apart) and what was found. docs/operations/recovery.md stands on it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.chaos.cluster import Cluster, run, set_up_django

LAG_SECONDS = 7.0


def main() -> None:
    """The story, one JSON object."""
    with tempfile.TemporaryDirectory(prefix="houqin-replica-", dir="/tmp") as name:
        folder = Path(name)
        primary, replica = Cluster(folder, 5497, "-c", "wal_level=replica"), Cluster(folder, 5498)
        try:
            told = _story(primary, replica)
        finally:
            for one in (replica, primary):
                if one.process:
                    one.kill()
    json.dump(told, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _story(primary: Cluster, replica: Cluster) -> dict[str, Any]:
    primary.make()
    primary.start()
    set_up_django(primary, HOUQIN_REPLICA_URL=replica.url)
    from houqin.config.commands import database
    from houqin.core.orgs.models import OrgUnit
    from houqin.core.tables import replica as routed

    database.migrate_now()
    base = ["pg_basebackup", "-h", primary.folder, "-p", primary.port, "-U", "houqin", "-D", replica.data,
            "-R", "-X", "stream", "-C", "-S", "houqin_replica"]  # fmt: skip
    run(*[str(word) for word in base])
    replica.start()
    told: dict[str, Any] = {"made by": " ".join(str(word) for word in base)}

    _unit("一号", 1)
    told["seconds until a row is there"] = _seconds_until(lambda: _on_replica(OrgUnit, "一号"))
    told["behind, idle"] = _fresh(routed)
    with replica.connect() as there:
        there.execute("SELECT pg_wal_replay_pause()")
        _unit("二号", 2)
        time.sleep(LAG_SECONDS)
        told["behind, replay paused for 7 s"] = round(_fresh(routed) or 0)
        told["row is there while paused"] = _on_replica(OrgUnit, "二号")
        there.execute("SELECT pg_wal_replay_resume()")
    told["seconds until it has caught up"] = _seconds_until(lambda: _on_replica(OrgUnit, "二号"))

    replica.kill()
    routed.lost()
    told["replica killed: behind()"] = _fresh(routed)
    replica.start()
    told["seconds until it is used again"] = _seconds_until(lambda: _fresh(routed) is not None)

    _unit("三号", 3)
    with primary.connect() as here:
        told["synchronised before fail-over"] = _seconds_until(lambda: _caught_up(here))
    primary.kill()
    began = time.monotonic()
    run("pg_ctl", "promote", "-D", str(replica.data), "-w")
    told["seconds to promote"] = round(time.monotonic() - began, 2)
    with replica.connect() as there:
        told["rows after fail-over"] = there.execute("SELECT count(*) FROM orgs_orgunit").fetchone()[0]  # type: ignore[index]
        there.execute("UPDATE orgs_orgunit SET name = name || '!' WHERE path = '0003'")
        told["takes writes"] = there.execute("SELECT name FROM orgs_orgunit WHERE path = '0003'").fetchone()[0]  # type: ignore[index]
    told["a promoted server still named as replica: behind()"] = _fresh(routed)
    told["doctor on the new primary"] = _doctor(replica)
    return told


def _unit(name: str, number: int) -> None:
    from houqin.core.orgs.models import Kind, OrgUnit

    OrgUnit.objects.create(kind=Kind.PROVINCE, name=name, path=f"{number:04d}")


def _on_replica(model: Any, name: str) -> bool:
    from houqin.core.tables import replica

    with replica.reading(), _closed_after():
        return bool(model.objects.filter(name=name).exists())


@contextmanager
def _closed_after() -> Iterator[None]:
    """A connection that has read nothing yet sees what is there now."""
    from django.db import connections

    try:
        yield
    finally:
        connections["replica"].close()


def _fresh(routed: Any) -> float | None:
    """How far behind it is, asked now and not remembered."""
    routed._known.until = 0.0
    seconds: float | None = routed.behind()
    return seconds


def _caught_up(primary: Any) -> bool:
    row = primary.execute("SELECT pg_current_wal_lsn() = replay_lsn FROM pg_stat_replication").fetchone()
    return bool(row and row[0])


def _seconds_until(holds: Any) -> float:
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > 60:
            raise RuntimeError("it did not happen in a minute")
        time.sleep(0.02)
    return round(time.monotonic() - began, 2)


def _doctor(primary: Cluster) -> list[str]:
    """What the doctor says with DATABASE_URL changed and no replica named, as an operator does after the fail-over."""
    environ = os.environ | {"DATABASE_URL": primary.url, "HOUQIN_REPLICA_URL": "", "LC_ALL": "en_US.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", "houqin.config.cli", "doctor", "--json"], env=environ, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    found = json.loads(done.stdout)["findings"]
    return [one["message"] for one in found if one["check"] in {"database", "migrations", "collation", "replica"}]


if __name__ == "__main__":
    main()
