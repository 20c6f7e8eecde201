"""Every app that has a ``views`` module is mounted under its label; the shell owns the root."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path


def _mounted() -> list[URLPattern | URLResolver]:
    found: list[URLPattern | URLResolver] = []
    for config in apps.get_app_configs():
        if config.name.startswith("houqin.") and config.label != "ui" and find_spec(f"{config.name}.views"):
            patterns = import_module(f"{config.name}.views").urlpatterns
            found.append(path(f"{config.label}/", include((patterns, config.label))))
    return found


urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    *_mounted(),
    path("", include("houqin.ui.views")),
]

handler403 = "houqin.ui.pages.forbidden"
handler404 = "houqin.ui.pages.not_found"
handler500 = "houqin.ui.pages.broken"
