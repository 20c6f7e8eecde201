"""Kill, start again, look: round after round."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.chaos.cluster import Cluster

Words = dict[str, set[str]]
SETTLE_SECONDS = 400.0
WHOLE_EVERY = 50
LONGEST_WAIT = 1.0
UP_AFTER_SECONDS = 10.0
PERIODIC_JOBS = {"seals.checkpoints"}  # the nightly figures would only keep the worker busy


class House:
    """Whatever runs: the database, the web server, the worker, the keepers, and the deed that is under way."""

    def __init__(self, folder: Path, engine: str) -> None:
        self.folder, self.children = folder, dict[str, int]()
        self.cluster = Cluster(folder, 5499) if engine == "postgresql" else None
        if self.cluster:
            self.cluster.make()
            self.cluster.start()
        os.environ["DATABASE_URL"] = self.cluster.url if self.cluster else f"sqlite:///{folder}/chaos.sqlite3"
        self.port = free_port()
        self.web: subprocess.Popen[bytes] | None = None

    def start_web(self) -> None:
        """As ``houqin serve`` starts it, with two processes: one goes on while the other is started again."""
        from houqin.config.commands.serving import web_command

        line = web_command("127.0.0.1", self.port, 4)
        line[line.index("--workers") + 1] = "2"
        self.web = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    def kill_web(self, chance: random.Random) -> bool:
        """kill −9 of one of the two processes that answer requests; granian's first process only watches over them."""
        assert self.web is not None
        workers = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text().split()
        up = [int(pid) for pid in workers if _age(pid) > UP_AFTER_SECONDS]
        if len(up) < 2:
            return False
        os.kill(chance.choice(up), signal.SIGKILL)
        return True

    def watch_web(self) -> bool:
        """As systemd does: granian gives up when a process of it is killed twice in five seconds. Whether it had."""
        assert self.web is not None
        if self.web.poll() is None:
            return False
        self.start_web()
        return True

    def fork(self, name: str, work: Callable[[], None]) -> None:
        """A process that has everything loaded already; it opens connections of its own."""
        from django.db import connections

        connections.close_all()
        pid = os.fork()
        if pid == 0:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 told, then the process ends without the parent's clean-up
                (self.folder / f"{name}.error").write_text(repr(error))
                os._exit(1)
            os._exit(0)
        self.children[name] = pid

    def kill(self, name: str) -> None:
        """kill −9."""
        pid = self.children.pop(name)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

    def end(self) -> None:
        """Stop everything that was started here."""
        for name in list(self.children):
            self.kill(name)
        if self.web:
            os.killpg(self.web.pid, signal.SIGKILL)
            self.web.wait()
        if self.cluster and self.cluster.process:
            self.cluster.kill()


def _age(pid: str) -> float:
    """Seconds since a process began: the 22nd field of its stat, in ticks since the machine started."""
    ticks = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(folder: Path, *, rounds: int, engine: str, seed: int, minutes: float) -> dict[str, Any]:
    """All rounds, then the end: whoever waited is done, whatever was handed out again ran once."""
    house = House(folder, engine)
    try:
        import django
        from django.conf import settings

        settings.DATABASES["default"].get("OPTIONS", {}).pop("pool", None)  # as every command does
        settings.LOGGING["root"]["level"] = "CRITICAL"
        django.setup()
        return Rounds(house, random.Random(seed), rounds).run(minutes * 60)
    finally:
        house.end()


