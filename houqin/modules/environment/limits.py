"""How often somebody may tap at the door of a toilet. Nobody is known: only a keyed digest is held, for minutes, in the cache."""

import hmac
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from houqin.core.places.models import Place

AGAIN_SECONDS = 10 * 60
HOUR_SECONDS = 60 * 60
MOST_AN_HOUR = 120
"""Of one toilet; more is no crowd of children but a machine."""


def is_first(request: HttpRequest, place: Place, what: str) -> bool:
    """Whether this device has not said this, or how it is, of this toilet within ten minutes."""
    device = f"{request.META.get('REMOTE_ADDR', '')}|{request.headers.get('User-Agent', '')}|{place.pk}|{what}"
    digest = hmac.new(settings.SECRET_KEY.encode(), device.encode(), sha256).hexdigest()
    return bool(cache.add(f"door-{digest[:32]}", 1, AGAIN_SECONDS))


def is_crowded(place: Place) -> bool:
    """Whether more was tapped at this toilet within an hour than people do; counts this tap."""
    key = f"door-{place.pk}"
    cache.add(key, 0, HOUR_SECONDS)
    try:
        return cache.incr(key) > MOST_AN_HOUR
    except ValueError:  # it ended between the two
        return False
