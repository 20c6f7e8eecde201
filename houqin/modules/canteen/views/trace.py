"""The trace page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from houqin.ui.pages import page


@page(permission="canteen.trace")
def trace(request: HttpRequest) -> HttpResponse:
    """Where a batch came from and went to."""
    return render(request, "canteen/trace.html", {})


urlpatterns = [path("trace/", trace, name="trace")]
