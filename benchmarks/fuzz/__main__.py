"""Send garbage and print what it broke; the answer is 1 when anything did.

    python -m benchmarks.fuzz [--examples N] [api | forms | queries …]

On a database of its own: SQLite in a temporary folder, or a new one beside ``DATABASE_URL`` on PostgreSQL, taken away afterwards.
"""

import argparse
import importlib
import importlib.util
import json
import logging
import os
import subprocess
import sys
import tempfile
from typing import Any

EXAMPLES = {"api": 100_000, "forms": 30_000, "queries": 30_000}


def main() -> int:
    """Make the world, send, print one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz")
    parser.add_argument("names", nargs="*", metavar="name", choices=[[], *EXAMPLES], help=", ".join(EXAMPLES))
    parser.add_argument("--examples", type=int, help=f"for each, in place of {EXAMPLES}")
    given = parser.parse_args()
    names = given.names or _there()
    if len(names) == 1:
        result = {names[0]: _here(names[0], given.examples or EXAMPLES[names[0]])}
    else:  # each in a process of its own: a world is made once for a process
        result = {name: _apart(name, given.examples or EXAMPLES[name])[name] for name in names}
    json.dump(result, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
    return int(any(one.get("faults") for one in result.values()))


def _apart(name: str, examples: int) -> dict[str, Any]:
    run = [sys.executable, "-m", "benchmarks.fuzz", name, "--examples", str(examples)]
    told = subprocess.run(run, stdout=subprocess.PIPE, text=True, check=False).stdout
    sys.stderr.write(told)  # what follows takes as long again
    return dict(json.loads(told))


def _here(name: str, examples: int) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("HOUQIN_VAR", folder)
        # The API is called over the network, on a world behind a server of its own.
        return _part(name).run(examples) if name == "api" else _on_the_world(name, examples)


def _there() -> list[str]:
    return [name for name in EXAMPLES if importlib.util.find_spec(f"benchmarks.fuzz.{name}")]


def _part(name: str) -> Any:
    return importlib.import_module(f"benchmarks.fuzz.{name}")


def _on_the_world(name: str, examples: int) -> Any:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases, teardown_test_environment

    logging.disable(logging.CRITICAL)  # each refusal would be written out; what breaks stands in the report
    setup_test_environment()
    connection.settings_dict["TEST"]["NAME"] = connection.settings_dict["TEST"]["NAME"].format(f"fuzz{os.getpid()}")
    made = setup_databases(verbosity=0, interactive=False)
    try:
        from tests.matrix.furnished import furnish

        return {"database": connection.vendor, **_part(name).run(examples, furnish())}
    finally:
        teardown_databases(made, verbosity=0)
        teardown_test_environment()
        logging.disable(logging.NOTSET)


if __name__ == "__main__":
    sys.exit(main())
