"""Emitting events and subscribing to them.

An inline subscriber runs in the emitting verb's transaction and can refuse it; a job subscriber runs after it, at least
once, and is kept from running twice by the event's id.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import plain, subject_key
from houqin.core.events.models import Event, HandledEvent
from houqin.core.jobs.registry import job
from houqin.core.scope.viewer import Viewer

Mode = Literal["inline", "job"]


@dataclass(frozen=True)
class Subscriber:
    """A function that reacts to an event."""

    name: str
    mode: Mode
    react: Callable[[Event], None]


SUBSCRIBERS: dict[str, list[Subscriber]] = defaultdict(list)


class _Unit(Protocol):
    path: Any


def on(event: str, *, mode: Mode) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """React to an event, in its transaction or by a job."""

    def subscribe(react: Callable[[Event], None]) -> Callable[[Event], None]:
        SUBSCRIBERS[event].append(Subscriber(f"{react.__module__}.{react.__name__}", mode, react))
        return react

    return subscribe


def emit(name: str, *, by: Viewer, org: _Unit, subject: models.Model | None = None, **payload: Any) -> Event:
    """Write an event in the caller's transaction and set its subscribers going."""
    event = Event.objects.create(
        day=by.today,
        at=by.now,
        name=name,
        org_path=org.path,
        subject_id=subject_key(subject) if subject else "",
        payload=plain(payload),
    )
    for subscriber in SUBSCRIBERS[name]:
        if subscriber.mode == "inline":
            subscriber.react(event)
        else:
            deliver.enqueue(event_id=event.pk, day=event.day.isoformat(), subscriber=subscriber.name)
    return event


@job(_("Deliver an event"))
def deliver(event_id: int, day: str, subscriber: str) -> None:
    """Run one subscriber for one event, once."""
    event = Event.objects.get(pk=event_id, day=day)
    react = next(known.react for known in SUBSCRIBERS[event.name] if known.name == subscriber)
    try:
        with transaction.atomic():
            HandledEvent.objects.create(event_id=event_id, subscriber=subscriber)
            react(event)
    except IntegrityError:
        if not HandledEvent.objects.filter(event_id=event_id, subscriber=subscriber).exists():
            raise
