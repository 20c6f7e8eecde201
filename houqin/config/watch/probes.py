"""``/healthz``, ``/readyz`` and ``/metrics``: before everything else, since load balancers ask by address, without HTTPS and
without signing in. None of them says anything about a school or a person.
"""

import hmac
import ipaddress
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from houqin.config.watch import figures, readiness


class Probes:
    """Answers three addresses itself and lets all others pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = ANSWERS.get(request.path_info)
        if answer is None:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response = answer(request)
        response["Cache-Control"] = "no-store"
        return response


def healthz(request: HttpRequest) -> HttpResponse:
    """The process lives and answers; nothing else is asked. Who gets no answer may restart it."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """503 while no page would work; 200 also when only something beside the pages is wrong (``degraded``)."""
    state = readiness.state()
    return JsonResponse(
        {"status": state.status, "checks": state.checks}, status=503 if state.status == "unready" else 200
    )


def metrics(request: HttpRequest) -> HttpResponse:
    """All processes of this server in Prometheus' words, for whoever knows the token or sits at this machine."""
    if not _may_measure(request):
        return HttpResponse("HOUQIN_METRICS_TOKEN\n", status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(generate_latest(_registries()), content_type=CONTENT_TYPE_LATEST)


def _may_measure(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").encode()
    if settings.METRICS_TOKEN and hmac.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode()):
        return True
    # Behind a proxy everybody seems to come from this machine; also one that nobody declared gives itself away.
    if settings.BEHIND_PROXY or "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    with suppress(ValueError):
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    return False


def _registries() -> CollectorRegistry:
    """Each scrape has its own: the tables, and the figures of this process or of all that share a folder."""
    registry = CollectorRegistry(auto_describe=False)
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder:
        _forget_dead(Path(folder))
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    registry.register(figures.Tables())
    return registry


def _forget_dead(folder: Path) -> None:
    """What a process held when it ended is held no longer; what it counted stays counted."""
    for pid in {int(file.stem.rpartition("_")[2]) for file in folder.glob("gauge_live*.db")}:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            mark_process_dead(pid)  # type: ignore[no-untyped-call]


ANSWERS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": metrics,
}
