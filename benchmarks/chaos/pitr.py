"""Point-in-time recovery: a base backup, archived WAL, somebody deletes what schools wrote, and the minute before comes back.

    python -m benchmarks.chaos.pitr

Two schools work through the verbs before and after that minute: what was acknowledged before is there, what came after is not,
every chain verifies, and the checkpoints kept elsewhere tell what is gone. Prints the commands and what was found; exit code 1
when anything was wrong. docs/operations/recovery.md stands on it.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from benchmarks.chaos.cluster import Cluster, run, set_up_django

if TYPE_CHECKING:
    from houqin.flows.seals.checking import Held

ROUNDS = 20
"""Of each kind of deed, before and after."""
MISHAP = "TRUNCATE ledgers_ledgerentry, seals_seal, canteen_stockmove"
Deed = tuple[str, str]


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
    sys.exit(bool(told["wrong"]))


def _story(server: Cluster, restored: Cluster, archive: Path, keep: str) -> dict[str, Any]:
    _folder(archive)
    server.make()
    server.start()
    set_up_django(server)
    from benchmarks.chaos.scene import build
    from houqin.config.commands import database
    from houqin.core.scope.viewer import system_viewer
    from houqin.flows.seals.actions.checkpoints import make_checkpoints

    database.migrate_now()
    scene = build(duties=ROUNDS * 4)
    base = ["pg_basebackup", "-h", str(server.folder), "-p", str(server.port), "-U", "houqin", "-D", str(restored.data),
            "-X", "none", "-c", "fast"]  # fmt: skip
    run(*base)
    before = _done(scene)
    make_checkpoints(by=system_viewer())
    with server.connect() as here:
        moment = here.execute("SELECT clock_timestamp()").fetchone()[0]  # type: ignore[index]
        time.sleep(1)
        after = _done(scene)
        make_checkpoints(by=system_viewer())
        elsewhere = _checkpoints()
        here.execute(MISHAP)
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
    seconds = round(time.monotonic() - began, 2)
    _now_on(restored)
    return {
        "archive_command": keep, "base": " ".join(base), "postgresql.auto.conf": settings, "segments": len(list(archive.iterdir())),
        "mishap": MISHAP, "deeds acknowledged before": len(before), "of them there": sum(map(_is_there, before)),
        "deeds acknowledged after": len(after), "of those there": sum(map(_is_there, after)),
        "checkpoints kept elsewhere": len(elsewhere), "of them beyond the end": _beyond(elsewhere),
        "seconds": seconds, "jobs run on the recovered server": _jobs_run(), "wrong": list(_wrong(before, after)),
    }  # fmt: skip


def _done(scene: Any) -> list[Deed]:
    """Every deed of the scene some times over, each acknowledged: its kind and token."""
    from benchmarks.chaos.deeds import DEEDS

    made = [(kind, uuid4().hex) for _round in range(ROUNDS) for kind in DEEDS]
    for kind, token in made:
        DEEDS[kind](scene, token)
    return made


def _is_there(deed: Deed) -> bool:
    """Whether the tables know it."""
    from benchmarks.chaos.deeds import RUNG
    from houqin.core.events.models import Event
    from houqin.flows.ledgers.models import LedgerEntry
    from houqin.modules.canteen.models import DeliveryLine, Recall

    kind, token = deed
    rows = {
        "import": DeliveryLine.objects.filter(lot__batch=token),
        "recall": Recall.objects.filter(batch=token),
        "seal": LedgerEntry.objects.filter(personal__contains=token),
        "event": Event.objects.filter(name=RUNG, payload__token=token),
    }[kind]
    return bool(rows.exists())


def _wrong(before: list[Deed], after: list[Deed]) -> Iterator[str]:
    """What must hold on the recovered server and does not."""
    from benchmarks.chaos import invariants

    looks = {"import": invariants.of_import, "recall": invariants.of_recall, "event": invariants.of_event}
    yield from invariants.of_tables()
    yield from invariants.of_chains(whole=True)
    yield from invariants.of_jobs()
    for kind, token in before:
        if kind in looks:
            yield from looks[kind](token, acknowledged=True)
    yield from (f"lost: {kind} {token}" for kind, token in before if not _is_there((kind, token)))
    yield from (f"of a later time: {kind} {token}" for kind, token in after if _is_there((kind, token)))


def _checkpoints() -> "list[Held]":
    """As a higher office keeps them."""
    from houqin.flows.seals.checkpoints import exported, kept
    from houqin.flows.seals.models import Checkpoint

    by_chain = kept("".join(exported(Checkpoint.objects.select_related("org").order_by("pk"))))
    return [one for held in by_chain.values() for one in held]


def _beyond(elsewhere: "list[Held]") -> int:
    """How many chains end before what was signed: so the office sees what the recovery took away."""
    from houqin.flows.seals.checking import check
    from houqin.flows.seals.models import Chain
    from houqin.flows.seals.rules import Mark

    found = 0
    for chain in Chain.objects.select_related("org"):
        own = [one for one in elsewhere if Mark.unpack(one.payload).chain == chain.public_id]
        found += {fault.kind for fault in check(chain, kept=own).faults} == {"cut_held"}
    return found


def _jobs_run() -> int:
    """What waited at that moment is run once by a worker."""
    from django_tasks_db.models import DBTaskResult

    from houqin.core.jobs import worker

    worker.PERIODIC.clear()
    worker.run(batch=True)
    return int(DBTaskResult.objects.count())


def _now_on(restored: Cluster) -> None:
    """Django on the recovered server: same folder, another port."""
    from django.db import connections

    connections.close_all()
    for one in connections.all():
        one.settings_dict["PORT"] = str(restored.port)


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
