"""上岗: what is decided about a day's food posts besides what certificates and the morning check say."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from houqin.core.people.models import Person, Post
from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.tables.ids import PublicIdField


class Relief(ScopedModel):
    """替班: somebody works in a food post on a day in place of its holder. The kitchen goes on, the person changes."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = 24
    RETENTION_FROM = "day"
    VIEW_PERMISSION = "canteen.view"
    PURPOSE = _("Who stood in for whom in the kitchen on which day.")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    day = models.DateField(_("Day"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name=_("Post"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("Person"))
    instead_of = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("In place of")
    )
    arranged_at = models.DateTimeField(_("Arranged"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["-day", "post"]
        verbose_name = _("Relief")
        verbose_name_plural = _("Reliefs")
        constraints = [models.UniqueConstraint(fields=["day", "post", "person"], name="relief_once_a_day")]
        indexes = [models.Index(fields=["org", "day"], name="relief_by_day")]

    def __str__(self) -> str:
        return f"{self.person} · {self.post}"


class Admission(ScopedModel):
    """Somebody whose morning check was not in order works all the same: who decided it, and why. Never a certificate."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = 24
    RETENTION_FROM = "day"
    VIEW_PERMISSION = "canteen.view"
    PURPOSE = _("Who let somebody work whose morning check was not in order, and why.")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    day = models.DateField(_("Day"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("Person"))
    reason = models.CharField(_("Reason"), max_length=200)
    decided_at = models.DateTimeField(_("Decided"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["-day"]
        verbose_name = _("Admission to a post")
        verbose_name_plural = _("Admissions to posts")
        constraints = [models.UniqueConstraint(fields=["day", "person"], name="admission_once_a_day")]
        indexes = [models.Index(fields=["org", "day"], name="admission_by_day")]

    def __str__(self) -> str:
        return f"{self.person} {self.day}"
