"""Papers that offices still ask for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from houqin.core.parties.models import Party
from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.tables.ids import PublicIdField
from houqin.modules.canteen.models.meals import Meal
from houqin.modules.canteen.models.stock import Delivery


class VoucherKind(models.TextChoices):
    """The usual forms."""

    ACCEPTANCE = "acceptance", _("Acceptance sheet")
    RECEIPT = "receipt", _("Goods-received note")
    ISSUE = "issue", _("Goods-issued note")
    SETTLEMENT = "settlement", _("Monthly settlement")


class Voucher(ScopedModel):
    """The number of a printed form: given once, the same on every print. What it shows is read from the records."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    kind = models.CharField(_("Form"), max_length=12, choices=VoucherKind)
    number = models.CharField(_("Number"), max_length=30)
    day = models.DateField(_("Day"), help_text="of a settlement: the last day of its month")
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, blank=True, related_name="vouchers")
    meal = models.ForeignKey(Meal, models.PROTECT, null=True, blank=True, related_name="vouchers")
    supplier = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Supplier")
    )
    made_at = models.DateTimeField(_("Numbered"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["-day", "-number"]
        verbose_name = _("Form")
        verbose_name_plural = _("Forms")
        constraints = [
            models.UniqueConstraint(fields=["org", "number"], name="voucher_number_once"),
            models.UniqueConstraint(
                fields=["kind", "delivery"],
                condition=models.Q(delivery__isnull=False),
                name="voucher_once_a_delivery",
            ),
            models.UniqueConstraint(
                fields=["kind", "meal"], condition=models.Q(meal__isnull=False), name="voucher_once_a_meal"
            ),
            models.UniqueConstraint(
                fields=["org", "supplier", "day"],
                condition=models.Q(supplier__isnull=False),
                name="settlement_once_a_month",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "day"], name="voucher_by_day"),
            models.Index(fields=["day"], name="voucher_day"),
        ]

    def __str__(self) -> str:
        return self.number
