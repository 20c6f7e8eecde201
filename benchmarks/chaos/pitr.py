"""Point-in-time recovery: a base backup, archived WAL, somebody deletes everything, and the minute before comes back.

    python -m benchmarks.chaos.pitr

Prints the commands and what was found. docs/operations/recovery.md stands on it.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.chaos.cluster import Cluster, run


def main() -> None:
    """The story, one JSON object."""
    with tempfile.TemporaryDirectory(prefix="houqin-pitr-", dir="/tmp") as name:
        folder = Path(name)
        archive = folder / "archive"
        keep = f"test ! -f {archive}/%f && cp %p {archive}/%f.part && mv {archive}/%f.part {archive}/%f"
        server = Cluster(
            folder, 5495, "-c", "wal_level=replica", "-c", "archive_mode=on", "-c", f"archive_command={keep}"
        )
        restored = Cluster(folder, 5496)
        try:
            told = _story(server, restored, archive, keep)
        finally:
            for one in (server, restored):
                if one.process:
                    one.kill()
    json.dump(told, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _story(server: Cluster, restored: Cluster, archive: Path, keep: str) -> dict[str, Any]:
    _folder(archive)
    server.make()
    server.start()
    with server.connect() as here:
        here.execute("CREATE TABLE seals (number bigint PRIMARY KEY, at timestamptz DEFAULT clock_timestamp())")
        here.execute("INSERT INTO seals SELECT generate_series(1, 1000)")
        base = ["pg_basebackup", "-h", str(server.folder), "-p", str(server.port), "-U", "houqin", "-D", str(restored.data),
                "-X", "none", "-c", "fast"]  # fmt: skip
        run(*base)
        here.execute("INSERT INTO seals SELECT generate_series(1001, 1500)")
        moment = here.execute("SELECT clock_timestamp()").fetchone()[0]  # type: ignore[index]
        time.sleep(1)
        here.execute("DELETE FROM seals")
        here.execute("SELECT pg_switch_wal()")
        _until(lambda: _archived(here))
    server.kill()
    began = time.monotonic()
    settings = [
        f"restore_command = 'cp {archive}/%f %p'", f"recovery_target_time = '{moment.isoformat()}'",
        "recovery_target_action = 'promote'",
    ]  # fmt: skip
    with (restored.data / "postgresql.auto.conf").open("a") as file:
        file.writelines(f"{line}\n" for line in settings)
    _signal(restored.data / "recovery.signal")
    restored.start()
    with restored.connect() as there:
        _until(lambda: not there.execute("SELECT pg_is_in_recovery()").fetchone()[0])  # type: ignore[index]
        rows, last = there.execute("SELECT count(*), max(number) FROM seals").fetchone()  # type: ignore[misc]
    return {
        "archive_command": keep, "base": " ".join(base), "postgresql.auto.conf": settings, "segments": len(list(archive.iterdir())),
        "rows before the mishap": 1500, "rows after recovery": rows, "last": last,
        "seconds": round(time.monotonic() - began, 2),
    }  # fmt: skip


def _folder(archive: Path) -> None:
    archive.mkdir()
    archive.chmod(0o777)


def _signal(signal: Path) -> None:
    """PostgreSQL takes the file away when it is done, so it only has to be there."""
    signal.touch()
    signal.chmod(0o666)


def _archived(here: Any) -> bool:
    """Whether every finished segment lies in the archive."""
    waiting = here.execute("SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'").fetchone()[0]
    done, failed = here.execute("SELECT archived_count, failed_count FROM pg_stat_archiver").fetchone()
    return bool(done) and not waiting and not failed


def _until(holds: Any) -> None:
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > 60:
            raise RuntimeError("it did not happen in a minute")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
