"""The API's addresses, its own description, and the page that explains it."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, re_path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from houqin.edge.api.api import api, door
from houqin.edge.api.description import described, parts
from houqin.edge.api.limits import of_stranger
from houqin.edge.api.problems import TITLES, Problem, answer_to
from houqin.edge.api.told import TOLD
from houqin.ui.pages import page


@page(public=True)
def schema(request: HttpRequest) -> HttpResponse:
    """The description by OpenAPI 3.1, in the reader's language."""
    allowance = of_stranger(request)
    if allowance.is_used_up:
        return answer_to(Problem(429, _("Wait a minute, then ask again."), allowance=allowance))
    answer = HttpResponse(json.dumps(described(), default=str, ensure_ascii=False), content_type="application/json")
    allowance.tell(answer)
    return answer


HABITS = [
    (gettext_lazy("Key"), gettext_lazy("Make one under Keys of programs. It works with part of your role, ends with it, and is sent as Authorization: Bearer.")),
    (gettext_lazy("Pages of a list"), gettext_lazy("At most 200 rows come at once; next is the cursor of those that follow. unit narrows to a unit and all below it.")),
    (gettext_lazy("Deeds"), gettext_lazy("Each POST carries a new Idempotency-Key. Sent again with the same body within 14 days it gives the first answer.")),
    (gettext_lazy("Units"), gettext_lazy("Weights are whole grams, money whole fen, temperatures tenths of a degree Celsius; moments carry their zone.")),
    (gettext_lazy("Languages"), gettext_lazy("Accept-Language zh or en chooses the words of errors and titles.")),
    (gettext_lazy("Devices"), gettext_lazy("A device has a key of its own and only sends. Each reading counts once by device, kind and time, so a batch may be sent again.")),
    (gettext_lazy("Other systems are told"), gettext_lazy("A receiver gets a POST signed by HMAC-SHA256 after Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature.")),
]  # fmt: skip


@page(public=True)
def docs(request: HttpRequest) -> HttpResponse:
    """What can be asked and done, in the reader's language; made of the description, so it never tells of something else."""
    rate = _("%(count)s requests a minute for each key; RateLimit tells what is left.") % {"count": settings.API_RATE}
    context = {
        "habits": [*HABITS, (_("Limits"), rate)], "parts": parts(), "problems": TITLES, "told": TOLD.values(),
        "root": request.build_absolute_uri("/api/v1/"),
    }  # fmt: skip
    return render(request, "api/docs.html", context)


@csrf_exempt
@page(public=True)
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """An address that the API does not have."""
    return answer_to(Problem(404, _("The API has no such address. The page /api/docs/ lists all of them.")))


def _mounted() -> list[URLPattern]:
    """The API's addresses behind its door."""
    patterns: list[Any] = api.urls[0]
    return [
        path(f"v1/{one.pattern}", door(one.callback), name=f"v1-{one.name}")
        for one in patterns
        if one.name and one.name != "api-root"
    ]


urlpatterns = [
    path("docs/", docs, name="docs"),
    path("v1/openapi.json", schema, name="schema"),
    *_mounted(),
    re_path(r"^v1/(?P<rest>[\s\S]*)$", nothing, name="nothing"),  # a line break is no end of an address
]
