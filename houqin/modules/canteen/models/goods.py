"""What is bought."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from houqin.core.merging.models import Mergeable
from houqin.core.scope.models import DataClass
from houqin.core.subjects.models import Subject
from houqin.core.tables.ids import PublicIdField


class Category(models.TextChoices):
    """Main groups of food for schools (standards §1.7)."""

    GRAIN = "grain", _("Grain")
    MEAT = "meat", _("Meat")
    POULTRY = "poultry", _("Poultry")
    EGG = "egg", _("Eggs")
    FISH = "fish", _("Fish")
    MILK = "milk", _("Milk")
    SOY = "soy", _("Soy products")
    VEGETABLE = "vegetable", _("Vegetables")
    FRUIT = "fruit", _("Fruit")
    OIL = "oil", _("Oil")
    SEASONING = "seasoning", _("Seasoning")
    OTHER = "other", _("Other")


class Product(Mergeable):
    """A kind of food as somebody wrote its name. Owned by a unit, visible below it, merged with undo."""

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "canteen.view"
    MERGE_PERMISSION = "canteen.manage_products"
    STATE_FIELDS = frozenset({"merged_into", "root"})

    public_id = PublicIdField()
    subject = models.OneToOneField(Subject, models.PROTECT, null=True, related_name="product", editable=False)
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Kept by"))
    name = models.CharField(_("Name"), max_length=60)
    category = models.CharField(_("Category"), max_length=12, choices=Category, default=Category.OTHER)
    shelf_life_days = models.PositiveIntegerField(_("Usual shelf life (days)"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("Product")
        verbose_name_plural = _("Products")
        constraints = [
            models.UniqueConstraint(
                fields=["org", "name"],
                name="product_once_in_unit",
                violation_error_message=_("This name is recorded here already."),
            )
        ]
        indexes = [models.Index(fields=["name"], name="product_name")]

    def __str__(self) -> str:
        return self.name
