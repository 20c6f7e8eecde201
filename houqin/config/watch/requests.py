"""Every request is timed and, where the log is for machines, has its line."""

import logging
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from houqin.config.watch import now
from houqin.config.watch.measures import QUERIES, QUERY_SECONDS, REQUEST_SECONDS

access = logging.getLogger("houqin.access")
slow = logging.getLogger("houqin.slow")


class Watch:
    """Inside the request's number, outside everything that takes time. The answer's body may be made after it (exports)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        work, began = now.Work(view=_without_view(request)), perf_counter()
        token = now.begin(work)
        try:
            response = self.get_response(request)
            work.account = _account(request)
            _count(work, response.status_code, perf_counter() - began)
            _tell(request, work, response.status_code, perf_counter() - began)
        finally:
            now.end(token)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, options: Any) -> HttpResponseBase | None:
        """Now its name is known, and slow queries are told of under it."""
        if request.resolver_match is not None:
            now.current().view = request.resolver_match.view_name
        return None


def _without_view(request: HttpRequest) -> str:
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "no-view"


def _account(request: HttpRequest) -> str:
    """The public id, when the request itself asked who it is: no query is made for the log."""
    known = getattr(request, "_cached_user", None)
    return str(known.public_id) if known is not None and known.is_authenticated else ""


def _count(work: now.Work, status: int, seconds: float) -> None:
    REQUEST_SECONDS.labels(work.view, f"{status // 100}xx").observe(seconds)
    QUERIES.labels(work.view).inc(work.queries)
    QUERY_SECONDS.labels(work.view).inc(work.query_seconds)


def _tell(request: HttpRequest, work: now.Work, status: int, seconds: float) -> None:
    milliseconds = round(seconds * 1000)
    facts = {
        "method": request.method, "status": status, "ms": milliseconds, "queries": work.queries,
        "query_ms": round(work.query_seconds * 1000),
    }  # fmt: skip
    access.info("%s %s %d, %d ms", request.method, work.view, status, milliseconds, extra=facts)
    if milliseconds >= settings.SLOW_REQUEST_MS:
        slow.warning(
            "slow request, %d ms in %s: %d, %d queries", milliseconds, work.view, status, work.queries, extra=facts
        )
