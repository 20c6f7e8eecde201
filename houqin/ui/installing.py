"""What a browser needs to keep Houqin on a device: the service worker and the manifest."""

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language

SCRIPTS = ("entries", "sending", "worker")


def worker() -> str:
    """The worker's script: its parts by their hashed names, so that a new version of one is a new worker."""
    names = ", ".join(f'"{static(f"ui/offline/{name}.js")}"' for name in SCRIPTS)
    return f"importScripts({names});\n"


def manifest() -> dict[str, Any]:
    """Name, colours and pictures of the icon on the home screen."""
    return {
        "name": str(settings.PRODUCT_NAME),
        "short_name": str(settings.PRODUCT_NAME),
        "lang": get_language(),
        "start_url": reverse("ui:home"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f4f6f8",
        "theme_color": "#0f766e",
        "icons": [
            {"src": static("ui/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": static("ui/mark-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "any maskable"},
            {"src": static("ui/mark-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
        ],
    }
