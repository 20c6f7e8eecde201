"""Answers to a phone that sends for somebody what was entered: JSON in place of pages.

Every answer holds ``state`` and ``message``: ``done`` (with ``url``), ``refused``, or ``signin`` when it has to wait
until the right person is signed in. ``clock`` tells that the phone's clock is wrong.
"""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from houqin.ui.keys import key_of, sent
from houqin.ui.telling import tell

QUEUED, ACCOUNT = "X-Houqin-Queued", "X-Houqin-Account"
AT_THE_FORM = "now"


def is_queued(request: HttpRequest) -> bool:
    """Whether a script sends the form, not the browser itself."""
    return request.method == "POST" and QUEUED in request.headers


def answered_before(request: HttpRequest) -> HttpResponse | None:
    """What a form gets that must not be looked at: it was carried out already, or somebody else is signed in."""
    if not is_queued(request):
        return None
    if request.headers.get(ACCOUNT) != str(request.user.public_id):  # type: ignore[union-attr]
        return sign_in(request)
    before = sent(key_of(request))
    return done(request, *before) if before else None


def done(request: HttpRequest, url: str, message: str) -> HttpResponse:
    """It is done; whoever still sits at the form is told on the next page."""
    if request.headers.get(QUEUED) == AT_THE_FORM:
        tell(request, message)
        if wrong_clock(request):
            messages.warning(request, wrong_clock(request))
    return _answer(request, 200, state="done", message=message, url=url)


def refused(request: HttpRequest, message: str, status: int) -> HttpResponse:
    """It cannot be done so."""
    return _answer(request, status, state="refused", message=message)


def sign_in(request: HttpRequest) -> HttpResponse:
    """It waits until whoever entered it is signed in again."""
    message = _("Sign in with the account that entered this, and it is sent.")
    return JsonResponse({"state": "signin", "message": message}, status=401)


def in_words(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """The answer of a page that does not know about phones that send by themselves."""
    if not is_queued(request) or isinstance(answer, JsonResponse):
        return answer
    if isinstance(answer, HttpResponseRedirect):
        return done(request, answer.url, "")
    return refused(request, _("Something in it is not right. Open it again: what is wrong stands there."), 422)


def _answer(request: HttpRequest, status: int, **content: Any) -> HttpResponse:
    return JsonResponse(content | {"clock": wrong_clock(request)}, status=status)


def wrong_clock(request: HttpRequest) -> str:
    """That the phone's clock is wrong, and by how much; nothing when it is right."""
    off: timedelta = request.viewer.clock_off  # type: ignore[attr-defined]
    if not off:
        return ""
    size = _duration(abs(off))
    told = _("The clock of this phone is %s fast.") if off > timedelta() else _("The clock of this phone is %s slow.")
    return f"{told % size} {_('Times were corrected. Set the clock to automatic.')}"


def _duration(size: timedelta) -> str:
    days, hours, minutes = (
        round(size / unit) for unit in (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1))
    )
    if hours >= 24:
        return ngettext("%d day", "%d days", days) % days
    if minutes >= 60:
        return ngettext("%d hour", "%d hours", hours) % hours
    return ngettext("%d minute", "%d minutes", minutes) % minutes


def faults(form: Form) -> str:
    """Everything that is wrong in a form, a line each, under the labels that people read."""
    lines = _faults(form)
    for made in getattr(form, "line_sets", {}).values():
        for number, one in enumerate(made.forms, 1):
            lines += [f"{_('Line %d') % number} · {line}" for line in _faults(one)]
    return "\n".join(lines)


def _faults(form: Any) -> list[str]:
    return [
        f"{_('%(label)s:') % {'label': form.fields[name].label}} {message}" if name in form.fields else str(message)
        for name, messages_ in form.errors.items()
        for message in messages_
    ]
