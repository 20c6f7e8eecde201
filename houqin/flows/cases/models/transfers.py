"""Cases handed over to other departments."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel
from houqin.flows.cases.models.cases import Case, OfCaseQuerySet


class Department(models.TextChoices):
    """To whom a case is handed over."""

    MARKET = "market", _("Market supervision")
    TRAFFIC = "traffic", _("Traffic police")
    POLICE = "police", _("Police")
    HEALTH = "health", _("Health and disease control")
    FIRE = "fire", _("Fire and rescue")
    URBAN = "urban", _("Urban management")
    PRICE = "price", _("Price supervision")
    HOUSING = "housing", _("Housing and construction")
    ENVIRONMENT = "environment", _("Environment")
    DISCIPLINE = "discipline", _("Discipline inspection")
    OTHER = "other", _("Other")


class SentHow(models.TextChoices):
    """How papers were handed over."""

    HAND = "hand", _("By hand")
    POST = "post", _("By registered post")
    NETWORK = "network", _("By the official document network")
    FAX = "fax", _("By fax")


class Transfer(ScopedModel):
    """A case handed over to another department: which papers, how they were sent, the receipt and the answer.

    The photo of the receipt stands at its step, and so do all deadlines.
    """

    SCOPE_PATH = "case__org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "cases.view"
    STATE_FIELDS = frozenset({"sent_at"})

    case = models.OneToOneField(Case, models.PROTECT, related_name="transfer", verbose_name=_("Case"))
    department = models.CharField(_("Department"), max_length=12, choices=Department)
    counterpart = models.CharField(_("Counterpart unit"), max_length=120)
    contact = models.CharField(_("Contact"), max_length=120, blank=True)
    letter = models.TextField(_("Text of the letter"))
    papers = models.JSONField(_("Papers handed over"), default=list)
    sent_how = models.CharField(_("How it was sent"), max_length=10, choices=SentHow, blank=True)
    sent_on = models.DateField(_("Sent on"), null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Sent by")
    )
    receipt_number = models.CharField(_("Number of the receipt"), max_length=80, blank=True)
    receipt_on = models.DateField(_("Receipt of"), null=True, blank=True)
    answer = models.TextField(_("Answer"), blank=True)
    answered_on = models.DateField(_("Answered on"), null=True, blank=True)

    objects: ClassVar[Any] = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("Transfer to another department")
        verbose_name_plural = _("Transfers to other departments")

    def __str__(self) -> str:
        return f"{self.case.number} {self.counterpart}"
