"""WSGI entry for granian or any other server."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "houqin.config.settings")
application = get_wsgi_application()
# Every page's code is read now: a fault stops the start instead of the first visitor, who does not wait for it either.
get_resolver().url_patterns  # noqa: B018
# All that is loaded now stays until the end: searching it for what can be freed took 0.2 s, in the middle of somebody's page.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)  # a page makes some ten thousand objects and leaves hardly one
