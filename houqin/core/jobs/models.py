"""What django-tasks leaves open: which workers live, what ran in which slot, how far a long job is."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

LEASE = timedelta(seconds=60)
"""So long after its last sign of life a worker counts as alive, and its job as its own."""


class WorkerQuerySet(models.QuerySet["Worker"]):
    """Workers by whether they live."""

    def alive(self) -> Self:
        """Gave a sign of life within the lease. One that lies ahead was given by a clock that was wrong."""
        now = timezone.now()
        return self.filter(seen_at__range=(now - LEASE, now + LEASE))


class Worker(models.Model):
    """A worker process and when it last gave a sign of life. A job of a silent worker is handed out again."""

    SCOPE_EXEMPT = "runs of the installation, no row of a school"

    id = models.CharField(primary_key=True, max_length=64)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    objects: ClassVar[Any] = WorkerQuerySet.as_manager()


class PeriodicSlot(models.Model):
    """A periodic job that was enqueued for a slot of time; unique, so that two workers enqueue it once."""

    SCOPE_EXEMPT = "runs of the installation, no row of a school"

    job = models.CharField(max_length=100)
    slot = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="jobs_one_run_per_slot")]


class Progress(models.Model):
    """How far a long job is, under a key that the page which started it knows."""

    SCOPE_EXEMPT = "figures about a job, shown only by the page that holds the key"

    key = models.CharField(primary_key=True, max_length=100)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
