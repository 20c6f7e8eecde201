"""The director's outlook: what waits for a signature, what runs short, what expires."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.schools import school_of
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.queries import outlook_words
from houqin.modules.canteen.queries.outlook import outlook
from houqin.ui import nav
from houqin.ui.choosing import choose_school
from houqin.ui.focus import focus_of
from houqin.ui.nav import Family
from houqin.ui.pages import page

TITLE = _("Outlook")


@page(permission="canteen.view")
def ahead(request: HttpRequest) -> HttpResponse:
    """One school as it stands and the school days to come."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    school = school_of(viewer, focus_of(request).org, "canteen.view")
    if school is None:
        return choose_school(request, TITLE, "canteen.view")
    found = outlook(school, viewer)
    context = {"title": TITLE, "school": school, "outlook": found, "sentence": outlook_words.sentence(found)}
    return render(request, "canteen/outlook.html", context)


nav.register(
    nav.NavItem(
        family=Family.SAFE,
        title=TITLE,
        url_name="canteen:outlook",
        permission="canteen.view",
        icon="binoculars",
        order=2,
    )
)
urlpatterns = [path("outlook/", ahead, name="outlook")]
