"""Pages for running it all."""

from houqin.modules.console.views import (
    access,
    calendar,
    copies,
    people,
    places,
    policies,
    posts,
    register,
    trail,
    units,
)

urlpatterns = [
    *units.urlpatterns,
    *copies.urlpatterns,
    *people.urlpatterns,
    *posts.urlpatterns,
    *places.urlpatterns,
    *calendar.urlpatterns,
    *policies.urlpatterns,
    *access.urlpatterns,
    *trail.urlpatterns,
    *register.urlpatterns,
]
