"""What an office plans: campaigns, draws and inspectors."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.tables.ids import PublicIdField
from houqin.modules.inspections.secrecy import OfCampaignQuerySet, PlannedQuerySet


class CampaignKind(models.TextChoices):
    """What kind of inspection."""

    ROUTINE = "routine", _("Routine")
    TERM_OPENING = "term_opening", _("Opening of the term")
    HOLIDAY = "holiday", _("Before a holiday")
    SPECIAL = "special", _("Special")
    SELF = "self", _("Self-check")
    CROSS = "cross", _("Cross-check between schools")
    UNANNOUNCED = "unannounced", _("Unannounced")
    JOINT = "joint", _("Joint with other departments")
    FOLLOW_UP = "follow_up", _("Follow-up")


class CampaignState(models.TextChoices):
    """How a campaign stands."""

    DRAFT = "draft", _("Draft")
    RUNNING = "running", _("Running")
    ENDED = "ended", pgettext_lazy("state", "Ended")


class Campaign(ScopedModel):
    """A round of inspections that an office plans over its schools: what is checked, when, how schools were chosen."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "inspections.view"
    STATE_FIELDS = frozenset({"state", "ended_at"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Office"))
    kind = models.CharField(_("Kind"), max_length=16, choices=CampaignKind)
    title = models.CharField(_("Title"), max_length=120)
    basis = models.CharField(_("Basis"), max_length=300, blank=True)
    partners = models.CharField(_("With which departments"), max_length=200, blank=True)
    checklists = models.JSONField(_("Checklists"), default=list, help_text="codes of the catalogue checklists")
    from_on = models.DateField(_("From"))
    until_on = models.DateField(_("Until"))
    state = models.CharField(
        _("State"), max_length=10, choices=CampaignState, default=CampaignState.DRAFT, editable=False
    )
    set_at = models.DateTimeField(_("Written"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True, editable=False)
    insiders = models.ManyToManyField(
        "people.Account", related_name="+", blank=True, editable=False, verbose_name=_("Let in on it")
    )

    objects: ClassVar[Any] = PlannedQuerySet.as_manager()

    class Meta:
        ordering = ["-from_on", "-id"]
        verbose_name = _("Inspection campaign")
        verbose_name_plural = _("Inspection campaigns")
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=models.F("from_on")), name="campaign_days_in_order")
        ]
        indexes = [models.Index(fields=["org", "from_on"], name="campaign_by_office")]

    def __str__(self) -> str:
        return self.title


class Draw(ScopedModel):
    """双随机: which schools and which inspectors, drawn so that anyone can repeat it.

    ``commitment`` = SHA-256(seed ‖ list), published before; ``listing`` is the canonical text of candidates with weights
    and reasons; the seed is shown with the result. Never changed.
    """

    SCOPE_PATH = "campaign__org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "inspections.view"
    STATE_FIELDS = frozenset({"drawn_at"})

    public_id = PublicIdField()
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="draws")
    wanted = models.PositiveIntegerField(_("Schools to draw"))
    listing = models.TextField(editable=False)
    commitment = models.CharField(_("Commitment"), max_length=64, editable=False)
    committed_at = models.DateTimeField(_("Committed"))
    seed = models.CharField(max_length=64, editable=False)
    drawn_at = models.DateTimeField(_("Drawn"), null=True, blank=True, editable=False)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    objects: ClassVar[Any] = OfCampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-committed_at", "-id"]
        verbose_name = _("Draw")
        verbose_name_plural = _("Draws")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(drawn_at__isnull=True), name="draw_one_at_a_time",
                violation_error_message=_("A draw is committed already. Draw it first."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.commitment[:12]


class Inspector(ScopedModel):
    """Somebody who inspects for an office. ``works_at`` is where they work, and so what they never inspect."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "inspections.plan"
    PURPOSE = _("Who may be drawn to inspect, and where they must not.")
    STATE_FIELDS = frozenset({"ended_on"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Office"))
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+", verbose_name=_("Account"))
    works_at = models.ForeignKey(
        "orgs.OrgUnit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Works at")
    )
    families = models.JSONField(_("Fields"), default=list)
    stays_off = models.ManyToManyField("orgs.OrgUnit", related_name="+", blank=True, verbose_name=_("Stays off"))
    from_on = models.DateField(_("From"))
    ended_on = models.DateField(_("Until"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["org__path", "account__display_name"]
        verbose_name = _("Inspector")
        verbose_name_plural = _("Inspectors")
        constraints = [
            models.UniqueConstraint(
                fields=["org", "account"], condition=Q(ended_on__isnull=True), name="inspector_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.account)
