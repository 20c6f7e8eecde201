"""Firms as recorded."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.merging.models import Mergeable
from houqin.core.scope.models import DataClass
from houqin.core.subjects.models import Subject
from houqin.core.tables.ids import PublicIdField


class Party(Mergeable):
    """A firm, co-operative or person that a unit buys from, as somebody wrote its name.

    Owned by a unit, visible below it. Two names of one firm are merged, with undo.
    """

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "parties.view"
    MERGE_PERMISSION = "parties.merge"
    STATE_FIELDS = frozenset({"merged_into", "root"})

    public_id = PublicIdField()
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="+", editable=False)
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="parties", verbose_name=_("Kept by"))
    name = models.CharField(_("Name"), max_length=120)
    credit_code = models.CharField(_("Social credit code"), max_length=18, blank=True)
    address = models.CharField(_("Address"), max_length=200, blank=True)
    contact = models.CharField(_("Contact"), max_length=40, blank=True)
    phone = models.CharField(_("Telephone"), max_length=30, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("Supplier")
        verbose_name_plural = _("Suppliers")
        constraints = [
            models.UniqueConstraint(
                fields=["org", "name"],
                name="party_once_in_unit",
                violation_error_message=_("This name is recorded here already."),
            ),
            models.UniqueConstraint(
                fields=["org", "credit_code"],
                condition=~Q(credit_code=""),
                name="party_credit_code_once",
                violation_error_message=_("Another firm has this social credit code."),
            ),
        ]
        indexes = [models.Index(fields=["name"], name="party_name")]

    def __str__(self) -> str:
        return self.name
