"""``houqin serve`` and ``houqin worker``: one foreground process for a school, or each alone for a large one."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from houqin.config.commands.terminal import command, err, out

Host = Annotated[str, typer.Option(envvar="HOUQIN_BIND", help="Address to listen at; 0.0.0.0 for the whole network.")]
Port = Annotated[int, typer.Option(envvar="HOUQIN_PORT", min=1, max=65535)]
Threads = Annotated[int, typer.Option(envvar="HOUQIN_THREADS", min=1, max=64, help="Requests served at a time.")]
Workers = Annotated[int, typer.Option(envvar="HOUQIN_WORKERS", min=1, max=64, help="Web processes; two for each core.")]
Web = Annotated[bool, typer.Option("--web-only", help="No job worker: for machines where workers run elsewhere.")]
Prepare = Annotated[bool, typer.Option("--prepare", help="Migrate first.")]
Certificate = Annotated[str, typer.Option(envvar="HOUQIN_CERTIFICATE", help="File with the certificate, for HTTPS.")]
Key = Annotated[str, typer.Option(envvar="HOUQIN_KEY", help="File with the certificate's key.")]
Demo = Annotated[bool, typer.Option("--demo-if-empty", help="Load the demo when the database has no unit yet.")]


def _free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _known_name() -> str:
    """A name that the web server answers to."""
    from django.conf import settings

    return next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"), "localhost")


def web_command(
    host: str, port: int, threads: int, *, workers: int = 1, certificate: str = "", key: str = ""
) -> list[str]:
    """Granian with a bounded number of threads, so that the database's connections are bounded as well.

    One that crashes is replaced after a second; the job worker beside it goes on.
    """
    # Phones older than five years know nothing newer than TLS 1.2.
    tls = ["--ssl-certificate", certificate, "--ssl-keyfile", key, "--ssl-protocol-min", "tls1.2"]
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(threads), "--no-ws", "--log-level", "error",
        "--workers-kill-timeout", "8", "--respawn-failed-workers", "--respawn-interval", "1", *(tls if certificate else []), "houqin.config.wsgi:application",
    ]  # fmt: skip


@contextmanager
def _shared_figures() -> Iterator[None]:
    """A folder in which all processes of this server count, so that /metrics tells of all whichever of them answers."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        yield
        return
    with TemporaryDirectory(prefix="houqin-figures-", ignore_cleanup_errors=True) as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        try:
            yield
        finally:
            del os.environ["PROMETHEUS_MULTIPROC_DIR"]


@command
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    threads: Threads = 6,
    workers: Workers = 1,
    web_only: Web = False,
    prepare: Prepare = False,
    demo_if_empty: Demo = False,
    certificate: Certificate = "",
    key: Key = "",
) -> None:
    """Web server and job worker together, until Ctrl-C."""
    from django.db import connections
    from django.utils.translation import gettext as _

    from houqin.config.commands import data, database
    from houqin.config.supervise import run_together
    from houqin.core.scope.refusals import Refused

    if bool(certificate) != bool(key):
        raise Refused(_("HTTPS takes two files: --certificate and --key. Make both: houqin certificate make"))
    if not _free(host, port):
        raise Refused(
            _("Port %(port)d is taken by another program. Stop it, or choose another: HOUQIN_PORT=%(other)d")
            % {"port": port, "other": port + 1}
        )
    if prepare:
        database.migrate_now()
    else:
        database.make_ready()
    if demo_if_empty:
        data.load_when_empty()
    accounts = data.demo_accounts()
    connections.close_all()

    def announce() -> None:
        shown = "localhost" if host in {"0.0.0.0", "127.0.0.1", "::"} else host  # noqa: S104 only compared
        scheme = "https" if certificate else "http"
        out.print(f"Houqin 后勤  {scheme}://{shown}:{port}/", style="bold", highlight=False)
        data.print_accounts(accounts)
        err.print(_("Ctrl-C stops it."), style="dim")

    # For the settings of both children.
    os.environ |= {"HOUQIN_CERTIFICATE": certificate, "HOUQIN_KEY": key, "HOUQIN_WORKERS": str(workers)}
    commands = {"web": web_command(host, port, threads, workers=workers, certificate=certificate, key=key)}
    if not web_only:
        commands["worker"] = [sys.executable, "-m", "houqin.config.cli", "worker"]
    with _shared_figures():
        ended = run_together(commands, (host, port), announce, name=_known_name(), tls=bool(certificate))
    raise typer.Exit(ended)


@command
def worker(
    until_empty: Annotated[bool, typer.Option("--until-empty", help="Stop when no job waits.")] = False,
) -> None:
    """Job worker alone: runs what pages and imports left to do, and what is due by the clock."""
    from houqin.config.commands import database
    from houqin.core.jobs import worker as jobs

    database.make_ready()
    jobs.run(batch=until_empty)
