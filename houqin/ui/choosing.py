"""The page on which a school is chosen, for pages that are about one."""

from collections.abc import Collection, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.orgs.schools import AT_WORK, schools_within
from houqin.core.scope.viewer import Viewer
from houqin.ui.focus import focus_of

MOST = 200


def choose_school(
    request: HttpRequest,
    title: Any,
    permission: str,
    kinds: Collection[Kind] = AT_WORK,
    *,
    schools: Sequence[OrgUnit] | None = None,
    template: str = "ui/choose_school.html",
) -> HttpResponse:
    """The first schools of what is looked at, or these; who has more narrows that. The choice is what is looked at next."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    shown = schools_within(viewer, focus_of(request).org, permission, kinds)[:MOST] if schools is None else schools
    return render(request, template, {"title": title, "schools": shown})
