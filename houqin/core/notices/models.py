"""The inbox of an account."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.scope.viewer import Viewer


class NoticeQuerySet(ScopedQuerySet):
    """Notices by reader."""

    def visible_to(self, viewer: Viewer, permission: str | None = None) -> Self:
        """One's own notices: nobody reads another's inbox, whatever their role."""
        return self.filter(account_id=viewer.account_id)

    def unread(self) -> Self:
        """Not yet opened."""
        return self.filter(read_at__isnull=True)


class Notice(ScopedModel):
    """Something an account should know, with the page to open. Kept until its retention ends."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = 12
    RETENTION_FROM = "at"
    VIEW_PERMISSION = "orgs.view"
    PURPOSE = _("To tell somebody what they have to know or do.")
    STATE_FIELDS = frozenset({"read_at"})

    class Level(models.TextChoices):
        """How much it matters."""

        INFO = "info", _("For information")
        SOON = "soon", _("Needs you soon")
        NOW = "now", _("Needs you now")

    account = models.ForeignKey("people.Account", models.CASCADE, related_name="notices")
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    at = models.DateTimeField(_("Time"))
    title = models.CharField(_("Title"), max_length=200)
    body = models.TextField(_("Text"), blank=True)
    url = models.CharField(max_length=300, blank=True)
    level = models.CharField(_("Urgency"), max_length=6, choices=Level, default=Level.INFO)
    read_at = models.DateTimeField(_("Read"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("Notice")
        verbose_name_plural = _("Notices")
        indexes = [
            models.Index(fields=["account", "read_at", "-at"], name="notice_inbox"),
            models.Index(fields=["level", "at"], condition=models.Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.title
