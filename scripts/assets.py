#!/usr/bin/env python3
"""Copy from ``node_modules`` just what pages load into ``node_modules/.houqin`` (static prefix ``vendor/``)."""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
TARGET = MODULES / ".houqin"

# What pages load → where its package keeps it.
FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "echarts.min.js": "echarts/dist/echarts.min.js",
    "zxing.min.js": "@zxing/library/umd/index.min.js",
    "signature_pad.min.js": "signature_pad/dist/signature_pad.umd.min.js",
}
LICENCES = {
    "tabler.LICENSE": "@tabler/core/LICENSE",
    "tabler-icons.LICENSE": "@tabler/icons/LICENSE",
    "htmx.LICENSE": "htmx.org/LICENSE",
    "echarts.LICENSE": "echarts/LICENSE",
    "zxing.LICENSE": "@zxing/library/LICENSE",
    "signature_pad.LICENSE": "signature_pad/LICENSE",
}
ICONS = "@tabler/icons/icons/outline"
# The source maps are not copied, and hashed static files refuse a reference to what is not there.
SOURCE_MAP = re.compile(r"(?:/\*[#@] sourceMappingURL=[^*]*\*/|//[#@] sourceMappingURL=\S+)\s*$")


def copy_text(source: Path, target: Path) -> None:
    """One script or style sheet, without its reference to a source map."""
    target.write_text(SOURCE_MAP.sub("", source.read_text(encoding="utf-8")), encoding="utf-8")


def main() -> int:
    """Build the folder beside its place and swap it in, so that a run cut short leaves no half of it."""
    fresh = TARGET.with_name(".houqin-new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, source in FILES.items():
        copy_text(MODULES / source, fresh / name)
    for name, source in LICENCES.items():
        if (MODULES / source).is_file():
            shutil.copyfile(MODULES / source, fresh / name)
    shutil.copytree(MODULES / ICONS, fresh / "icons", copy_function=shutil.copyfile)
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)
    return 0


if __name__ == "__main__":
    sys.exit(main())
