"""Writing the trail, and the mark of a verb."""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from houqin.core.audit.models import AuditEntry
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.inserting import insert_rows, insertion, insertions
from houqin.core.tables.statements import Statement

P = ParamSpec("P")
R = TypeVar("R")

VERBS: dict[str, Callable[..., Any]] = {}
EVENT_TITLES: dict[str, Any] = {}


class _Unit(Protocol):
    path: Any
    name: Any


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """A deed: everything it does, or nothing. Each function that changes state carries this mark."""

    @wraps(function)
    def whole(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            return function(*args, **kwargs)

    VERBS[f"{function.__module__}.{function.__qualname__}"] = function
    return whole


def titled(titles: dict[str, Any]) -> None:
    """Tell what an app's events are called on the timeline."""
    EVENT_TITLES.update(titles)


def subject_key(row: models.Model) -> str:
    """The id under which the trail names a row: its public id where it has one."""
    return str(getattr(row, "public_id", None) or row.pk)


def record(event: str, row: models.Model | None, *, by: Viewer, org: _Unit | None, **detail: Any) -> AuditEntry:
    """Write one entry into the caller's transaction. ``detail`` holds plain values, no personal secrets."""
    return insert_rows([_entry(event, row, by, org, detail)])[0]


def recording(event: str, row: models.Model | None, *, by: Viewer, org: _Unit | None, **detail: Any) -> Statement:
    """``record`` as a statement, for a verb that sends its last ones together."""
    return insertion(_entry(event, row, by, org, detail))


def recording_each(
    event: str, details: Iterable[tuple[models.Model, dict[str, Any]]], *, by: Viewer, org: _Unit | None
) -> Iterator[Statement]:
    """``recording`` for many rows of one deed, each with its own detail."""
    return insertions([_entry(event, row, by, org, detail) for row, detail in details])


def _entry(event: str, row: models.Model | None, by: Viewer, org: _Unit | None, detail: dict[str, Any]) -> AuditEntry:
    return AuditEntry(
        day=by.today,
        at=by.now,
        event=event,
        org_path=org.path if org else "",
        org_name=org.name if org else "",
        actor_id=by.account_public_id,
        actor_name=by.name,
        channel=str(by.channel),
        subject_kind=row._meta.label_lower if row else "",
        subject_id=subject_key(row) if row else "",
        subject_label=str(row)[:200] if row else "",
        detail=plain(detail | _circumstances(by)),
    )


def _circumstances(by: Viewer) -> dict[str, Any]:
    """What the trail tells of a deed that a phone kept while it had no network."""
    found: dict[str, Any] = {}
    if by.captured_at:
        found["captured_at"] = by.captured_at
    if by.clock_off:
        found["clock_off_minutes"] = round(by.clock_off.total_seconds() / 60)
    return found


def plain(detail: dict[str, Any]) -> dict[str, Any]:
    """Values as JSON holds them; a row stands as its public id."""
    encoder = DjangoJSONEncoder()

    def value(item: Any) -> Any:
        if isinstance(item, dict):
            return {str(key): value(inner) for key, inner in item.items()}
        if isinstance(item, list | tuple | set):
            return [value(inner) for inner in item]
        if item is None or isinstance(item, str | int | float | bool):
            return item
        if isinstance(item, models.Model):
            return subject_key(item)
        try:
            return encoder.default(item)
        except TypeError:
            return str(item)

    return {key: value(item) for key, item in detail.items()}
