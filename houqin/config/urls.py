"""Every app that has a ``views`` module is mounted under its label; the shell owns the root.

Of allauth only signing in, passwords, the second factor and an office's own sign-in: accounts are opened by an office, so there is no door for anything else
(``account_signup`` answers that signing up is closed; its sign-in page asks for the address).
"""

from importlib import import_module
from importlib.util import find_spec

from allauth.account.urls import urlpatterns as allauth_patterns
from allauth.mfa.urls import urlpatterns as second_factor_patterns
from allauth.socialaccount.providers.openid_connect.urls import urlpatterns as own_sign_in_patterns
from allauth.socialaccount.views import connections, login_cancelled, login_error
from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

SIGNING_IN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}


def _mounted() -> list[URLPattern | URLResolver]:
    found: list[URLPattern | URLResolver] = []
    for config in apps.get_app_configs():
        if config.name.startswith("houqin.") and config.label != "ui" and find_spec(f"{config.name}.views"):
            patterns = import_module(f"{config.name}.views").urlpatterns
            found.append(path(f"{config.label}/", include((patterns, config.label))))
    return found


urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include([pattern for pattern in allauth_patterns if pattern.name in SIGNING_IN])),
    path("accounts/second-factor/", include(second_factor_patterns)),
    path("accounts/own/", connections, name="socialaccount_connections"),
    path("accounts/own/cancelled/", login_cancelled, name="socialaccount_login_cancelled"),
    path("accounts/own/error/", login_error, name="socialaccount_login_error"),
    path("accounts/own/", include(own_sign_in_patterns)),
    path("i18n/", include("django.conf.urls.i18n")),
    *_mounted(),
    path("", include("houqin.ui.views")),
]

handler403 = "houqin.ui.pages.forbidden"
handler404 = "houqin.ui.pages.not_found"
handler500 = "houqin.ui.pages.broken"
