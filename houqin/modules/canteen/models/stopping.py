"""停供: somebody decided that a kitchen does not cook, and what the children eat instead."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.subjects.models import Subject
from houqin.core.tables.ids import PublicIdField


class KitchenStopQuerySet(ScopedQuerySet):
    """Stops by whether they stand."""

    def standing(self) -> Self:
        """Not released."""
        return self.filter(released_at__isnull=True)


class KitchenStop(ScopedModel):
    """A kitchen that does not cook until another person releases it. Who decided is always a person, with what is eaten instead.

    ``source`` is what it is stopped for (a finding). Boarders eat three times a day, whatever happens: where there are
    any, their meals are named apart. Its rooms carry the mark of a stop whose source is ``subject``.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "canteen.view"
    STATE_FIELDS = frozenset({"released_at", "released_by"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="+", editable=False)
    source = models.ForeignKey(
        Subject, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("Stopped for")
    )
    reason = models.CharField(_("Reason"), max_length=200)
    instead = models.CharField(_("Eaten instead"), max_length=200)
    boarders_instead = models.CharField(_("Boarders eat"), max_length=200, blank=True)
    since = models.DateTimeField(_("Since"))
    decided_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+", verbose_name=_("Decided by"))
    released_at = models.DateTimeField(_("Released"), null=True, blank=True, editable=False)
    released_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("Released by"),
    )  # fmt: skip
    released_why = models.CharField(_("Why released"), max_length=200, blank=True, editable=False)

    objects: ClassVar[Any] = KitchenStopQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-id"]
        verbose_name = _("Kitchen stopped")
        verbose_name_plural = _("Kitchens stopped")
        constraints = [
            models.UniqueConstraint(fields=["org"], condition=Q(released_at__isnull=True), name="kitchen_stopped_once"),
            models.CheckConstraint(condition=~Q(instead=""), name="kitchen_stop_feeds_children"),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("decided_by")),
                name="kitchen_released_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org} · {self.reason}"
