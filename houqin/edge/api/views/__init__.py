"""Addresses of the open door."""

from houqin.edge.api.views import door, keys, receivers

urlpatterns = [*keys.urlpatterns, *receivers.urlpatterns, *door.urlpatterns]
