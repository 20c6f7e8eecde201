"""Where each recorded row came from, so that the same sheet again changes nothing."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from houqin.core.scope.models import DataClass, ScopedModel


class RecordedRow(ScopedModel):
    """A line of a sheet that was written: which fact it is (unit, kind, key, ordinal among equals), what it said
    (digest) and under which public id it is recorded. A corrected line closes this row and opens the next."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "sheets.view"
    STATE_FIELDS = frozenset({"reversed_by", "source"})

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    ordinal = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)
    target = models.UUIDField()
    day = models.DateField(null=True)
    source = models.CharField(max_length=300)
    run = models.ForeignKey("sheets.ImportRun", models.PROTECT, related_name="recorded")
    reversed_by = models.ForeignKey("sheets.ImportRun", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "kind", "key", "ordinal"],
                condition=Q(reversed_by__isnull=True),
                name="recorded_once",
            )
        ]
        indexes = [models.Index(fields=["org", "kind", "source"], name="recorded_by_source")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"
