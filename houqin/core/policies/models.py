"""What units set."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.tables.ids import PublicIdField


class PolicySetting(ScopedModel):
    """A rule of local practice as one unit set it for all below it, from a day on; a change is a new row."""

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.PUBLIC
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "policies.view"

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Set by"))
    code = models.CharField(_("Rule"), max_length=60)
    value = models.JSONField(
        _("Value"), null=True, blank=True, help_text="null: taken back, what the unit above set holds again"
    )
    reason = models.CharField(_("Reason"), max_length=200)
    set_at = models.DateTimeField(_("Set"))
    account = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("By")
    )

    class Meta:
        ordering = ["-set_at", "-id"]
        verbose_name = _("Local rule")
        verbose_name_plural = _("Local rules")
        indexes = [models.Index(fields=["code", "org", "set_at"], name="policy_by_unit")]

    def __str__(self) -> str:
        return self.code
