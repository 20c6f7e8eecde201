"""Events: in the verb's transaction, delivered once."""

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from houqin.core.events import bus
from houqin.core.events.models import Event, HandledEvent


@pytest.fixture
def heard(monkeypatch):
    got: list[int] = []
    subscribers = {
        "test.inline": [bus.Subscriber("inline", "inline", lambda event: got.append(event.pk))],
        "test.job": [bus.Subscriber("later", "job", lambda event: got.append(event.pk))],
    }
    monkeypatch.setattr(bus, "SUBSCRIBERS", subscribers)
    return got


def test_an_inline_subscriber_reacts_at_once(world, heard) -> None:
    event = bus.emit("test.inline", by=world.system, org=world.school_a, kg=3)
    assert heard == [event.pk]
    assert Event.objects.get().payload == {"kg": 3}


def test_a_job_subscriber_is_enqueued_with_the_event_and_reacts_once(world, heard) -> None:
    event = bus.emit("test.job", by=world.system, org=world.school_a)
    assert heard == []
    job = DBTaskResult.objects.get()
    for _time in range(2):
        bus.deliver.call(**job.args_kwargs["kwargs"])
    assert heard == [event.pk]
    assert HandledEvent.objects.count() == 1


def test_what_is_rolled_back_was_never_said(world, heard) -> None:
    with transaction.atomic():
        bus.emit("test.job", by=world.system, org=world.school_a)
        transaction.set_rollback(True)
    assert not Event.objects.exists()
    assert not DBTaskResult.objects.exists()
