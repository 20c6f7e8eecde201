"""What no browser sends: an address longer than any of ours, and the sign NUL, which no column of a database holds."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

LONGEST_QUERY = 16_384
"""Bytes; two hundred ticked rows take half of it. Longer words are no search, and SQLite refuses their patterns."""
NUL = "\x00"
PROGRAMS = "/api/v"
"""Programs are told in their own form, by the API itself."""

View = Callable[..., HttpResponseBase]


class PlainRequests:
    """Refuses both before any view: one door for all pages, lists, forms and files."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
            return HttpResponse(_("This address is too long."), status=414, content_type="text/plain; charset=utf-8")
        if not request.path_info.startswith(PROGRAMS) and (NUL in request.path_info or _holds_nul(request.GET.lists())):
            return _refused()
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, options: Any) -> HttpResponseBase | None:
        """After the check against forged requests, which has read the form already."""
        if request.method == "POST" and _holds_nul(request.POST.lists()):
            return _refused()
        return None


def _holds_nul(sent: Iterable[tuple[str, list[Any]]]) -> bool:
    return any(NUL in name or any(NUL in one for one in values) for name, values in sent)


def _refused() -> HttpResponse:
    return HttpResponse(_("This was not understood."), status=400, content_type="text/plain; charset=utf-8")
