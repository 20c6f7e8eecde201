"""Campus, building, room, store, refrigerator, equipment."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.subjects.models import Subject
from houqin.core.tables.ids import PublicIdField
from houqin.lib.codes import label_code


class PlaceKind(models.TextChoices):
    """What a place is."""

    CAMPUS = "campus", _("Campus")
    BUILDING = "building", _("Building")
    ROOM = "room", _("Room")
    STORE = "store", _("Store")
    REFRIGERATOR = "refrigerator", _("Refrigerator")
    SAMPLE_REFRIGERATOR = "sample_fridge", _("Refrigerator for samples")
    EQUIPMENT = "equipment", _("Equipment")


class PlaceQuerySet(ScopedQuerySet):
    """Places by whether they are in use."""

    def in_use(self) -> Self:
        """Not taken out of use."""
        return self.filter(closed_on__isnull=True)


class Place(ScopedModel):
    """Somewhere or something that work is done at, with a label to scan. Taken out of use, never deleted.

    ``use`` names an entry of the catalogue ``places`` (a dormitory room, a dry-powder extinguisher): it says which ledgers
    and duties concern the place, and when equipment made on ``made_on`` is serviced and scrapped.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "places.view"
    STATE_FIELDS = frozenset({"closed_on"})

    public_id = PublicIdField()
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="+", editable=False)
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    within = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("Stands in")
    )
    kind = models.CharField(_("Kind"), max_length=14, choices=PlaceKind)
    name = models.CharField(_("Name"), max_length=60)
    use = models.CharField(_("What for"), max_length=40, blank=True)
    serial = models.CharField(_("Serial number"), max_length=40, blank=True)
    made_on = models.DateField(_("Made on"), null=True, blank=True)
    note = models.CharField(_("Remark"), max_length=200, blank=True)
    label_code = models.CharField(_("Label code"), max_length=16, unique=True, default=label_code, editable=False)
    closed_on = models.DateField(_("Out of use since"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["org__path", "kind", "name"]
        verbose_name = _("Place")
        verbose_name_plural = _("Places")
        constraints = [
            models.UniqueConstraint(
                fields=["org", "name"],
                condition=models.Q(closed_on__isnull=True),
                name="place_once",
                violation_error_message=_("A place of this name exists already."),
            )
        ]
        indexes = [
            models.Index(fields=["org", "kind"], name="place_by_kind"),
            models.Index(fields=["use", "org"], name="place_by_use"),
        ]

    def __str__(self) -> str:
        return self.name
