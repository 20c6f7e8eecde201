"""What somebody was shown who is signed in stays in no cache: neither on the way nor in a shared computer's browser."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers


class PrivateAnswers:
    """One door for every answer, also of error pages and of what is no page; whoever says how it is kept, as a file does, is believed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not answer.has_header("Cache-Control"):
            add_never_cache_headers(answer)
        return answer
