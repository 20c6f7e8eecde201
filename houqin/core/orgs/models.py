"""Units of the tree and a school's facts over time."""

from datetime import date
from typing import Any, ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.tables.ids import PublicIdField

STEP = 4
MOST_CHILDREN = 9_998


def paths_down(path: str) -> list[str]:
    """The paths from the top of the tree down to this one."""
    return [path[:end] for end in range(STEP, len(path) + 1, STEP)]


class Kind(models.TextChoices):
    """Levels and things of the tree (R-001)."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    TOWN = "town", _("Town (central school)")
    SCHOOL = "school", _("School")
    CAMPUS = "campus", _("Campus")
    CANTEEN = "canteen", _("Canteen")
    DORMITORY = "dormitory", _("Dormitory")
    FLEET = "fleet", _("Bus fleet")


LEVELS = [Kind.PROVINCE, Kind.CITY, Kind.DISTRICT, Kind.TOWN, Kind.SCHOOL]
OFFICES = frozenset({Kind.PROVINCE, Kind.CITY, Kind.DISTRICT, Kind.TOWN})


class OrgQuerySet(ScopedQuerySet):
    """Units by kind and day."""

    def schools(self) -> Self:
        """Schools only."""
        return self.filter(kind=Kind.SCHOOL)


class OrgUnit(ScopedModel):
    """A unit of the tree. It is closed, merged or split, never deleted; its history stays under its own row.

    ``path`` is four digits a level; a subtree is a half-open range of it.
    """

    SCOPE_PATH = "path"
    DATA_CLASS = DataClass.PUBLIC
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "orgs.view"
    STATE_FIELDS = frozenset({"closed_on", "path"})

    public_id = PublicIdField()
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Belongs to")
    )
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind)
    name = models.CharField(_("Name"), max_length=80)
    path = models.CharField(max_length=64, unique=True, editable=False, validators=[RegexValidator(r"^(\d{4})+$")])
    code = models.CharField(_("School code"), max_length=18, blank=True)
    opened_on = models.DateField(_("Opened on"), default=date(2000, 1, 1))
    closed_on = models.DateField(_("Closed on"), null=True, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects: ClassVar[Any] = OrgQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        verbose_name = _("Unit")
        verbose_name_plural = _("Units")
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=Q(closed_on__isnull=True),
                name="org_name_once_under_parent",
                violation_error_message=_("A unit of this name already exists there."),
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=~Q(code="") & Q(closed_on__isnull=True),
                name="org_code_once",
                violation_error_message=_("Another unit already has this code."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="org_closed_after_opened",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "path"], name="org_kind_path"),
            models.Index(fields=["name"], name="org_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether the unit has not been closed."""
        return self.closed_on is None

    @property
    def ancestor_paths(self) -> list[str]:
        """Paths of the units above, topmost first."""
        return paths_down(self.path)[:-1]

    def chain(self) -> list["OrgUnit"]:
        """The units from the top down to this one, one query."""
        above = OrgUnit.objects.filter(path__in=self.ancestor_paths).order_by("path")
        return [*above, self]


class SchoolFactsQuerySet(ScopedQuerySet):
    """Facts by day."""

    def in_force(self, day: date) -> Self:
        """The facts that hold on a day: the newest of each school not later than it.

        A school whose first facts are later than the day is described by these first facts.
        """
        of_school = SchoolFacts.objects.filter(org_id=OuterRef("org_id"))
        newer = of_school.filter(valid_from__gt=OuterRef("valid_from"), valid_from__lte=day)
        earlier = of_school.filter(valid_from__lt=OuterRef("valid_from"))
        # Not "is the row that a subquery names": of that a planner expects few rows, and compares every school with each.
        return self.filter((Q(valid_from__lte=day) & ~Exists(newer)) | (Q(valid_from__gt=day) & ~Exists(earlier)))


class CanteenMode(models.TextChoices):
    """How meals come to the school (FS-10, 004四.1)."""

    OWN = "own", _("Run by the school")
    CONTRACTED = "contracted", _("Contracted out")
    ORDERED = "ordered", _("Meals ordered from outside")
    SHARED = "shared", _("Shared with another school")
    NONE = "none", _("No meals")


class SchoolFacts(ScopedModel):
    """A school's basic facts from a day on. A change is a new row; what was true then stays true then."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "orgs.view"

    org = models.ForeignKey(OrgUnit, models.PROTECT, related_name="facts")
    valid_from = models.DateField(_("Holds from"))
    school_type = models.CharField(_("Type of school"), max_length=20, blank=True)
    classes = models.PositiveIntegerField(_("Classes"), default=0)
    enrolment = models.PositiveIntegerField(_("Pupils"), default=0)
    boarders = models.PositiveIntegerField(_("Boarders"), default=0)
    staff = models.PositiveIntegerField(_("Staff"), default=0)
    canteen_mode = models.CharField(_("Canteen"), max_length=12, choices=CanteenMode, default=CanteenMode.OWN)
    principal_name = models.CharField(_("Head of school"), max_length=40, blank=True)
    phone = models.CharField(_("Telephone"), max_length=30, blank=True)

    objects: ClassVar[Any] = SchoolFactsQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = _("School facts")
        constraints = [
            models.UniqueConstraint(fields=["org", "valid_from"], name="facts_once_a_day"),
            models.CheckConstraint(
                condition=Q(boarders__lte=F("enrolment")),
                name="facts_boarders_within_enrolment",
                violation_error_message=_("There cannot be more boarders than pupils."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.valid_from}"

    def differs_from(self, values: dict[str, Any]) -> bool:
        """Whether any of these values is not what the row says."""
        return any(getattr(self, name) != value for name, value in values.items())


class Succession(ScopedModel):
    """One unit went on in another: by merger, split or move. The history of a closed unit is found through it."""

    SCOPE_PATH = "after__path"
    DATA_CLASS = DataClass.PUBLIC
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "orgs.view"

    class How(models.TextChoices):
        """What kind of reorganisation it was."""

        MERGED = "merged", _("Merged")
        SPLIT = "split", _("Split")

    before = models.ForeignKey(OrgUnit, models.PROTECT, related_name="went_on_in")
    after = models.ForeignKey(OrgUnit, models.PROTECT, related_name="came_from")
    how = models.CharField(_("How"), max_length=8, choices=How)
    on = models.DateField(_("On"))
    reason = models.CharField(_("Reason"), max_length=200)

    class Meta:
        ordering = ["-on"]
        constraints = [models.UniqueConstraint(fields=["before", "after"], name="succession_once")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
