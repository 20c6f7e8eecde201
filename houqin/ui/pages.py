"""The door of every page that is no Screen, and the pages shown when something cannot be shown."""

import errno
import logging
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from houqin.core.scope.permissions import all_permissions
from houqin.core.scope.refusals import Refused
from houqin.core.tables import replica
from houqin.ui import queued, request_id

View = Callable[..., HttpResponseBase]
log = logging.getLogger("houqin.ui")
TRY_AGAIN_SECONDS = 30


def page(*, permission: str = "", public: bool = False, may_lag: bool = False) -> Callable[[View], View]:
    """A page for those who are signed in and hold the permission somewhere; a refusal is answered in words.

    The view still asks ``require`` for the unit it is about. ``public`` opens the page to everybody. Nothing is kept by
    browsers unless the view itself says how. ``may_lag`` is for pages that only show figures: where there is a replica of
    the database they are read from it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not public and not request.user.is_authenticated:
                return to_sign_in(request)
            before = None if public else queued.answered_before(request)
            if before:
                return before
            if permission and not request.viewer.may_anywhere(permission):  # type: ignore[attr-defined]
                raise PermissionDenied(permission)
            try:
                answer = (_looking(view) if may_lag else view)(request, *args, **kwargs)
            except Refused as refusal:
                answer = refused(request, refusal)
            answer = queued.in_words(request, answer)
            if not public and not answer.has_header("Cache-Control"):
                add_never_cache_headers(answer)
            return answer

        guarded.houqin_page = True  # type: ignore[attr-defined]
        guarded.houqin_permission = permission  # type: ignore[attr-defined]
        guarded.houqin_public = public  # type: ignore[attr-defined]
        return guarded

    return decorate


def _looking(view: View) -> View:
    """The view with its figures from the replica; from the primary when that is away or goes away meanwhile."""

    def look(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "GET" and replica.behind() is not None:
            bool(request.viewer)  # type: ignore[attr-defined]  # built now: who may see what is asked of the primary
            try:
                with replica.reading():
                    return view(request, *args, **kwargs)
            except (OperationalError, InterfaceError):
                replica.lost()
        return view(request, *args, **kwargs)

    return look


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; a partial request makes the whole page go there."""
    if queued.is_queued(request):
        return queued.sign_in(request)
    answer = redirect_to_login(request.get_full_path())
    if request.headers.get("HX-Request"):
        partial = HttpResponse(status=204)
        partial["HX-Redirect"] = answer["Location"]
        return partial
    return answer


def back_from(request: HttpRequest) -> str:
    """Where the person came from, when that is one of our own pages, else the first page."""
    for candidate in (request.POST.get("next"), request.GET.get("next"), request.headers.get("Referer")):
        if candidate and url_has_allowed_host_and_scheme(
            candidate, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return candidate
    return "/"


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A refusal outside a form: back with the sentence after a deed, a page of its own otherwise."""
    if queued.is_queued(request):
        return queued.refused(request, str(refusal.message), 409)
    if request.method == "POST":
        messages.error(request, str(refusal.message))
        return HttpResponseRedirect(back_from(request))
    context = {"message": refusal.message, "back": back_from(request)}
    return render(request, "ui/refused.html", context, status=409)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: it does not exist, or not for this person; the two are not told apart."""
    known = exception if isinstance(exception, Http404) and type(exception) is not Http404 else None
    if queued.is_queued(request):
        return queued.refused(request, _("This does not exist any more, or belongs to a unit outside your reach."), 404)
    context = {"reason": str(known) if known and str(known) else "", "number": request_id.current()}
    return render(request, "404.html", context, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: one's own unit, but not one's own job; says which permission it takes."""
    permission = all_permissions().get(str(exception)) if exception else None
    if queued.is_queued(request):
        return queued.refused(request, _("Your role does not include this. Nothing was changed."), 403)
    context = {"deed": permission.label if permission else "", "number": request_id.current()}
    return render(request, "403.html", context, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database or the disk takes nothing: drawn without database, session or static files list,
    since any of them may be what broke. A phone that sends by itself keeps what it has at a 503 and tries again."""
    away = is_away(sys.exc_info()[1])
    log.error("error page %s for %s", request_id.current(), request.path)
    words = {"home": _("To the first page")} | (_away() if away else _broke())
    context = {"words": words, "number": request_id.current(), "language": get_language()}
    answer = render(None, "500.html", context, status=503 if away else 500)  # type: ignore[arg-type]
    if away:
        answer["Retry-After"] = str(TRY_AGAIN_SECONDS)
        add_never_cache_headers(answer)
    return answer


def is_away(error: BaseException | None) -> bool:
    """Whether it passes by itself or by the operator's hand, and the same deed may then succeed."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return isinstance(error, OperationalError | InterfaceError)


def _broke() -> dict[str, str]:
    return {
        "title": _("Something broke on our side"),
        "known": _("What you did last was not saved. Everything saved before is safe."),
        "next": _("Go back and try once more. If it happens again, tell your administrator this number:"),
    }


def _away() -> dict[str, str]:
    return {
        "title": _("Nothing can be recorded for the moment"),
        "known": _(
            "What you did last was not saved; everything saved before is safe. "
            "Entries that wait on a phone stay there and are sent later by themselves."
        ),
        "next": _("Wait a minute, go back and try once more. If it lasts, tell your administrator this number:"),
    }
