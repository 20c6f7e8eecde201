"""WSGI entry for granian or any other server."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "houqin.config.settings")
application = get_wsgi_application()
# Every page's code is read now: a fault stops the start instead of the first visitor, who does not wait for it either.
get_resolver().url_patterns  # noqa: B018
