"""Each request carries its Viewer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from houqin.core.grants import rules
from houqin.core.grants.viewers import NOBODY, viewer_for
from houqin.core.scope.remembering import remembering
from houqin.core.scope.viewer import Viewer

CAPTURED, CLOCK = "X-Houqin-Captured", "X-Houqin-Clock"
READS = frozenset({"GET", "HEAD"})


class ViewerMiddleware:
    """Sets ``request.viewer``, built on first use and once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()

        def build() -> Viewer:
            user = request.user
            if not user.is_authenticated:
                return NOBODY
            capture = capture_of(request, now)
            return replace(viewer_for(user, now=now), captured_at=capture.at, clock_off=capture.clock_off)

        request.viewer = cast("Viewer", SimpleLazyObject(build))  # type: ignore[attr-defined]
        if request.method not in READS:
            return self.get_response(request)
        with remembering():
            return self.get_response(request)


def capture_of(request: HttpRequest, now: datetime) -> rules.Capture:
    """What a phone says of the time at which a deed was done, as far as it can be believed."""
    captured, clock = _moment(request, CAPTURED), _moment(request, CLOCK)
    if request.method != "POST" or captured is None or clock is None:
        return rules.Capture()
    return rules.capture(captured, clock, now)


def _moment(request: HttpRequest, header: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(request.headers.get(header, ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
