"""持证上岗率: who has what the post asks for, and who lacks what (R-155)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from houqin.core.people.posts import post_kinds
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.boards import certified
from houqin.flows.credentials.kinds import titles
from houqin.ui import nav
from houqin.ui.focus import focus_of, home_of
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens.links import page_of
from houqin.ui.screens.look import Look

TITLE = _("Certified for their posts")
MOST = 300


@page(permission="credentials.view")
def certified_posts(request: HttpRequest) -> HttpResponse:
    """Per school: the rate with its counts, who lacks what, and what each post asks for."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    focus = focus_of(request)
    schools = certified(viewer, focus.narrow("post__org__path"))
    look = Look(viewer)
    lacking = [(row, page_of(row.person, look), missing) for school in schools for row, missing in school.lacking]
    names = titles(viewer.today)
    matrix = [
        (str(kind), [names.get(code, code) for code in kind.requires])
        for kind in post_kinds(viewer.today).values()
        if kind.requires
    ]
    context = {
        "title": TITLE, "unit": focus.org or home_of(request), "schools": schools, "lacking": lacking[:MOST],
        "lacks": len(lacking), "asked": sum(one.asked for one in schools), "matrix": matrix,
        "complete": sum(one.complete for one in schools),
    }  # fmt: skip
    return render(request, "credentials/posts.html", context)


nav.register(
    nav.NavItem(
        family=Family.STANDARD, title=TITLE, url_name="credentials:posts", permission="credentials.view",
        icon="id-badge-2", order=29,
    )
)  # fmt: skip
urlpatterns = [path("posts/", certified_posts, name="posts")]
