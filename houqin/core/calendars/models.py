"""Terms and the days that are not as the national calendar has them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.tables.ids import PublicIdField


class Term(ScopedModel):
    """A term as a unit set it for all below it; the nearest unit's own term comes first."""

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.PUBLIC
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "calendars.view"

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Set by"))
    school_year = models.PositiveSmallIntegerField(_("School year"), help_text="the year in which it begins")
    name = models.CharField(_("Term"), max_length=40)
    starts_on = models.DateField(_("First day"))
    ends_on = models.DateField(_("Last day"))

    class Meta:
        ordering = ["-starts_on", "org__path"]
        verbose_name = _("Term")
        verbose_name_plural = _("Terms")
        constraints = [
            models.UniqueConstraint(
                fields=["org", "school_year", "name"],
                name="term_once",
                violation_error_message=_("This term is set here already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="term_ends_after_start",
                violation_error_message=_("The last day comes after the first."),
            ),
        ]
        indexes = [models.Index(fields=["starts_on", "ends_on"], name="term_by_day")]

    def __str__(self) -> str:
        return f"{self.school_year}–{self.school_year + 1} {self.name}"


class DayKind(models.TextChoices):
    """What a marked day is."""

    HOLIDAY = "holiday", _("Holiday")
    MAKE_UP = "make_up", _("Adjusted workday")
    CLOSURE = "closure", _("School closed")
    BOARDING_WEEKEND = "boarding_weekend", _("Boarding weekend")


class DayMark(ScopedModel):
    """One day that a unit marked for all below it; the nearest unit's mark comes first. Taken back, the row goes."""

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.PUBLIC
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "calendars.view"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Set by"))
    day = models.DateField(_("Day"))
    kind = models.CharField(_("Kind"), max_length=16, choices=DayKind)
    label = models.CharField(_("Reason"), max_length=60, blank=True)

    class Meta:
        ordering = ["-day", "org__path"]
        verbose_name = _("Marked day")
        verbose_name_plural = _("Marked days")
        constraints = [
            models.UniqueConstraint(
                fields=["org", "day"],
                name="day_marked_once",
                violation_error_message=_("This day is marked here already."),
            )
        ]
        indexes = [models.Index(fields=["day"], name="mark_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"
