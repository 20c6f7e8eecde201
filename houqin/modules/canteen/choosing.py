"""The page on which a school is chosen, for pages that are about one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from houqin.modules.canteen.queries.schools import MOST, schools_within
from houqin.ui.focus import focus_of


def choose_school(
    request: HttpRequest, title: Any, permission: str = "canteen.view", *, most: int = MOST
) -> HttpResponse:
    """The first schools of what is looked at; who has more narrows that."""
    schools = list(schools_within(request.viewer, focus_of(request).org, permission)[:most])  # type: ignore[attr-defined]
    return render(request, "canteen/choose_school.html", {"title": title, "schools": schools})
