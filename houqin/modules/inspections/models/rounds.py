"""Rounds of responsibility areas, and what units call the members of frameworks."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.tables.ids import PublicIdField


class AskedRound(ScopedModel):
    """What a unit asks of a responsibility area, for itself and all below it: places of this use are checked by this list, so often.

    Never edited: a change ends it and makes another. ``post`` empty: who answers for such places as the catalogue says.
    """

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "inspections.view"
    STATE_FIELDS = frozenset({"ended_at"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Asked by"))
    use = models.CharField(_("Places"), max_length=40)
    checklist = models.CharField(_("Checklist"), max_length=60)
    every = models.CharField(_("How often"), max_length=16)
    post = models.CharField(_("Post"), max_length=40, blank=True)
    why = models.CharField(_("Why"), max_length=200)
    set_at = models.DateTimeField(_("Set"))
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True, editable=False)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["org__path", "use"]
        verbose_name = _("Round asked for")
        verbose_name_plural = _("Rounds asked for")
        constraints = [
            models.UniqueConstraint(
                fields=["org", "use"], condition=Q(ended_at__isnull=True), name="round_asked_once",
                violation_error_message=_("This unit asks for a round of these places already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.use} · {self.org}"


class Walk(ScopedModel):
    """A round that was walked at a place, by one checklist in one version; it proves its duty. Never changed.

    ``failed``: item → what was wrong; each opened a finding. ``values``: measured item → what was read, in text.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "inspections.view"

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+", verbose_name=_("Where"))
    checklist = models.CharField(_("Checklist"), max_length=60)
    version = models.PositiveIntegerField(_("Version"))
    day = models.DateField(_("Day"))
    walked_at = models.DateTimeField(_("When"))
    asked = models.PositiveSmallIntegerField(_("Items"))
    failed = models.JSONField(_("Not in order"), default=dict)
    values = models.JSONField(_("Measured"), default=dict)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["-walked_at", "-id"]
        verbose_name = _("Round walked")
        verbose_name_plural = _("Rounds walked")
        indexes = [models.Index(fields=["org", "day"], name="walk_by_school")]

    def __str__(self) -> str:
        return f"{self.place} {self.day}"


class OwnFramework(ScopedModel):
    """What a unit calls the members of a slogan framework that the founding document does not spell out, for itself and all below.

    ``names``: the member's code → what it is called. Never edited: a change ends it and makes another.
    """

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "inspections.view"
    STATE_FIELDS = frozenset({"ended_at"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Set by"))
    framework = models.CharField(_("Framework"), max_length=60)
    names = models.JSONField(_("Members"), default=dict)
    source = models.CharField(_("Document that names them"), max_length=200)
    set_at = models.DateTimeField(_("Set"))
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True, editable=False)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["org__path", "framework"]
        verbose_name = _("Members of a framework")
        verbose_name_plural = _("Members of frameworks")
        constraints = [
            models.UniqueConstraint(
                fields=["org", "framework"], condition=Q(ended_at__isnull=True), name="framework_own_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.framework} · {self.org}"
