"""Doing, declared: each deed calls one verb, once under the key that the program gave it."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from ninja import Router, Schema

from houqin.core.scope.refusals import Refused
from houqin.edge.api.models import ApiToken, SentDeed
from houqin.edge.api.parsing import check_text
from houqin.edge.api.problems import Problem, ProblemOut
from houqin.edge.api.reads import ERRORS, may, told, viewer_of
from houqin.edge.api.scopes import takes

HEADER = "Idempotency-Key"
KEY = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "description": "A new word of your own for each deed, such as a UUID. Sent again with the same body it gives the first answer.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 200, "pattern": "^[A-Za-z0-9._:-]+$"},
}
CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-")
ANSWERS: dict[Any, Any] = ERRORS | {code: ProblemOut for code in (409, 413, 415)}
View = Callable[..., Any]


def deed(
    router: Router, path: str, *, permission: str, out: type[Schema], summary: str | Promise, keyed: bool = True
) -> Callable[[View], View]:
    """A POST that carries out a verb and answers 201 with what came of it. ``keyed`` False: repeats are told by the content."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **given: Any) -> HttpResponse:
            may(viewer_of(request), permission)

            def run() -> str:
                return told(out, view(request, **given))

            return _once(request, run) if keyed else _answer(201, run())

        return router.post(
            path, response={201: out, **ANSWERS}, summary=summary, operation_id=view.__name__,  # type: ignore[arg-type]
            description=takes(permission), url_name=view.__name__.replace("_", "-"),
            openapi_extra={"parameters": [KEY]} if keyed else None,
        )(guarded)  # fmt: skip

    return declare


def _once(request: HttpRequest, run: Callable[[], str]) -> HttpResponse:
    """Do it in one transaction with its key. Who sends the same again at the same time waits for the first and gets its answer."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    key, digest = _key(request), _digest(request)
    before = _sent(token, key, digest)
    if before is not None:
        return before
    try:
        with transaction.atomic():
            at = viewer_of(request).now
            row = SentDeed.objects.create(token=token, key=key, digest=digest, status=201, at=at)
            row.body = run()
            row.save(update_fields=["body"])
            return _answer(201, row.body)
    except (IntegrityError, Refused):
        meanwhile = _sent(token, key, digest)
        if meanwhile is None:
            raise
        return meanwhile


def _sent(token: ApiToken, key: str, digest: str) -> HttpResponse | None:
    """The answer that this key was given before."""
    row = SentDeed.objects.filter(token=token, key=key).first()
    if row is None:
        return None
    if row.digest != digest:
        raise Problem(422, _("This key was used for another deed. Give each deed a key of its own."), field=HEADER)
    answer = _answer(row.status, row.body)
    answer["Idempotent-Replayed"] = "true"
    return answer


def _key(request: HttpRequest) -> str:
    key = request.headers.get(HEADER, "")
    check_text(key)
    if not 8 <= len(key) <= 200 or not set(key) <= CHARACTERS:
        raise Problem(
            400, _("Send the header Idempotency-Key with 8 to 200 letters or digits, new for each deed."), field=HEADER
        )
    return key


def _digest(request: HttpRequest) -> str:
    return sha256(f"{request.path}\n".encode() + request.body).hexdigest()


def _answer(status: int, body: str) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
