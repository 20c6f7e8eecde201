"""A PostgreSQL server of one's own in a temporary folder, which may be killed."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psycopg

BINARIES = max(
    Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), default=Path("/usr/bin")
)
OWNER = "houqin"
PATIENCE_SECONDS = 60.0


def as_its_user() -> dict[str, str]:
    """PostgreSQL refuses to run as root; its package brings a user for it."""
    return {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}


def run(*command: str | Path) -> str:
    """One of PostgreSQL's programs; its output."""
    done = subprocess.run(
        [BINARIES / str(command[0]), *map(str, command[1:])], capture_output=True, text=True, check=False,
        cwd="/", env={"PATH": os.environ["PATH"], "LC_ALL": "C"}, **as_its_user(),  # type: ignore[call-overload]
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr[-500:]}")
    return str(done.stdout)


def set_up_django(server: "Cluster", **environ: str) -> None:
    """Django with this server as its database and its folder for files, before anything of Houqin is imported."""
    os.environ |= {
        "DATABASE_URL": server.url, "HOUQIN_VAR": str(server.folder / "var"),
        "DJANGO_SETTINGS_MODULE": "houqin.config.settings",
    } | environ  # fmt: skip
    import django
    from django.conf import settings

    for one in settings.DATABASES.values():
        one.get("OPTIONS", {}).pop("pool", None)
    django.setup()


class Cluster:
    """One server: its data, its socket, its process. ``options`` go onto its command line."""

    def __init__(self, folder: Path, port: int, *options: str) -> None:
        self.folder, self.port, self.options = folder, port, options
        self.data = folder / f"data-{port}"
        self.process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            subprocess.run(["chown", "postgres:postgres", folder], check=True)

    @property
    def url(self) -> str:
        """How Django reaches it."""
        return f"postgresql://{OWNER}@{str(self.folder).replace('/', '%2F')}:{self.port}/postgres"

    def make(self) -> None:
        """initdb; whoever reaches the socket is let in."""
        run("initdb", "-D", self.data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C")

    def start(self) -> None:
        """Start and wait until it answers; after a crash it first reads its log again."""
        assert self.process is None
        with (self.folder / f"server-{self.port}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [BINARIES / "postgres", "-D", self.data, "-k", self.folder, "-p", str(self.port),
                 "-c", "listen_addresses=", *self.options],
                stdout=log, stderr=log, cwd="/", start_new_session=True, **as_its_user(),  # type: ignore[call-overload]
            )  # fmt: skip
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError(f"PostgreSQL did not start: see {self.folder}")
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether it takes connections now."""
        with suppress(psycopg.OperationalError), self.connect():
            return True
        return False

    def connect(self) -> psycopg.Connection:
        """A connection of one's own, each statement by itself."""
        return psycopg.connect(self.url, autocommit=True, connect_timeout=5)

    def kill(self) -> None:
        """kill −9 of the server and of every process that serves a connection."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        self.process.kill()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self) -> None:
        """In order: "fast", as an operator would."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait()
            self.process = None
