"""What stays of looking at inspections: monthly reports as issued, and what somebody should look at again."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.tables.ids import PublicIdField
from houqin.modules.inspections.secrecy import FlagQuerySet, ReportQuerySet


class Report(ScopedModel):
    """A unit's monthly quality report as it was issued: sentences and tables, and the remark of who issued it. Never changed.

    Issued again, it is a further ``version``; the earlier ones stay.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "indicators.view"

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    month = models.DateField(_("Month"))
    version = models.PositiveSmallIntegerField(_("Version"), default=1)
    content = models.JSONField(editable=False, help_text="{until, sentences, tables: [{title, heads, rows}]}")
    remark = models.TextField(_("Remark"), blank=True)
    issued_at = models.DateTimeField(_("Issued on"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    objects: ClassVar[Any] = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "-version"]
        verbose_name = _("Monthly report")
        verbose_name_plural = _("Monthly reports")
        constraints = [models.UniqueConstraint(fields=["org", "month", "version"], name="report_version_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.org}"


class Flag(ScopedModel):
    """Something about inspections that a person of the office should look at. It accuses nobody: it says what was compared.

    ``key`` keeps one thing from being flagged twice; what was looked at and dismissed with a reason is not flagged again.
    ``facts`` are the figures of its explanation.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "inspections.plan"
    PURPOSE = _("So that favours among inspectors are noticed; it accuses nobody.")
    STATE_FIELDS = frozenset({"dismissed_at"})

    class Kind(models.TextChoices):
        """What caught the eye."""

        STRICTNESS = "strictness", _("An inspector sees more or less than others at like schools")
        PERFECT = "perfect", _("A self-check without a fault before a visit with several")
        PHOTO = "photo", _("A photo that looks like an earlier one")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    kind = models.CharField(_("What caught the eye"), max_length=12, choices=Kind)
    key = models.CharField(max_length=160, unique=True, editable=False)
    facts = models.JSONField(default=dict, editable=False)
    inspector = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Inspector")
    )
    address = models.CharField(max_length=300, blank=True, editable=False)
    flagged_at = models.DateTimeField(_("Noticed"))
    dismissed_at = models.DateTimeField(_("Looked at"), null=True, blank=True, editable=False)
    dismissed_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("Looked at by"),
    )  # fmt: skip
    reason = models.CharField(_("What came of it"), max_length=300, blank=True, editable=False)

    objects: ClassVar[Any] = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["-flagged_at", "-pk"]
        verbose_name = _("Hint")
        verbose_name_plural = _("Hints")
        constraints = [
            models.CheckConstraint(condition=Q(dismissed_at__isnull=True) | ~Q(reason=""), name="flag_dismissed_why")
        ]
        indexes = [models.Index(fields=["org", "flagged_at"], name="flag_by_unit")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.org}"
