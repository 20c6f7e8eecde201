"""Pages for running it all."""

from houqin.modules.console.views import access, people, trail, units

urlpatterns = [*units.urlpatterns, *people.urlpatterns, *access.urlpatterns, *trail.urlpatterns]
