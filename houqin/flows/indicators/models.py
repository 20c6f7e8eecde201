"""What each unit's indicators were on each day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel


class DailyFact(ScopedModel):
    """One indicator of one unit on one day: ``amount`` of ``of``. A leaf: partitioned by day, nothing points at it.

    An office's is the sum of its schools, as the tree was on that day (``org_path``), so that a board of two thousand schools
    reads no more rows than that of one. ``alike`` tells schools apart that are alike (type, boarding): an office has a row for
    each kind. Written by the nightly job alone, whole days at a time.
    """

    SCOPE_PATH = "org_path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 120
    VIEW_PERMISSION = "indicators.view"
    PARTITIONED = True

    day = models.DateField(_("Day"))
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", db_index=False, verbose_name=_("Unit"))
    org_path = models.CharField(max_length=64)
    alike = models.CharField(_("Kind of school"), max_length=30, blank=True)
    indicator = models.CharField(_("Indicator"), max_length=40)
    amount = models.BigIntegerField(_("Part"))
    of = models.BigIntegerField(_("Whole"))

    class Meta:
        verbose_name = _("Daily figure")
        verbose_name_plural = _("Daily figures")
        constraints = [models.UniqueConstraint(fields=["day", "org", "indicator", "alike"], name="fact_once")]
        indexes = [models.Index(fields=["org", "indicator", "day"], name="fact_of_unit")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.day}"
