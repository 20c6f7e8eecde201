"""Garbage and half-right requests to every address of the API, made from its own description by schemathesis.

Nothing may answer with a broken page, with a status, media type or shape that the description does not name, or take longer
than two seconds. In this process, through the whole WSGI application; seeded, so that a failure comes again.
"""

import os
import tempfile
import time
import warnings
from dataclasses import dataclass, field
from typing import Any

SLOW_SECONDS = 2.0
SEED = 20240304


@dataclass
class Result:
    """How many requests were made, what was wrong, and the slowest answer."""

    requests: int = 0
    slowest_seconds: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def note(self, status: int, seconds: float, what: str) -> None:
        """Count one answer; a slow one is a failure."""
        self.requests += 1
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.slowest_seconds = max(self.slowest_seconds, round(seconds, 3))
        if seconds > SLOW_SECONDS:
            self.failures.append(f"{what}: {seconds:.1f} s")


def fuzz(key: str, examples: int, *, seed: int = SEED) -> Result:
    """Send about so many requests with this key, shared out over all addresses, half of them meant to be wrong."""
    import schemathesis
    from schemathesis import GenerationMode

    from houqin.config.wsgi import application

    def served(environ: dict[str, Any], start: Any) -> Any:
        return application({"REMOTE_ADDR": "127.0.0.1"} | environ, start)

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", served)
    operations = [one.ok() for one in schema.get_all_operations()]
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    share, result = max(1, examples // (len(operations) * len(modes))), Result()
    for operation in operations:
        for mode in modes:
            _fuzz_one(operation, mode, key, share, seed, result)
    return result


def _fuzz_one(operation: Any, mode: Any, key: str, share: int, seed: int, result: Result) -> None:
    """One address in one mode; its first failure ends it, so that one fault is told once."""
    import hypothesis
    from hypothesis import HealthCheck
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    # Whether wrong data is taken or right data refused is for the rules of the house and their own tests.
    looked_at = [
        not_a_server_error, checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance,
    ]  # fmt: skip
    # This client reads answers as they come: it does not unpack them.
    headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=share, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=[hypothesis.Phase.generate], print_blob=False,
    )  # fmt: skip
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        answer, seconds = _timed(case, headers)
        if seconds > SLOW_SECONDS:  # once more: the machine may have paused, what is slow stays slow
            seconds = min(seconds, _timed(case, headers)[1])
        result.note(answer.status_code, seconds, operation.label)
        case.validate_response(answer, checks=looked_at, headers=headers)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            send()
    except hypothesis.errors.Unsatisfiable:
        return  # an address that takes nothing cannot be asked wrongly
    except (Exception, BaseExceptionGroup) as failure:  # noqa: BLE001 - whatever it is, it is the finding
        result.failures.append(f"{operation.label} {mode.value}: {str(failure)[:1500]}")


def _timed(case: Any, headers: dict[str, str]) -> tuple[Any, float]:
    begun = time.perf_counter()
    answer = case.call(headers=headers)
    return answer, time.perf_counter() - begun


def run(examples: int) -> dict[str, Any]:
    """On a database of its own with one row of everything, as a head of school and as the operator."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/fuzz.sqlite3")
        os.environ.setdefault("HOUQIN_VAR", folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
        import django

        django.setup()
        from django.conf import settings

        from houqin.config.commands import database
        from houqin.core.catalogues.loading import load_catalogues
        from houqin.edge.api.tests.caller import caller
        from houqin.modules.canteen.tests.door import make_door
        from tests.world import make_world

        settings.API_RATE = settings.API_STRANGERS_RATE = 10**9
        database.migrate_now()
        world = make_world()
        load_catalogues(by=world.system)
        door = make_door(world)
        door.accept(door.line("白菜", 10_000))
        results = [fuzz(caller(account).secret, examples // 2) for account in (world.gao, world.op)]
    return {
        "requests": sum(one.requests for one in results),
        "slowest_seconds": max(one.slowest_seconds for one in results),
        "statuses": {str(code): sum(one.statuses.get(code, 0) for one in results) for code in sorted({c for one in results for c in one.statuses})},
        "faults": [failure for one in results for failure in one.failures],
    }  # fmt: skip
