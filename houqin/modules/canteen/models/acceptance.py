"""What the door of the store adds to a delivery: goods turned away, codes on packs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.files.models import StoredFile
from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.tables.ids import PublicIdField
from houqin.modules.canteen.models.goods import Product
from houqin.modules.canteen.models.stock import Delivery


class TurnedAway(ScopedModel):
    """拒收: goods that were not taken in, why, and what became of them on the spot. They never were in store."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"

    class Why(models.TextChoices):
        """Why goods are turned away."""

        EXPIRED = "expired", _("Past its date")
        NO_DATE = "no_date", _("No production date on the pack")
        NO_CERTIFICATE = "no_certificate", _("Certificate missing")
        TEMPERATURE = "temperature", _("Too warm")
        SENSES = "senses", _("Looks or smells bad")
        DAMAGED = "damaged", _("Pack broken")
        NOT_ORDERED = "not_ordered", _("Not what was ordered")
        TOO_MUCH = "too_much", _("More than ordered")
        OTHER = "other", _("Something else")

    class Outcome(models.TextChoices):
        """What became of them."""

        RETURNED = "returned", _("Returned on the spot")
        DESTROYED = "destroyed", _("Destroyed on the spot")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="turned_away", verbose_name=_("Delivery"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("Product"))
    refused_on = models.DateField(_("Day"))
    quantity_grams = models.BigIntegerField(_("Weight"))
    why = models.CharField(_("Reason"), max_length=16, choices=Why)
    words = models.CharField(_("In words"), max_length=200, blank=True)
    outcome = models.CharField(_("What became of it"), max_length=10, choices=Outcome)
    photo = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Photo")
    )

    class Meta:
        ordering = ["-refused_on", "-id"]
        verbose_name = _("Goods turned away")
        verbose_name_plural = _("Goods turned away")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity_grams__gt=0),
                name="turned_away_weighs_something",
                violation_error_message=_("The weight has to be more than nothing."),
            )
        ]
        indexes = [
            models.Index(fields=["org", "refused_on"], name="turned_away_by_day"),
            models.Index(fields=["refused_on"], name="turned_away_day"),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.quantity_grams / 1000:g} kg"


class GoodsCode(ScopedModel):
    """A barcode on a pack and what it stands for: learnt once, known to the unit and all below it."""

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "canteen.view"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Kept by"))
    code = models.CharField(_("Barcode"), max_length=20)
    product = models.ForeignKey(Product, models.PROTECT, related_name="codes", verbose_name=_("Product"))
    pack_grams = models.PositiveIntegerField(_("Content of a pack"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("Barcode")
        verbose_name_plural = _("Barcodes")
        constraints = [models.UniqueConstraint(fields=["org", "code"], name="goods_code_once")]
        indexes = [models.Index(fields=["code"], name="goods_code")]

    def __str__(self) -> str:
        return self.code
