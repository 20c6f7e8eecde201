"""Contracts of property services, by which the score of a month counts in money (R-022)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.tables.ids import PublicIdField


class Service(models.TextChoices):
    """What a firm does for a school."""

    CLEANING = "cleaning", _("Cleaning")
    GREEN = "green", _("Green areas")
    GUARDS = "guards", _("Guards")
    DINING = "dining", _("Dining service")


class ServiceContract(ScopedModel):
    """What a school pays a firm for a service each month, and how much is kept back at which score, as the two agreed.

    Never edited: a change ends it and makes another, so that what was kept back in a month can always be reckoned again.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "inspections.view"
    STATE_FIELDS = frozenset({"ended_on"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    service = models.CharField(_("Service"), max_length=10, choices=Service)
    firm = models.CharField(_("Firm"), max_length=120)
    fee_fen = models.PositiveBigIntegerField(_("Paid a month"))
    steps = models.JSONField(
        _("Kept back"), default=list, help_text="[[least score, percent of the month]], the best first"
    )
    from_on = models.DateField(_("From"))
    until_on = models.DateField(_("Until"))
    ended_on = models.DateField(_("Ended"), null=True, blank=True, editable=False)
    set_at = models.DateTimeField(_("Written"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["org__path", "service", "-from_on"]
        verbose_name = _("Contract of a service")
        verbose_name_plural = _("Contracts of services")
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="contract_days_in_order"),
            models.UniqueConstraint(
                fields=["org", "service"], condition=Q(ended_on__isnull=True), name="contract_once_a_service",
                violation_error_message=_("A contract of this service stands already. End it first."),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["org", "service", "from_on"], name="contract_by_school")]

    def __str__(self) -> str:
        return f"{self.get_service_display()} · {self.firm}"
