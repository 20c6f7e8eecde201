"""Pages for running it all."""

from houqin.modules.console.views import access, calendar, people, places, policies, posts, trail, units

urlpatterns = [
    *units.urlpatterns,
    *people.urlpatterns,
    *posts.urlpatterns,
    *places.urlpatterns,
    *calendar.urlpatterns,
    *policies.urlpatterns,
    *access.urlpatterns,
    *trail.urlpatterns,
]
