"""What happened, written by the verb that did it, so that rooms above can react."""

from django.db import models

from houqin.core.scope.models import DataClass, ScopedModel


class Event(ScopedModel):
    """Something that happened at a unit. Append-only."""

    SCOPE_PATH = "org_path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 12
    VIEW_PERMISSION = "audit.view"
    PARTITIONED = True

    day = models.DateField()
    at = models.DateTimeField()
    name = models.CharField(max_length=80)
    org_path = models.CharField(max_length=64, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    payload = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["name", "at"], name="event_by_name")]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class HandledEvent(models.Model):
    """A subscriber has done its job for an event: a second delivery does nothing."""

    SCOPE_EXEMPT = "bookkeeping of deliveries, holds ids only"

    event_id = models.BigIntegerField()
    subscriber = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "subscriber"], name="event_handled_once")]