class Rounds:
    """The story of one run."""

    def __init__(self, house: House, chance: random.Random, rounds: int) -> None:
        from benchmarks.chaos.journal import Journal
        from benchmarks.chaos.scene import build
        from houqin.config.commands import database

        self.house, self.chance, self.rounds = house, chance, rounds
        database.migrate_now()
        self.scene = build(duties=1_000 + 15 * rounds)
        self.forms = Journal(house.folder / "keepers")
        self.journals: dict[str, Journal] = {}
        self.killed: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.checked = 0
        self.seen: dict[str, set[str]] = {}

    def run(self, seconds: float) -> dict[str, Any]:
        """Start all, kill round after round, settle."""
        from benchmarks.chaos import keepers

        began = time.monotonic()
        self.house.start_web()
        self._start_worker()
        self.house.fork("keepers", lambda: keepers.work(self.scene.phones, self.house.port, self.forms))
        self._until(lambda: len(self.forms.read()["ack"]) >= 2, "the first entries", 120)
        self._warm_up()
        for number in range(1, self.rounds + 1):
            self._round(number)
            if len(self.wrong) > 20 or time.monotonic() > began + seconds:
                break
        self._settle()
        return self._told(time.monotonic() - began)

    def _warm_up(self) -> None:
        """Each deed once to its end: what is loaded on first use is loaded before anybody forks."""
        from benchmarks.chaos.deeds import DEEDS
        from benchmarks.chaos.journal import Journal

        for kind, deed in DEEDS.items():
            journal = self.journals[kind] = Journal(self.house.folder / kind)
            token = uuid4().hex
            journal.write("try", token)
            deed(self.scene, token)
            journal.write("ack", token)

    def _start_worker(self) -> None:
        from houqin.core.jobs import worker

        for name in set(worker.PERIODIC) - PERIODIC_JOBS:
            del worker.PERIODIC[name]
        self.house.fork("worker", lambda: worker.run(interval=0.05))

    def _round(self, number: int) -> None:
        from benchmarks.chaos.deeds import DEEDS, again_and_again

        kind = self.chance.choice(list(DEEDS))
        journal = self.journals[kind]
        self.house.fork("deed", lambda: again_and_again(DEEDS[kind], self.scene, journal))
        time.sleep(self.chance.uniform(0.0, LONGEST_WAIT))
        self._kill(kind)
        self._look(f"round {number}", whole=number % WHOLE_EVERY == 0)
        self._note_errors(number)
        self.killed["web, by granian itself"] += self.house.watch_web()
        if number % WHOLE_EVERY == 0:
            sys.stderr.write(f"{number} rounds, {dict(self.killed)}, wrong: {len(self.wrong)}\n")

    def _kill(self, kind: str) -> None:
        """Somebody is killed, and then the deed in any case; the database takes everybody's work with it."""
        victims = ["web", "worker", f"deed {kind}"] + (["database"] if self.house.cluster else [])
        victim = self.chance.choice(victims)
        if victim == "web" and not self.house.kill_web(self.chance):
            victim = f"deed {kind}"  # both have to be up, so that one serves on
        if victim == "worker":
            self.house.kill("worker")
            self._start_worker()
        if victim == "database":
            assert self.house.cluster is not None
            self.house.cluster.kill()
            self.house.cluster.start()
        self.house.kill("deed")
        self.killed.update({victim, f"deed {kind}"})

    def _look(self, when: str, *, whole: bool) -> None:
        """Everything of one moment: others work on, and a killed deed's last statement may still end."""
        from django.db import connection, transaction

        # The journals first, the tables after: what is acknowledged in between is looked at in the next round.
        forms, journals = self.forms.read(), {kind: journal.read() for kind, journal in self.journals.items()}
        with transaction.atomic():
            if connection.vendor == "postgresql":
                connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            found = [f"{when}, {what}" for what in self._faults(forms, journals, whole=whole)]
        self.wrong += found
        sys.stderr.writelines(f"{line}\n" for line in found)

    def _faults(self, forms: Words, journals: dict[str, Words], *, whole: bool) -> Iterator[str]:
        """What the tables say; of what was tried only what is new, and all of it when ``whole``."""
        from benchmarks.chaos import invariants

        new = {word: forms[word] - (set() if whole else self.seen.get(word, set())) for word in ("try", "ack")}
        yield from invariants.of_tables()
        yield from invariants.of_forms(new["ack"], new["try"] | new["ack"])
        yield from invariants.of_chains(whole=whole)
        looks = {"import": invariants.of_import, "recall": invariants.of_recall, "event": invariants.of_event}
        for kind, told in journals.items():
            known = self.seen.setdefault(kind, set())
            for token in told["try"] - (set() if whole else known):
                if kind in looks:
                    yield from looks[kind](token, acknowledged=token in told["ack"])
            known |= told["try"]
        # A form that was tried and not answered yet is looked at again until it is.
        self.seen["ack"], self.seen["try"] = forms["ack"], forms["ack"]
        self.checked += 1

    def _note_errors(self, number: int) -> None:
        for path in self.house.folder.glob("*.error"):
            self.wrong.append(f"round {number}, {path.stem}: {path.read_text()[:300]}")
            path.unlink()

    def _settle(self) -> None:
        """Nobody is killed any more: keepers end what they began, jobs of the killed are handed out again and end."""
        from benchmarks.chaos import invariants, keepers

        self.forms.path.with_suffix(f".{keepers.STOP}").touch()
        self._until(lambda: self.forms.read()["try"] == self.forms.read()["ack"], "keepers", SETTLE_SECONDS)
        self._until(lambda: not list(invariants.of_jobs()), "jobs", SETTLE_SECONDS)
        self._look("at the end", whole=True)
        self.wrong += [f"at the end, {what}" for what in invariants.of_jobs()]
        self.wrong += [f"at the end, {what}" for what in invariants.of_audit(self.forms.read()["ack"])]

    def _until(self, holds: Callable[[], bool], what: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                self.wrong.append(f"{what} did not come to an end in {seconds:.0f} s")
                return
            self.house.watch_web()
            time.sleep(0.5)

    def _told(self, seconds: float) -> dict[str, Any]:
        from django.db import connection
        from django_tasks_db.models import DBTaskResult

        forms = self.forms.read()
        return {
            "machine": {"cores": os.cpu_count(), "database": connection.vendor},
            "rounds": self.checked - 1,
            "killed": dict(sorted(self.killed.items())),
            "looked": self.checked,
            "forms": {"acknowledged": len(forms["ack"]), "repeated": _repeats(self.forms.path)},
            "deeds": {
                kind: {"tried": len(told["try"]), "acknowledged": len(told["ack"])}
                for kind, told in ((kind, journal.read()) for kind, journal in sorted(self.journals.items()))
            },
            "jobs": {
                "run": DBTaskResult.objects.count(),
                "handed out again": sum(len(row) > 1 for row in DBTaskResult.objects.values_list("worker_ids", flat=True)),
            },
            "seconds": round(seconds),
            "wrong": self.wrong,
        }  # fmt: skip


def _repeats(path: Path) -> dict[str, int]:
    """How often a phone was told something else than "done", by status; 0 is no answer at all."""
    words = Counter(line.partition(" ")[0] for line in path.read_text().splitlines())
    return {word.removeprefix("status-"): times for word, times in sorted(words.items()) if word.startswith("status-")}
