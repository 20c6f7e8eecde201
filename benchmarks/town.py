"""Claim: a town's folder of ledgers is read and written in under 10 seconds, and again without change."""

import time
from pathlib import Path
from typing import Any

from houqin.core.orgs.actions import ensure_path
from houqin.core.scope.viewer import Channel, system_viewer
from houqin.flows.sheets.folders import import_folder

TOWN = "湖北省/襄阳市/襄州区/双南镇"


def run(shared: Path) -> dict[str, Any]:
    """Seconds of the first and the second import of the sample town, when it lies beside the project."""
    folder = shared / "samples" / "town"
    if not folder.is_dir():
        return {"skipped": "no ../shared/samples/town"}
    by = system_viewer(channel=Channel.CLI)
    town = ensure_path(TOWN, by=by)
    found: dict[str, Any] = {}
    for name in ("first", "again"):
        start = time.perf_counter()
        result = import_folder(folder, under=town, by=by, report=lambda done, total, message: None)
        found[name] = {
            "seconds": round(time.perf_counter() - start, 2),
            "lines": result["deliveries"] + result["issues"],
            "created": result["created"],
        }
    return found
