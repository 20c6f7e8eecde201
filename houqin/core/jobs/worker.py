"""The worker process: django-tasks' loop, with a heartbeat that also reaps and enqueues periodic jobs.

It outlives its database: while that is away it waits, and then goes on under a new name, so that the job which it could
not finish is handed out again as that of a dead worker.
"""

import logging
import threading
import time
import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from django.db import Error, IntegrityError, close_old_connections, connection, transaction
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as DatabaseWorker

from houqin.core.jobs.models import LEASE, PeriodicSlot, Worker
from houqin.core.jobs.registry import PERIODIC
from houqin.core.jobs.retries import reap

log = logging.getLogger(__name__)
BEAT_SECONDS = 10.0
AWAY_SECONDS = 3.0
FORGET_WORKERS_AFTER = timedelta(days=1)
SKEW = timedelta(minutes=5)
"""By how much the clocks of two machines may differ."""


class SteadyClock:
    """Whether the clock has run evenly: after a jump no sign of life can be judged until everybody gave a new one."""

    def __init__(self) -> None:
        self._wall, self._even = timezone.now(), time.monotonic()
        self._judge_from = self._even

    def may_judge(self, now: datetime) -> bool:
        """Compares what passed by the wall clock with what really passed since it was asked last."""
        even = time.monotonic()
        jumped = abs((now - self._wall) - timedelta(seconds=even - self._even)) > LEASE / 2
        self._wall, self._even = now, even
        if jumped:
            log.warning("the clock jumped; for a while no job is taken from another worker")
            self._judge_from = even + LEASE.total_seconds()
        return even >= self._judge_from


def slot_of(now: datetime, every: timedelta) -> datetime:
    """The start of the slot that ``now`` lies in, counted from 1970 in UTC."""
    seconds = int(every.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=UTC)


def enqueue_due(now: datetime) -> list[str]:
    """Enqueue the periodic jobs whose slot has begun and which nobody enqueued yet; returns their names.

    Slots that were missed are not made up for: a job looks itself at what there is to do. A slot that lies ahead was
    taken by a clock that was wrong, and is given back.
    """
    PeriodicSlot.objects.filter(slot__gt=now + SKEW).delete()
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


def beat(worker_id: str, clock: SteadyClock) -> None:
    """Give a sign of life, hand out orphaned jobs, start what is due."""
    now = timezone.now()
    Worker.objects.update_or_create(
        id=worker_id, defaults={"seen_at": now}, create_defaults={"seen_at": now, "started_at": now}
    )
    Worker.objects.filter(seen_at__lt=now - FORGET_WORKERS_AFTER).delete()
    if clock.may_judge(now):
        reap()
    enqueue_due(now)


def _keep_beating(worker_id: str, clock: SteadyClock, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            close_old_connections()
            beat(worker_id, clock)
        except Error:
            log.exception("heartbeat failed; trying again")
        stop.wait(BEAT_SECONDS)
    connection.close()


def run(*, batch: bool = False, interval: float = 0.5) -> None:
    """Work until stopped; with ``batch`` until the queue is empty."""
    while True:
        try:
            _work(batch=batch, interval=interval)
        except Error:
            if batch:
                raise
            log.exception("the database does not answer; the worker waits for it")
            connection.close()
            time.sleep(AWAY_SECONDS)
        else:
            return


def _work(*, batch: bool, interval: float) -> None:
    """One life of a worker, under a name of its own."""
    worker_id, clock = uuid.uuid4().hex, SteadyClock()
    stop = threading.Event()
    beat(worker_id, clock)
    thread = threading.Thread(target=_keep_beating, args=(worker_id, clock, stop), daemon=True)
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
        with suppress(Error):
            Worker.objects.filter(id=worker_id).delete()
