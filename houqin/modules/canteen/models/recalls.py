"""停用封存与追溯排查: stopping what is left of a bad batch and finding where it went."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from houqin.core.parties.models import Party
from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.subjects.models import Subject
from houqin.core.tables.ids import PublicIdField
from houqin.modules.canteen.models.goods import Product


class Tier(models.TextChoices):
    """How sure it is that a lot or meal is concerned."""

    CERTAIN = "certain", _("Certain")
    POSSIBLE = "possible", _("Possible")
    TO_RULE_OUT = "to_rule_out", _("To be ruled out")


class Recall(ScopedModel):
    """A recall within one unit's reach: prepared by one person, launched by another.

    Launched, it freezes the lots; it ends closed with a report or withdrawn with a reason. A drill changes no stock.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "canteen.trace"
    STATE_FIELDS = frozenset({"state", "launched_by", "launched_at", "closed_by", "closed_at"})

    class State(models.TextChoices):
        """Where it stands."""

        PROPOSED = "proposed", _("Waits for the second person")
        OPEN = "open", _("Under way")
        CLOSED = "closed", _("Closed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    public_id = PublicIdField()
    number = models.CharField(_("Number"), max_length=30, unique=True)
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="+", editable=False)
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Launched by"))
    is_drill = models.BooleanField(_("Drill"), default=False)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.PROPOSED, editable=False)
    supplier = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("Supplier"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("Product"))
    produced_on = models.DateField(_("Produced"), null=True, blank=True)
    batch = models.CharField(_("Batch"), max_length=40, blank=True)
    reason = models.TextField(_("Reason"))
    proposed_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+", verbose_name=_("Prepared by"))
    proposed_at = models.DateTimeField(_("Prepared"))
    launched_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("Launched by")
    )
    launched_at = models.DateTimeField(_("Launched"), null=True, editable=False)
    closed_by = models.ForeignKey("people.Account", models.PROTECT, null=True, editable=False, related_name="+")
    closed_at = models.DateTimeField(_("Ended"), null=True, editable=False)
    withdrawn_reason = models.TextField(_("Why withdrawn"), blank=True, editable=False)
    report = models.TextField(_("Report"), blank=True, editable=False)

    class Meta:
        ordering = ["-proposed_at"]
        verbose_name = _("Recall")
        verbose_name_plural = _("Recalls")
        constraints = [
            models.CheckConstraint(
                condition=Q(launched_by__isnull=True) | ~Q(launched_by=F("proposed_by")),
                name="recall_two_persons",
                violation_error_message=_("A second person launches a recall."),
            ),
            models.CheckConstraint(
                condition=Q(produced_on__isnull=False) | ~Q(batch=""),
                name="recall_names_date_or_batch",
                violation_error_message=_("Name the production date or the batch."),
            ),
        ]
        indexes = [models.Index(fields=["org", "state"], name="recall_by_state")]

    def __str__(self) -> str:
        return self.number


class RecallLot(ScopedModel):
    """A lot that a recall concerns, and where its grams were when it was launched. Never changed but by lifting."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "canteen.view"
    STATE_FIELDS = frozenset({"lifted_at", "lifted_reason"})

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    recall = models.ForeignKey(Recall, models.PROTECT, related_name="lots")
    lot = models.ForeignKey("canteen.Lot", models.PROTECT, related_name="recalls", verbose_name=_("Lot"))
    tier = models.CharField(_("How sure"), max_length=12, choices=Tier)
    received_grams = models.BigIntegerField(_("Received"))
    in_store_grams = models.BigIntegerField(_("In store"))
    issued_today_grams = models.BigIntegerField(_("Handed out today"), default=0)
    served_grams = models.BigIntegerField(_("Served before today"), default=0)
    gone_grams = models.BigIntegerField(_("Returned, written off or sent on"), default=0)
    lifted_at = models.DateTimeField(_("Freeze lifted"), null=True, editable=False)
    lifted_reason = models.CharField(_("Why lifted"), max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["org__path", "lot"]
        constraints = [models.UniqueConstraint(fields=["recall", "lot"], name="recall_lot_once")]

    def __str__(self) -> str:
        return f"{self.recall} {self.lot}"


class RecallAnswer(ScopedModel):
    """What a school concerned says: it knows, and how much it found where."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "canteen.view"
    STATE_FIELDS = frozenset({"acknowledged_at", "acknowledged_by", "answered_at", "answered_by"})

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    recall = models.ForeignKey(Recall, models.PROTECT, related_name="answers")
    notified_at = models.DateTimeField(_("Told"), null=True, editable=False)
    acknowledged_at = models.DateTimeField(_("Acknowledged"), null=True, editable=False)
    acknowledged_by = models.ForeignKey("people.Account", models.PROTECT, null=True, editable=False, related_name="+")
    answered_at = models.DateTimeField(_("Found reported"), null=True, editable=False)
    answered_by = models.ForeignKey("people.Account", models.PROTECT, null=True, editable=False, related_name="+")
    store_grams = models.BigIntegerField(_("Found in store"), null=True, blank=True)
    kitchen_grams = models.BigIntegerField(_("Found handed out"), null=True, blank=True)
    pot_grams = models.BigIntegerField(_("Found in the pot"), null=True, blank=True)
    served_grams = models.BigIntegerField(_("Served already"), null=True, blank=True)
    note = models.TextField(_("Remark"), blank=True)

    class Meta:
        ordering = ["org__path"]
        constraints = [models.UniqueConstraint(fields=["recall", "org"], name="recall_answer_once")]
        indexes = [models.Index(fields=["org", "acknowledged_at"], name="recall_answer_pending")]

    def __str__(self) -> str:
        return f"{self.recall} · {self.org}"
