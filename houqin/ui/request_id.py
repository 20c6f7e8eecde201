"""A number for every request, quoted on error pages and found again in the log."""

from collections.abc import Callable
from contextvars import ContextVar
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

_current: ContextVar[str] = ContextVar("houqin_request", default="-")


def current() -> str:
    """The number of the request being answered, ``-`` outside one."""
    return _current.get()


class RequestIdMiddleware:
    """Gives the request its number and hands it back in a header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = uuid4().hex[:10].upper()
        token = _current.set(number)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response["X-Request-ID"] = number
        return response
