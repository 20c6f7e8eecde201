"""Campus, building, room, store, refrigerator, equipment."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from houqin.core.files.models import StoredFile
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
    and duties concern the place, and when equipment made on ``made_on`` is serviced and scrapped. ``owner_post`` (a kind of
    post) or ``owner_person`` answers for it and for what stands in it; neither: see ``owners``.
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
    owner_post = models.CharField(_("Post that answers for it"), max_length=40, blank=True)
    owner_person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Who answers for it")
    )
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


class StopQuerySet(ScopedQuerySet):
    """Stops by whether they stand."""

    def standing(self) -> Self:
        """Not released."""
        return self.filter(released_at__isnull=True)

    def between(self, first: date, last: date) -> Self:
        """Standing on some day from the first to the last."""
        ends = models.Q(released_at__isnull=True) | models.Q(released_at__date__gte=first)
        return self.filter(ends, since__date__lte=last)


class Stop(ScopedModel):
    """挂牌停用: somebody stopped the use of a place; released with a reason, never deleted.

    ``source`` is what it was stopped for (a finding): it is released there. A place is stopped once for each source and
    once by hand at a time; it may be used when none stands.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "places.view"
    STATE_FIELDS = frozenset({"released_at", "released_by", "released_why"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="stops", verbose_name=_("Place"))
    reason = models.CharField(_("Reason"), max_length=200)
    source = models.ForeignKey(
        Subject, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Stopped for")
    )
    photo = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Photo")
    )
    since = models.DateTimeField(_("Since"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))
    released_at = models.DateTimeField(_("Released"), null=True, blank=True, editable=False)
    released_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("Released by"),
    )  # fmt: skip
    released_why = models.CharField(_("Why released"), max_length=200, blank=True, editable=False)

    objects: ClassVar[Any] = StopQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-id"]
        verbose_name = _("Stop of use")
        verbose_name_plural = _("Stops of use")
        constraints = [
            models.UniqueConstraint(
                fields=["place"],
                condition=models.Q(released_at__isnull=True, source__isnull=True),
                name="stop_by_hand_once",
            ),
            models.UniqueConstraint(
                fields=["place", "source"],
                condition=models.Q(released_at__isnull=True, source__isnull=False),
                name="stop_for_source_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} · {self.reason}"
