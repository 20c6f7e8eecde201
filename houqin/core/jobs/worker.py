"""The worker process: django-tasks' loop, with a heartbeat that also reaps and enqueues periodic jobs."""

import logging
import threading
import uuid
from datetime import UTC, datetime, timedelta

from django.db import Error, IntegrityError, close_old_connections, connection, transaction
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as DatabaseWorker

from houqin.core.jobs.models import PeriodicSlot, Worker
from houqin.core.jobs.registry import PERIODIC
from houqin.core.jobs.retries import reap

log = logging.getLogger(__name__)
BEAT_SECONDS = 10.0
FORGET_WORKERS_AFTER = timedelta(days=1)


def slot_of(now: datetime, every: timedelta) -> datetime:
    """The start of the slot that ``now`` lies in, counted from 1970 in UTC."""
    seconds = int(every.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=UTC)


def enqueue_due(now: datetime) -> list[str]:
    """Enqueue the periodic jobs whose slot has begun and which nobody enqueued yet; returns their names."""
    started = []
    for name, periodic in PERIODIC.items():
        try:
            with transaction.atomic():
                PeriodicSlot.objects.create(job=name, slot=slot_of(now, periodic.every))
                periodic.task.enqueue()
        except IntegrityError:
            continue
        started.append(name)
    return started


def beat(worker_id: str) -> None:
    """Give a sign of life, hand out orphaned jobs, start what is due."""
    now = timezone.now()
    Worker.objects.update_or_create(
        id=worker_id, defaults={"seen_at": now}, create_defaults={"seen_at": now, "started_at": now}
    )
    Worker.objects.filter(seen_at__lt=now - FORGET_WORKERS_AFTER).delete()
    reap()
    enqueue_due(now)


def _keep_beating(worker_id: str, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            close_old_connections()
            beat(worker_id)
        except Error:
            log.exception("heartbeat failed; trying again")
        stop.wait(BEAT_SECONDS)
    connection.close()


def run(*, batch: bool = False, interval: float = 0.5) -> None:
    """Work until stopped; with ``batch`` until the queue is empty."""
    worker_id = uuid.uuid4().hex
    stop = threading.Event()
    beat(worker_id)
    thread = threading.Thread(target=_keep_beating, args=(worker_id, stop), daemon=True)
    thread.start()
    worker = DatabaseWorker(
        queue_names=["*"],
        interval=interval,
        batch=batch,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_id,
        excluded_queue_names=[],
    )
    worker.configure_signals()
    try:
        worker.run()
    finally:
        stop.set()
        thread.join(timeout=5)
        Worker.objects.filter(id=worker_id).delete()
