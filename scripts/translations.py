#!/usr/bin/env python3
"""Compile ``houqin/locale`` (.po → .mo) with polib, so that no gettext is needed to run."""

import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parents[1] / "houqin" / "locale"


def main() -> int:
    """Compile each catalogue; an unreadable one stops with its line."""
    for po in sorted(LOCALE.rglob("*.po")):
        catalogue = polib.pofile(str(po), check_for_duplicates=True)
        catalogue.save_as_mofile(str(po.with_suffix(".mo")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
