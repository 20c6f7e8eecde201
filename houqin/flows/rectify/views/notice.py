"""整改通知书 on A4: one finding, or all that a school has to put right, with its deadlines, to be signed by both sides."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.words import post_names
from houqin.flows.rectify.models import Finding, FindingState
from houqin.ui.pages import page

MOST = 200


@page(permission="rectify.view")
def notice(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The notice of a finding; with ``?all=1`` of everything that its school has to put right by the same unit's order."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row = Finding.objects.get_visible(viewer, public_id=ref)
    rows = Finding.objects.visible_to(viewer).filter(org=row.org_id)
    if request.GET.get("all"):
        rows = rows.filter(state=FindingState.ORDERED, found_org=row.found_org_id)
    else:
        rows = rows.filter(pk=row.pk)
    posts = post_names(viewer.today)
    found = rows.select_related("person", "found_org").order_by("due_on", "pk")[:MOST]
    lines = [(one, posts.get(one.post, one.post)) for one in found]
    context = {"title": _("Rectification notice"), "row": row, "lines": lines}
    return render(request, "rectify/notice.html", context)


urlpatterns = [path("findings/<uuid:ref>/notice/", notice, name="notice")]
