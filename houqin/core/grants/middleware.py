"""Each request carries its Viewer."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from houqin.core.grants.viewers import NOBODY, viewer_for
from houqin.core.scope.viewer import Viewer


class ViewerMiddleware:
    """Sets ``request.viewer``, built on first use and once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def build() -> Viewer:
            user = request.user
            return viewer_for(user) if user.is_authenticated else NOBODY

        request.viewer = cast("Viewer", SimpleLazyObject(build))  # type: ignore[attr-defined]
        return self.get_response(request)
