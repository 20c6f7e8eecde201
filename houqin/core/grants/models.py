"""Roles given to accounts over units."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from houqin.core.grants.roles import ROLE_CHOICES, ROLES, Role
from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet


class GrantQuerySet(ScopedQuerySet):
    """Grants by day."""

    def on(self, day: date) -> Self:
        """Grants that hold on a day."""
        return self.filter(from_on__lte=day).filter(Q(to_on__isnull=True) | Q(to_on__gt=day))


class Grant(ScopedModel):
    """An account holds a role over a unit and all below it, from a day to a day. Ended, never deleted."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = 36
    RETENTION_FROM = "to_on"
    VIEW_PERMISSION = "grants.view"
    PURPOSE = _("Which account may do what, where and how long.")
    STATE_FIELDS = frozenset({"to_on"})

    account = models.ForeignKey("people.Account", models.PROTECT, related_name="grants", verbose_name=_("Account"))
    role = models.CharField(_("Role"), max_length=30, choices=ROLE_CHOICES)
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="grants", verbose_name=_("Unit"))
    from_on = models.DateField(_("From"))
    to_on = models.DateField(_("Ended on"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["org__path", "role"]
        verbose_name = _("Role held")
        verbose_name_plural = _("Roles held")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "org"],
                condition=Q(to_on__isnull=True),
                name="grant_once",
                violation_error_message=_("This account holds the role there already."),
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="grant_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} · {self.get_role_display()} · {self.org}"

    @property
    def kind(self) -> Role:
        """The role itself."""
        return ROLES[self.role]
