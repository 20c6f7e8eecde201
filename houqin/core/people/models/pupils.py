"""Classes, pupils and who looks after them."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from houqin.core.people.models.staff import Sex
from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.tables.ids import PublicIdField


class ClassGroup(ScopedModel):
    """A class of a school in a school year."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "people.view_pupils"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="classes", verbose_name=_("School"))
    name = models.CharField(_("Class"), max_length=40)
    grade = models.CharField(_("Grade"), max_length=20, blank=True)
    school_year = models.PositiveSmallIntegerField(_("School year"))
    teacher = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="classes",
        verbose_name=_("Class teacher"),
    )

    class Meta:
        ordering = ["org__path", "-school_year", "grade", "name"]
        verbose_name = _("Class")
        verbose_name_plural = _("Classes")
        constraints = [models.UniqueConstraint(fields=["org", "school_year", "name"], name="class_once_a_year")]

    def __str__(self) -> str:
        return self.name


class PupilQuerySet(ScopedQuerySet):
    """Pupils by day."""

    def on_roll(self, day: date) -> Self:
        """Pupils of the school on a day."""
        return self.filter(enrolled_on__lte=day).filter(Q(left_on__isnull=True) | Q(left_on__gt=day))


class Pupil(ScopedModel):
    """A child on a school's roll. Name and class are what meals, leave and recall need; nothing more is kept."""

    SCOPE_PATH = "org__path"
    SUBJECT_PATH = "pk"
    DATA_CLASS = DataClass.MINOR
    RETENTION_MONTHS = 12
    RETENTION_FROM = "left_on"
    VIEW_PERMISSION = "people.view_pupils"
    PURPOSE = _("Meals, leave, roll and recall need a name and a class; nothing more is kept.")
    STATE_FIELDS = frozenset({"left_on"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="pupils", verbose_name=_("School"))
    class_group = models.ForeignKey(
        ClassGroup, models.PROTECT, null=True, blank=True, related_name="pupils", verbose_name=_("Class")
    )
    name = models.CharField(_("Name"), max_length=40)
    sex = models.CharField(_("Sex"), max_length=1, choices=Sex, blank=True, default=Sex.UNSAID)
    is_boarder = models.BooleanField(_("Boarder"), default=False)
    enrolled_on = models.DateField(_("On the roll from"))
    left_on = models.DateField(_("Left on"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = PupilQuerySet.as_manager()

    class Meta:
        ordering = ["org__path", "class_group", "name"]
        verbose_name = _("Pupil")
        verbose_name_plural = _("Pupils")
        indexes = [models.Index(fields=["org", "name"], name="pupil_in_school")]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("enrolled_on")),
                name="pupil_leaves_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Guardianship(ScopedModel):
    """An account that looks after a pupil, and so sees the rows about this child."""

    SCOPE_PATH = "pupil__org__path"
    SUBJECT_PATH = "pupil"
    DATA_CLASS = DataClass.MINOR
    RETENTION_MONTHS = 12
    RETENTION_FROM = "ended_on"
    VIEW_PERMISSION = "people.view_pupils"
    PURPOSE = _("Whose account sees the rows about which child.")
    STATE_FIELDS = frozenset({"ended_on"})

    account = models.ForeignKey("people.Account", models.PROTECT, related_name="guardianships")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="guardianships")
    relation = models.CharField(_("Relation"), max_length=20, blank=True)
    ended_on = models.DateField(_("Until"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Guardianship")
        constraints = [models.UniqueConstraint(fields=["account", "pupil"], name="guardian_once")]

    def __str__(self) -> str:
        return f"{self.account} → {self.pupil}"
