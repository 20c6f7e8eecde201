"""Between signing in and everything else: who has to set up a second factor first reaches nothing until it is done."""

import time
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from houqin.core.people.actions.sign_in import note_second_factor
from houqin.core.people.sign_in import Asked, asked_of
from houqin.ui import queued

KEY = "houqin.gate"
LOOKED_AT_AGAIN = 600
"""Seconds after which a session is looked at again: so soon a rule set meanwhile holds for those who are signed in."""
SEEN, SEEN_EVERY = "houqin.seen", 300
"""When somebody last clicked; written every five minutes at most."""
FACTOR, OWN, IDLE = "second_factor", "own_sign_in", "idle"
SIGNED_OUT = {
    OWN: _("Your office asks you to sign in through its own sign-in."),
    IDLE: _("You were signed out because nobody clicked here for long, as your unit asks. Sign in again."),
}
OPEN = frozenset({
    "mfa_index", "mfa_activate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
    "mfa_reauthenticate", "account_reauthenticate", "account_logout", "account_change_password", "set_language", "manifest",
    "worker", "offline",
})  # fmt: skip

View = Callable[..., HttpResponseBase]


class SignInGate:
    """Looks at each request of somebody who is signed in; what was found is kept in the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, options: Any) -> HttpResponseBase | None:
        """None lets the request through."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or getattr(view, "houqin_public", False):
            return None
        match = request.resolver_match
        if match is None or match.url_name in OPEN or not request.user.is_authenticated:
            return None
        missing = _missing(request)
        return _lead(request, missing) if missing else None


def _missing(request: HttpRequest) -> str:
    """What this session lacks; empty when nothing. Who lacks something is looked at each time: it may just have come."""
    kept, now = request.session.get(KEY), time.time()
    if kept is None or kept["lacks"] or now - kept["at"] > LOOKED_AT_AGAIN:
        lacks, idle_hours = look(request)
        kept = request.session[KEY] = {"at": now, "lacks": lacks, "idle": idle_hours * 3600}
    seen = request.session.get(SEEN, now)
    if now - seen > kept.get("idle", now):
        return IDLE
    if SEEN not in request.session or now - seen > SEEN_EVERY:
        request.session[SEEN] = now
    return str(kept["lacks"])


def look(request: HttpRequest) -> tuple[str, int]:
    """What the units of the account ask for and this session does not have; and after how many hours without a click it ends."""
    account: Any = request.user
    asked = asked_of(account)
    if asked.own_sign_in:
        methods = {record.get("method") for record in get_authentication_records(request, account)}
        if "socialaccount" not in methods:
            return OWN, asked.idle_hours
    return FACTOR if _lacks_factor(account, asked) else "", asked.idle_hours


def _lacks_factor(account: Any, asked: Asked) -> bool:
    return asked.second_factor and not _has_factor(account)


def _has_factor(account: Any) -> bool:
    return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists())


def _lead(request: HttpRequest, missing: str) -> HttpResponse:
    """To the one page that helps; a phone that sends by itself keeps what it has."""
    if queued.is_queued(request):
        return queued.sign_in(request)
    if missing in SIGNED_OUT:
        logout(request)
        messages.warning(request, SIGNED_OUT[missing])
        address = reverse("account_login")
    else:
        messages.warning(request, _("Your unit asks for a second factor. Set it up now; it takes two minutes."))
        address = reverse("mfa_activate_totp")
    if request.headers.get("HX-Request"):
        partial = HttpResponse(status=204)
        partial["HX-Redirect"] = address
        return partial
    return HttpResponseRedirect(address)


@receiver(user_logged_in)
def _signed_in(sender: Any, request: HttpRequest, user: Any, **more: Any) -> None:
    """Looked at anew at each sign-in; how somebody came in is not on record yet, so that is looked at with the next request."""
    request.session.pop(KEY, None)
    asked = asked_of(user)
    if asked.factor_from and not _has_factor(user):
        day = date_format(asked.factor_from)
        messages.warning(
            request,
            _("From %(day)s your unit asks for a second factor. Set it up in the menu of your name.") % {"day": day},
        )
    if not asked.own_sign_in:
        lacks = FACTOR if _lacks_factor(user, asked) else ""
        request.session[KEY] = {"at": time.time(), "lacks": lacks, "idle": asked.idle_hours * 3600}


@receiver([authenticator_added, authenticator_removed])
def _changed(sender: Any, request: HttpRequest, user: Any, authenticator: Authenticator, **more: Any) -> None:
    """Looked at anew when the second factor changes; the trail tells of it."""
    request.session.pop(KEY, None)
    if authenticator.type == Authenticator.Type.TOTP:
        note_second_factor(user, by=request.viewer, is_set=authenticator.pk is not None)  # type: ignore[attr-defined]
