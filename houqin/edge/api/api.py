"""The API itself: who is let in, what is read and done, and how it describes itself."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.security import HttpBearer

from houqin.edge.api import limits, viewers
from houqin.edge.api.models import ApiToken
from houqin.edge.api.parsing import CarefulParser
from houqin.edge.api.problems import Problem, answer_to, handle
from houqin.edge.api.resources import ROUTERS

ABOUT = (
    "Read and do what people read and do on the pages of Houqin, by the same verbs and under the same rules. "
    "Lists come by pages (`next` is the cursor of the following one), deeds carry an `Idempotency-Key`, errors are "
    "problem details (RFC 9457) in Chinese or English by `Accept-Language`. Weights are whole grams, money whole fen, "
    "temperatures tenths of a degree Celsius, moments carry their zone."
)


class Key(HttpBearer):
    """The key of a program or device."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The row of a key that opens the door now; sets who asks, and counts it."""
        now = timezone.now()
        found = viewers.token_of(token, now)
        if found is None:
            return None
        allowance = limits.of_token(found)
        if allowance.is_used_up:
            raise Problem(429, _("Wait until the time under Retry-After has passed."), allowance=allowance)
        request.allowance = allowance  # type: ignore[attr-defined]
        request.viewer = viewers.viewer_of(found, now)  # type: ignore[attr-defined]
        viewers.note_use(found, now)
        return found


def make_api() -> NinjaAPI:
    """All of it, with every part mounted."""
    made = NinjaAPI(
        title="Houqin", version="1", description=ABOUT, docs_url=None, openapi_url=None, auth=Key(), parser=CarefulParser(),
        urls_namespace="houqin-api-v1",
    )  # fmt: skip
    handle(made)
    for title, router in ROUTERS:
        made.add_router("", router, tags=[title])
    return made


def door(view: Callable[..., Any]) -> Callable[..., Any]:
    """What every address of the API answers besides: what is left of the key's minute, and problems in place of pages."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = view(request, *args, **kwargs)
        if answer.status_code == 405:
            allow = answer.headers.get("Allow", "")
            answer = answer_to(Problem(405, _("Here only: %(methods)s.") % {"methods": allow}))
            answer["Allow"] = allow
        allowance: limits.Allowance | None = getattr(request, "allowance", None)
        if allowance is not None:
            allowance.tell(answer)
        answer["Cache-Control"] = "no-store"
        return answer

    return guarded


api = make_api()
