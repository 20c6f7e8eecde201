#!/usr/bin/env python3
"""Executes the commands of docs/operations on this machine, each document in a place of its own that is thrown away.

    make docs-check                      all documents
    make docs-check DOCS=district.md     one

A document's ```sh blocks run from top to bottom as root in namespaces of their own: /etc, /var, /home, /root and /usr/local are
overlays in memory, /run and /srv are empty, the network is a loopback (with the addresses that the document speaks of), and all processes
end with it. Nothing of the machine is changed. Above each block stands how:

    <!-- tried -->                       as it stands
    <!-- tried with ADDRESS=/work/x -->  after replacing words
    <!-- not tried: why -->              shown, but not executed
    <!-- in the trial                    what stands in for something that is not here; the lines until --> are executed
    <!-- addresses: 10.0.0.1 10.0.0.2 --> the machines of the document, all played by this one

Three programs are stood in for: ``apt-get install`` looks that Debian has the packages, ``make setup`` takes this checkout's
environment over instead of fetching it and does the rest, and ``systemctl`` (no systemd runs in a container) has ``systemd-analyze`` read the unit,
then runs its ExecStart as its user with its environment; for Debian's own services it calls ``service``.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs" / "operations"
TRIED = ("one-school.md", "district.md", "province.md")
SCRATCH = Path("/mnt")
UNITS = SCRATCH / "units"
OVERLAID = ("etc", "var", "home", "root", "usr/local")
EMPTY = ("/run", "/srv", "/etc/postgresql", "/var/lib/postgresql")
NEEDED = (
    "unshare",
    "nginx",
    "haproxy",
    "pgbouncer",
    "pg_createcluster",
    "socat",
    "curl",
    "systemd-analyze",
    "ip",
)
PATIENCE_SECONDS = 20


@dataclass
class Block:
    """Lines of shell and how they are tried."""

    line: int
    how: str
    text: str = ""


@dataclass
class Document:
    """What a document asks to be done, in order."""

    blocks: list[Block] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)


def read(path: Path) -> Document:
    """Blocks with the comment above each; one without a comment is a fault of the document."""
    found, how, open_block = Document(), "", None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if open_block is not None:
            if line in {"```", "-->"}:
                found.blocks.append(open_block)
                open_block, how = None, ""
            else:
                open_block.text += line + "\n"
        elif line.startswith("<!-- addresses:"):
            found.addresses = line.removeprefix("<!-- addresses:").removesuffix("-->").split()
        elif line == "<!-- in the trial":
            open_block = Block(number, "tried")
        elif line.startswith(("<!-- tried", "<!-- not tried: ")):
            how = line.removeprefix("<!-- ").removesuffix(" -->")
        elif line == "```sh":
            if not how:
                raise SystemExit(f"{path.name}:{number}: say above the block how it is tried")
            open_block = Block(number, how)
    return found


def replaced(block: Block) -> str:
    """The block after the words that are declared above it."""
    text = block.text
    for pair in block.how.removeprefix("tried").removeprefix(" with ").split():
        word, _equals, instead = pair.partition("=")
        if word not in text:
            raise SystemExit(f"line {block.line}: {word} is replaced but does not stand in the block")
        text = text.replace(word, instead.replace("$CHECKOUT", str(ROOT)))
    return text


def enter(document: str) -> int:
    """The same program again, in namespaces of its own."""
    own = ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "--mount-proc"]
    return subprocess.run([*own, sys.executable, __file__, "inside", document], check=False).returncode


def run(line: str) -> None:
    """A step of the trial's own."""
    subprocess.run(["bash", "-euo", "pipefail", "-c", line], check=True)


def prepare(document: Document) -> None:
    """A machine as after Debian's installer, with the packages."""
    run(f"mount -t tmpfs tmpfs {SCRATCH} && mkdir -p {UNITS} {SCRATCH}/bin")
    for name in OVERLAID:
        layers = SCRATCH / name.replace("/", "-")
        run(f"mkdir -p {layers}/up {layers}/work")
        run(f"mount -t overlay overlay -o lowerdir=/{name},upperdir={layers}/up,workdir={layers}/work /{name}")
    for name in EMPTY:
        run(f"mkdir -p {name} && mount -t tmpfs -o mode=755 tmpfs {name}")
    run(
        "chown postgres /var/lib/postgresql /etc/postgresql && mkdir -p /run/postgresql /run/haproxy /run/lock && chown postgres /run/postgresql"
    )
    # The borrowed environment's Python may lie in root's home.
    run("chmod o+x /root && ip link set lo up")
    run(
        "pg_createcluster $(ls /usr/lib/postgresql | sort -n | tail -1) main >/dev/null && service postgresql start >/dev/null"
    )
    for address in document.addresses:
        run(f"ip address add {address}/32 dev lo")
    stand_ins = {
        "systemctl": f'exec {sys.executable} {__file__} systemctl "$@"',
        "apt-get": 'shift; apt-cache show $(printf "%s\\n" "$@" | grep -v "^-") >/dev/null',
        "make": (
            f"ln -sfn {ROOT}/.venv .venv && ln -sfn {ROOT}/node_modules node_modules && .venv/bin/python scripts/translations.py"
            " && .venv/bin/python manage.py collectstatic --noinput --verbosity 0"
        ),
    }
    for name, text in stand_ins.items():
        path = SCRATCH / "bin" / name
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)
    os.environ["PATH"] = f"{SCRATCH}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    # Git takes a source that belongs to another user; Python takes the clone's code, not that of the borrowed environment.
    os.environ |= {
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
        "PYTHONPATH": "/srv/houqin", "LC_ALL": "C.UTF-8", "CHECKOUT": str(ROOT),
    }  # fmt: skip
    for name in [name for name in os.environ if name.startswith(("HOUQIN_", "DATABASE_URL", "REDIS_URL", "PG"))]:
        del os.environ[name]


