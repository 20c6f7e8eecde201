"""Errors as problem details (RFC 9457), in the words of whoever asks."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as Unreadable

from houqin.core.scope.permissions import all_permissions
from houqin.core.scope.refusals import Refused
from houqin.edge.api.limits import Allowance, of_stranger
from houqin.edge.api.mistakes import in_words
from houqin.ui import request_id
from houqin.ui.pages import TRY_AGAIN_SECONDS

TYPE = "application/problem+json"
TITLES = {
    400: gettext_lazy("This request cannot be read"),
    401: gettext_lazy("No key that fits"),
    403: gettext_lazy("This key may not do that"),
    404: gettext_lazy("This does not exist"),
    405: gettext_lazy("This cannot be done here"),
    409: gettext_lazy("The rules do not allow it"),
    413: gettext_lazy("This is too large"),
    415: gettext_lazy("This is no JSON"),
    422: gettext_lazy("Something in it is not right"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Something broke on our side"),
    503: gettext_lazy("Nothing can be recorded for the moment"),
}


class Mistake(Schema):
    """One entry that is not right: where it stands, and what to do."""

    field: str
    message: str


class ProblemOut(Schema):
    """Why a request was not carried out (RFC 9457). Nothing was changed."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    errors: list[Mistake] = []
    request_id: str


class Problem(Exception):
    """A request that cannot be carried out, with what to tell."""

    def __init__(
        self, status: int, detail: Any = "", *, field: str | None = None, errors: Sequence[tuple[str, Any]] = (),
        allowance: Allowance | None = None,
    ) -> None:  # fmt: skip
        super().__init__(detail)
        self.status, self.detail, self.field, self.errors, self.allowance = status, detail, field, errors, allowance


def wrong(field: str, message: Any) -> Problem:
    """One entry is not right."""
    return Problem(422, message, field=field, errors=[(field, message)])


def answer_to(problem: Problem) -> HttpResponse:
    """The problem as it is sent."""
    title = str(TITLES[problem.status])
    body: dict[str, Any] = {
        "type": f"/api/docs/#problem-{problem.status}",
        "title": title,
        "status": problem.status,
        "detail": str(problem.detail) or title,
        "request_id": request_id.current(),
    }
    if problem.field:
        body["field"] = problem.field
    if problem.errors:
        body["errors"] = [{"field": field, "message": str(message)} for field, message in problem.errors]
    answer = HttpResponse(json.dumps(body, ensure_ascii=False), status=problem.status, content_type=TYPE)
    if problem.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="houqin"'
    if problem.allowance:
        problem.allowance.tell(answer)
    if problem.status == 503:
        answer["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return answer


def handle(api: NinjaAPI) -> None:
    """Answer everything that can go wrong in a request as a problem."""
    for kind, read in READERS.items():
        api.exception_handler(kind)(_handler(read))


def _handler(read: Callable[[HttpRequest, Any], Problem]) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda request, error: answer_to(read(request, error))


def _stranger(request: HttpRequest, error: AuthenticationError) -> Problem:
    allowance = of_stranger(request)
    if allowance.is_used_up:
        return Problem(429, _("Wait a minute, then show a key that fits."), allowance=allowance)
    detail = _("Send the header Authorization: Bearer with a key that is in use. Its role may have ended.")
    return Problem(401, detail, allowance=allowance)


def _forbidden(request: HttpRequest, error: PermissionDenied) -> Problem:
    permission = all_permissions().get(str(error))
    detail = (
        _("It takes: %(deed)s (%(code)s).") % {"deed": permission.label, "code": permission.code} if permission else ""
    )
    return Problem(403, detail)


def _away(request: HttpRequest, error: OperationalError | InterfaceError) -> Problem:
    return Problem(503, _("Nothing can be recorded for the moment. Send it again under the same key."))


def _missing(request: HttpRequest, error: Http404) -> Problem:
    return Problem(404, _("There is none, or it belongs to a unit outside the reach of this key."))


def _refused(request: HttpRequest, error: Refused) -> Problem:
    return Problem(409, error.message, field=error.field)


def _unreadable(request: HttpRequest, error: Unreadable) -> Problem:
    errors = [(".".join(_place(one["loc"])), in_words(one)) for one in error.errors[:50]]
    return Problem(
        422, " ".join(dict.fromkeys(message for _field, message in errors)), field=errors[0][0], errors=errors
    )


def _place(loc: Iterable[Any]) -> list[str]:
    """Where it stands, without the names that only the code knows."""
    parts = [str(part) for part in loc]
    inside = parts[2:] if parts[:1] == ["body"] else parts[1:]
    return inside or parts[:1]


def _invalid(request: HttpRequest, error: ValidationError) -> Problem:
    if hasattr(error, "error_dict"):
        errors = [(name, message) for name, found in error.message_dict.items() for message in found]
        return Problem(422, " ".join(message for _name, message in errors), field=errors[0][0], errors=errors)
    return Problem(422, " ".join(error.messages))


def _unparsed(request: HttpRequest, error: HttpError) -> Problem:
    """The framework covers what the parser said."""
    said = error.__cause__ or error.__context__
    if isinstance(said, RequestDataTooBig):
        return Problem(413, _("Send it in smaller parts."))
    return said if isinstance(said, Problem) else Problem(400)


READERS: dict[type[Exception], Callable[[HttpRequest, Any], Problem]] = {
    OperationalError: _away,
    InterfaceError: _away,
    Problem: lambda request, error: error,
    AuthenticationError: _stranger,
    Unreadable: _unreadable,
    Refused: _refused,
    Http404: _missing,
    PermissionDenied: _forbidden,
    ValidationError: _invalid,
    RequestDataTooBig: lambda request, error: Problem(413, _("Send it in smaller parts.")),
    IntegrityError: lambda request, error: Problem(
        409, _("Somebody recorded the same meanwhile. Read it again, then send what is still missing.")
    ),
    DataError: lambda request, error: Problem(422, _("A number or a text in it is too large.")),
    HttpError: _unparsed,
}
