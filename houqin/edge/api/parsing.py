"""JSON as it comes in: what cannot be stored or would cost much is turned away before anything looks at it."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja.parser import Parser

from houqin.edge.api.problems import Problem

DEEPEST = 12
LARGEST = 2**53
"""Beyond this, numbers of JSON do not come through every program as they were sent (RFC 8259 §6)."""


class CarefulParser(Parser):
    """Refuses what is no JSON, too large, too deep, or holds what no text or whole number can be."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body, checked."""
        if request.content_type != "application/json":
            raise Problem(415, _("Send the header Content-Type: application/json."))
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.API_BODY_BYTES:
            raise Problem(413, _("Send it in smaller parts."))
        try:
            found = json.loads(request.body.decode(), parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise Problem(400, _("The body is no JSON in UTF-8, or a number in it is none.")) from error
        _check(found, DEEPEST)
        return found

    def parse_querydict(
        self, data: MultiValueDict[str, str], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The query, checked."""
        _check([*data, *(value for values in data.lists() for value in values[1])], DEEPEST)
        return super().parse_querydict(data, list_fields, request)


def _no_number(word: str) -> None:
    raise ValueError(word)


def _check(value: Any, depth: int) -> None:
    if depth < 0:
        raise Problem(400, _("The body is nested too deeply."))
    if isinstance(value, str):
        check_text(value)
    elif value is None or isinstance(value, bool | float):
        return
    elif isinstance(value, int):
        if abs(value) > LARGEST:
            raise Problem(400, _("A number in it is too large."))
    else:
        for one in value if isinstance(value, list) else [*value.keys(), *value.values()]:
            _check(one, depth - 1)


def check_text(text: str) -> None:
    """Refuse what no database stores: the zero character, and halves of characters."""
    if "\x00" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise Problem(400, _("A text in it holds characters that are none."))
