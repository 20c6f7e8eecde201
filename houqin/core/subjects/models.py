"""The thing that a mechanism's row is about, without knowing its table."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.tables.ids import PublicIdField


class Subject(ScopedModel):
    """Something of a unit that a duty, a credential, a finding or a recall can be about: a lot, a party, a place."""

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "orgs.view"

    public_id = PublicIdField()
    kind = models.CharField(_("Kind"), max_length=40)
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    label = models.CharField(_("Name"), max_length=200)
    person = models.OneToOneField("people.Person", models.PROTECT, null=True, related_name="subject", editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org"], condition=models.Q(kind="unit"), name="subject_of_unit_once")
        ]
        indexes = [models.Index(fields=["kind", "org"], name="subject_by_kind")]

    def __str__(self) -> str:
        return self.label
