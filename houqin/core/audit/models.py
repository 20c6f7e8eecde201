"""Who did what to which row, when and through which door."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.scope.viewer import Viewer

Secrets = Callable[[Viewer], Iterable[UUID]]
_SECRETS: list[Secrets] = []


def keeps_secret(function: Secrets) -> Secrets:
    """Register the public ids of records that a viewer must not know of yet: neither are deeds on them on the trail."""
    _SECRETS.append(function)
    return function


class AuditQuerySet(ScopedQuerySet):
    """Entries of the trail."""

    def visible_to(self, viewer: Viewer, permission: str | None = None) -> Self:
        """Within reach, and about nothing that is a secret from the viewer for the time being."""
        rows = super().visible_to(viewer, permission)
        if viewer.is_system:
            return rows
        hidden = [str(one) for function in _SECRETS for one in function(viewer)]
        return rows.exclude(subject_id__in=hidden) if hidden else rows


class AuditEntry(ScopedModel):
    """One deed. Written in the deed's own transaction, never changed, never deleted before its retention ends.

    It names things by public id, not by foreign key, so that it outlives them.
    """

    SCOPE_PATH = "org_path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "audit.view"
    PURPOSE = _("Who did what, when and from where: proof for honest people, and six months at least by law.")
    PARTITIONED = True

    day = models.DateField(_("Day"))
    at = models.DateTimeField(_("Time"))
    event = models.CharField(_("Deed"), max_length=80)
    org_path = models.CharField(max_length=64, blank=True)
    org_name = models.CharField(_("Unit"), max_length=120, blank=True)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(_("Person"), max_length=120)
    channel = models.CharField(_("Through"), max_length=10)
    subject_kind = models.CharField(_("Kind of record"), max_length=80, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    subject_label = models.CharField(_("Record"), max_length=200, blank=True)
    detail = models.JSONField(_("Details"), default=dict)

    objects: ClassVar[Any] = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("Entry of the trail")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["subject_id", "at"], name="audit_by_subject"),
            models.Index(fields=["org_path", "at"], name="audit_by_org"),
            models.Index(fields=["at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject_label}"
