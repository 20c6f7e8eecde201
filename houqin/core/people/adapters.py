"""How allauth meets our accounts: nobody signs up, codes are drawn here, an office's own sign-in finds accounts that exist."""

import base64
import hashlib
import io
import time
from typing import Any

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from houqin.core.people import letters
from houqin.core.people.actions.sign_in import link_own_sign_in
from houqin.core.people.beside import SECOND_FACTOR
from houqin.core.people.guessing import guess_key, is_known, remember_device
from houqin.core.people.models import Account
from houqin.core.scope.viewer import system_viewer
from houqin.core.tables.ciphers import deciphered, enciphered


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by an office or a school, never by signing up."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Nobody signs up."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is away breaks no page."""
        around = {"request": self.request, "email": email, "current_site": get_current_site(self.request)}
        letters.send(self.render_mail(template_prefix, email, around | context))

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Who signed in a moment ago is not asked for the password once more."""
        records = get_authentication_records(self.request, self.request.user)
        fresh = bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        return not fresh and super().is_reauthentication_required(app=app, **options)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Too many wrong passwords from here, or for this account from places it has never been at."""
        super().pre_authenticate(request, **credentials)
        login = _login_of(credentials)
        if is_known(request, login):
            return
        everywhere = ratelimit.consume(request, app="allauth.account", action="login_elsewhere", key=login.lower())
        if not everywhere:
            raise self.validation_error("too_many_login_attempts")
        self._login_failed_rl_usage.usage += everywhere.usage

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return guess_key(request, _login_of(credentials))

    def post_login(self, request: HttpRequest, user: Account, **options: Any) -> HttpResponse:
        """The device is known to the account from now on."""
        response: HttpResponse = super().post_login(request, user, **options)
        remember_device(request, response, [user.username, user.email])
        return response


def _login_of(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The key of a phone is kept encrypted; its QR code is drawn without any part from elsewhere."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "This code is not right, or was used already. Wait for the next one and check the phone's clock."
        ),
        "cannot_delete_authenticator": _("Your unit asks for a second factor. It cannot be taken away."),
    }

    def get_totp_label(self, user: Any) -> str:
        """The user name, under which the phone lists it."""
        return str(user.username)

    def build_totp_svg(self, url: str) -> str:
        """The QR code as an image of its own."""
        out = io.BytesIO()
        segno.make(url, error="m").save(out, kind="svg", scale=6, border=2, dark="#000", light="#fff")
        return out.getvalue().decode()

    def encrypt(self, text: str) -> str:
        """As it lies in the database."""
        return enciphered(text, use=SECOND_FACTOR)

    def decrypt(self, encrypted_text: str) -> str:
        """What the phone holds as well; no code fits any more where no key of the installation reads it."""
        text = deciphered(encrypted_text, use=SECOND_FACTOR)
        if text is None:
            return base64.b32encode(hashlib.sha256(encrypted_text.encode()).digest()[:20]).decode()
        return text

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Not where the unit asks for it."""
        from houqin.core.people.sign_in import asks_for_second_factor

        return not asks_for_second_factor(authenticator.user)


class OwnSignInAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """An office's own sign-in (OpenID Connect) leads to accounts that an office has opened, and to no others."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody signs up."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Who comes for the first time is linked by a verified e-mail; else they are told what to do."""
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        account = self._account_of(sociallogin)
        if account is None:
            addresses = [one.email for one in sociallogin.email_addresses]
            context = {"addresses": addresses, "verified": any(one.verified for one in sociallogin.email_addresses)}
            raise ImmediateHttpResponse(render(request, "socialaccount/no_account.html", context, status=403))
        sociallogin.connect(request, account)
        link_own_sign_in(
            account, by=system_viewer(), provider=str(sociallogin.account.provider), uid=str(sociallogin.account.uid)
        )

    def _account_of(self, sociallogin: Any) -> Account | None:
        """The one open account with an e-mail that the office's sign-in says is verified."""
        for address in sociallogin.email_addresses:
            if address.verified and address.email:
                found: list[Account] = list(Account.objects.filter(email__iexact=address.email, is_active=True)[:2])
                if len(found) == 1:
                    return found[0]
        return None