def inside(name: str) -> int:
    """Run the blocks; the first that fails ends the trial with all that was said."""
    document = read(DOCS / name)
    prepare(document)
    tried = 0
    for block in document.blocks:
        if block.how.startswith("not tried"):
            sys.stdout.write(f"{name}:{block.line}  {block.how}\n")
            continue
        began = time.monotonic()
        said = UNITS / "block.log"
        with said.open("w") as output:  # a file: what a block leaves running would hold a pipe open
            done = subprocess.run(
                ["bash", "-euxo", "pipefail", "-c", replaced(block)], cwd="/root", check=False,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
        if done.returncode:
            sys.stdout.write(f"{name}:{block.line}  FAILED\n{_logs()}\n")
            return 1
        tried += 1
        sys.stdout.write(f"{name}:{block.line}  done in {time.monotonic() - began:.1f} s\n")
        sys.stdout.flush()
    sys.stdout.write(f"{name}: {tried} blocks were executed\n")
    return 0


def _logs() -> str:
    return "\n".join(f"== {log.name}\n{log.read_text(errors='replace')[-3000:]}" for log in UNITS.glob("*.log"))


def systemctl(words: list[str]) -> int:
    """The part of systemctl that the documents use."""
    action, units = words[0], [word for word in words[1:] if not word.startswith("-")]
    if action == "enable" and "--now" not in words:
        action = "look"
    for unit in units:
        path = _unit_file(unit)
        if path is None:
            if action not in {"look", "daemon-reload"}:
                subprocess.run(["service", unit, {"enable": "restart"}.get(action, action)], check=True)
            continue
        subprocess.run(["systemd-analyze", "verify", "--man=no", str(path)], check=True)
        if action in {"stop", "restart"}:
            _stop(unit)
        if action in {"start", "restart", "enable"}:
            _start(unit, path)
    return 0


def _unit_file(unit: str) -> Path | None:
    name = unit.removesuffix(".service")
    stem, at, _instance = name.partition("@")
    path = Path("/etc/systemd/system") / f"{stem}{at}.service"
    return path if path.exists() else None


def _start(unit: str, path: Path) -> None:
    """ExecStart as the unit says: user, folder, environment."""
    instance = unit.removesuffix(".service").partition("@")[2]
    said = [line.replace("%i", instance).partition("=") for line in path.read_text(encoding="utf-8").splitlines()]
    has: dict[str, list[str]] = {}
    for key, _equals, value in said:
        has.setdefault(key, []).append(value)
    environment = dict(os.environ)
    for file in has.get("EnvironmentFile", []):
        lines = [line for line in Path(file).read_text(encoding="utf-8").splitlines() if re.match(r"\w+=", line)]
        environment |= dict(line.split("=", 1) for line in lines)
    environment |= dict(value.split("=", 1) for value in has.get("Environment", []))
    with (UNITS / f"{unit}.log").open("a") as log:
        process = subprocess.Popen(
            ["setpriv", f"--reuid={has['User'][0]}", f"--regid={has['User'][0]}", "--init-groups", *has["ExecStart"][0].split()],
            env=environment, cwd=has["WorkingDirectory"][0], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    (UNITS / unit).write_text(str(process.pid))


def _stop(unit: str) -> None:
    pid = int((UNITS / unit).read_text())
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (
        time.monotonic() < deadline
        and Path(f"/proc/{pid}/cmdline").exists()
        and Path(f"/proc/{pid}/cmdline").read_bytes()
    ):
        time.sleep(0.1)


def main() -> int:
    """Which role this process has."""
    words = sys.argv[1:]
    if words[:1] == ["systemctl"]:
        return systemctl(words[1:])
    if words[:1] == ["inside"]:
        return inside(words[1])
    missing = [name for name in NEEDED if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None]
    if missing or os.geteuid() != 0:
        raise SystemExit(f"docs-check runs as root on Debian; here is missing: {', '.join(missing) or 'root'}")
    return max([enter(name) for name in words or TRIED])


if __name__ == "__main__":
    sys.exit(main())
