#!/usr/bin/env python3
"""Whether zh_Hans says everything that the code says: nothing missing, nothing fuzzy, nothing left over.

Gathers the messages with gettext into a copy of the sources; ``--write`` into the catalogue itself (make messages).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE = "zh_Hans"
CATALOGUE = Path("locale") / LANGUAGE / "LC_MESSAGES" / "django.po"
SHOWN = 30


def gather(package: Path) -> Path:
    """Bring the catalogue of this copy of ``houqin/`` up to date with its code and templates."""
    (package / "locale").mkdir(exist_ok=True)
    # Without settings Django writes beside the sources that it stands in, never into another tree.
    django = "from django.core.management import execute_from_command_line as run; import sys; run(sys.argv)"
    options = ["--no-location", "--no-wrap", "--ignore", "tests/*", "--verbosity", "0"]
    subprocess.run(
        [sys.executable, "-c", django, "makemessages", "--locale", LANGUAGE, *options],
        cwd=package,
        check=True,
        stdin=subprocess.DEVNULL,
        env=without_settings(),
    )
    return package / CATALOGUE


def without_settings() -> dict[str, str]:
    """The environment less Django's settings."""
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}


def faults(po: Path) -> list[str]:
    """One line for each message that a Chinese reader would not get."""
    catalogue = polib.pofile(str(po))
    found = [f"fuzzy: {entry.msgid!r}" for entry in catalogue.fuzzy_entries()]
    found += [f"missing: {entry.msgid!r}" for entry in catalogue.untranslated_entries()]
    found += [f"no longer in the code: {entry.msgid!r}" for entry in catalogue.obsolete_entries()]
    check = subprocess.run(
        ["msgfmt", "--check-format", "--output-file", "/dev/null", str(po)],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if check.returncode:
        found += [f"placeholders: {line}" for line in check.stderr.splitlines()]
    return found


def write() -> int:
    """Update the catalogue in place, without the lines that change at every run."""
    po = gather(ROOT / "houqin")
    catalogue = polib.pofile(str(po), wrapwidth=0)
    catalogue.metadata.pop("POT-Creation-Date", None)
    catalogue.save(str(po))
    return report(faults(po))


def report(found: list[str]) -> int:
    """Print what was found; 0 when nothing."""
    for line in found[:SHOWN]:
        sys.stderr.write(line + "\n")
    if len(found) > SHOWN:
        sys.stderr.write(f"… and {len(found) - SHOWN} more\n")
    sys.stderr.write(f"translations: {len(found)} to mend\n" if found else "translations: complete\n")
    return 1 if found else 0


def main() -> int:
    """Check a copy, or write."""
    if not shutil.which("xgettext"):
        sys.stderr.write("gettext is needed for this check (apt install gettext).\n")
        return 1
    if "--write" in sys.argv[1:]:
        return write()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "houqin"
        shutil.copytree(ROOT / "houqin", copy, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", "static"))
        return report(faults(gather(copy)))


if __name__ == "__main__":
    sys.exit(main())
