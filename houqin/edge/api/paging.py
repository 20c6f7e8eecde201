"""Pages of a list by key, not by number: no row comes twice or is left out while others are written, and page 1,000 costs what page 1 does."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, Q, QuerySet
from django.utils.translation import gettext as _
from ninja import Schema

from houqin.core.tables.ciphers import deciphered, enciphered
from houqin.edge.api.problems import wrong

T = TypeVar("T")
Order = Sequence[str]
"""Names of fields that are never empty, ``-`` before those that fall; the last one is unique."""


class Page(Schema, Generic[T]):
    """Some rows, and the cursor of those that follow; none: these were the last."""

    items: list[T]
    next: str | None


def page_of(rows: QuerySet[Any], order: Order, *, cursor: str, limit: int, where: str) -> tuple[list[Any], str | None]:
    """At most ``limit`` rows after a cursor, and the cursor of the next ones. ``where`` tells lists apart."""
    rows = rows.order_by(*order)
    if cursor:
        rows = rows.filter(_after(rows, order, _read(cursor, where, len(order))))
    found = list(rows[: limit + 1])
    if len(found) <= limit:
        return found, None
    return found[:limit], _write(found[limit - 1], order, where)


def _after(rows: QuerySet[Any], order: Order, values: list[Any]) -> Q:
    """Rows behind a place: beyond it in the first field, or equal there and beyond it in the second …"""
    found, same = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field, beyond = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        typed = _field(rows, field).to_python(value)
        found |= same & Q(**{f"{field}__{beyond}": typed})
        same &= Q(**{field: typed})
    first = order[0].lstrip("-")
    bound = "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{first}__{bound}": _field(rows, first).to_python(values[0])}) & found


def _field(rows: QuerySet[Any], path: str) -> "Field[Any, Any]":
    model: Any = rows.model
    *way, last = path.split("__")
    for step in way:
        model = model._meta.get_field(step).related_model
    found: Field[Any, Any] = model._meta.pk if last == "pk" else model._meta.get_field(last)
    return found


def _value(row: Any, path: str) -> Any:
    for step in path.split("__"):
        row = getattr(row, step)
    return row


def _write(row: Any, order: Order, where: str) -> str:
    """Enciphered: a key that counts up tells of rows in between that may be a secret."""
    values: list[date | datetime | str | int] = [_value(row, name.lstrip("-")) for name in order]
    return enciphered(json.dumps(values, cls=DjangoJSONEncoder), use=f"cursor {where}")


def _read(cursor: str, where: str, length: int) -> list[Any]:
    text = deciphered(cursor, use=f"cursor {where}")
    values: list[Any] = json.loads(text) if text else []
    if len(values) != length:
        raise wrong("cursor", _("This is no cursor of this list. Take the one that stood under next."))
    return values
