"""The rounds."""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Everything in a folder of its own, then one JSON object; exit code 1 when anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--engine", choices=("postgresql", "sqlite"), default="postgresql")
    parser.add_argument("--minutes", type=float, default=240.0, help="no further round after so many")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    # Directly below /tmp: the path of a socket is at most 107 bytes long.
    with tempfile.TemporaryDirectory(prefix="houqin-chaos-", dir="/tmp") as name:
        folder = Path(name)
        os.environ |= {"HOUQIN_VAR": str(folder / "var"), "DJANGO_SETTINGS_MODULE": "houqin.config.settings"}
        from benchmarks.chaos.rounds import run

        told = run(folder, rounds=given.rounds, engine=given.engine, seed=given.seed, minutes=given.minutes)
    json.dump(told, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
    sys.exit(bool(told["wrong"]))


if __name__ == "__main__":
    main()
