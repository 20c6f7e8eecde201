"""What happens to goods in store besides meals, and how slips are put right."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.files.models import StoredFile
from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.tables.ids import PublicIdField
from houqin.modules.canteen.models.stock import Delivery, DeliveryLine, Issue, Lot


class EntryKind(models.TextChoices):
    """Why goods come or go besides deliveries and meals."""

    RETURNED = "returned", _("Returned to the supplier")
    EXCHANGED = "exchanged", _("Given back for exchange")
    WRITTEN_OFF = "written_off", _("Written off")
    SENT = "sent", _("Sent to another school")
    RECEIVED = "received_from", _("Received from another school")
    COUNTED = "counted", _("Difference found by counting")


class EntryQuerySet(ScopedQuerySet):
    """Entries by whether they hold."""

    def standing(self) -> Self:
        """Not taken back."""
        return self.filter(reversed_at__isnull=True)

    def under_way(self) -> Self:
        """Sent to another school and not yet there."""
        return self.standing().filter(kind=EntryKind.SENT, arrived_at__isnull=True)

    def owed(self) -> Self:
        """Given back for exchange, and nothing has come for it yet."""
        return self.standing().filter(kind=EntryKind.EXCHANGED, arrived_at__isnull=True)

    def to_countersign(self) -> Self:
        """So much that a second person has to look at it, and nobody has."""
        return self.standing().filter(must_sign=True, signed_at__isnull=True)


class Stocktake(ScopedModel):
    """盘点: what was found when the store was counted. Its differences are entries; what agreed stands in its lines."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"

    public_id = PublicIdField()
    number = models.CharField(_("Number"), max_length=30)
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    counted_on = models.DateField(_("Day"))
    note = models.CharField(_("Remark"), max_length=200, blank=True)
    repeat_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    at = models.DateTimeField(_("Recorded"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["-counted_on", "-id"]
        verbose_name = _("Stock-take")
        verbose_name_plural = _("Stock-takes")
        constraints = [models.UniqueConstraint(fields=["org", "number"], name="stocktake_number_once")]
        indexes = [models.Index(fields=["org", "counted_on"], name="stocktake_by_day")]

    def __str__(self) -> str:
        return self.number


class StocktakeLine(ScopedModel):
    """One lot as the books had it and as it was found."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    stocktake = models.ForeignKey(Stocktake, models.PROTECT, related_name="lines")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", verbose_name=_("Lot"))
    booked_grams = models.BigIntegerField(_("By the books"))
    found_grams = models.BigIntegerField(_("Found"))
    reason = models.CharField(_("Reason"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stocktake", "lot"], name="lot_counted_once"),
            models.CheckConstraint(condition=Q(found_grams__gte=0), name="found_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.lot}: {self.found_grams / 1000:g} kg"


class StockEntry(ScopedModel):
    """退货 换货 报损 调拨 盘点差异: one coming or going of a lot, with its reason. Taken back by a reversing entry.

    ``grams`` come (+) or go (−). What is sent to another school is under way until that school has received it; the
    receiving school's own entry names it as its ``pair``. What is given back for exchange is owed until a ``replacement``
    was delivered. ``repeat_key`` is given by a phone that may send it twice.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"
    STATE_FIELDS = frozenset({"arrived_at", "replacement", "signed_by", "signed_at", "reversed_at", "reversal_reason"})

    public_id = PublicIdField()
    number = models.CharField(_("Number"), max_length=30)
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", db_index=False, verbose_name=_("School"))
    kind = models.CharField(_("Kind"), max_length=14, choices=EntryKind)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="entries", verbose_name=_("Lot"))
    day = models.DateField(_("Day"))
    grams = models.BigIntegerField(_("Weight"))
    reason = models.CharField(_("Reason"), max_length=200)
    photo = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Photo")
    )
    other_org = models.ForeignKey(
        "orgs.OrgUnit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Other school")
    )
    pair = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="arrivals")
    replacement = models.ForeignKey(
        Delivery, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("Replaced by")
    )
    stocktake = models.ForeignKey(Stocktake, models.PROTECT, null=True, blank=True, related_name="entries")
    repeat_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    at = models.DateTimeField(_("Recorded"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))
    arrived_at = models.DateTimeField(_("Arrived"), null=True, blank=True, editable=False)
    must_sign = models.BooleanField(_("To be countersigned"), default=False)
    signed_by = models.ForeignKey(
        "people.Account",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("Countersigned by"),
    )
    signed_at = models.DateTimeField(_("Countersigned"), null=True, editable=False)
    reversed_at = models.DateTimeField(_("Reversed"), null=True, blank=True, editable=False)
    reversal_reason = models.CharField(_("Why reversed"), max_length=200, blank=True, editable=False)

    objects: ClassVar[Any] = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        verbose_name = _("Stock entry")
        verbose_name_plural = _("Stock entries")
        constraints = [
            models.UniqueConstraint(fields=["org", "number"], name="entry_number_once"),
            models.CheckConstraint(
                condition=~Q(grams=0),
                name="entry_weighs_something",
                violation_error_message=_("The weight has to be more than nothing."),
            ),
            models.UniqueConstraint(
                fields=["pair"], condition=Q(reversed_at__isnull=True), name="transfer_received_once"
            ),
        ]
        indexes = [
            models.Index(fields=["org", "day"], name="entry_by_day"),
            models.Index(fields=["day"], name="entry_day"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.lot}"

    @property
    def weight(self) -> int:
        """Grams, whichever way they went."""
        return abs(self.grams)


class Transfer(StockEntry):
    """What another school has sent, as the school sees it that it is meant for."""

    SCOPE_PATH = "other_org__path"

    class Meta:
        proxy = True
        ordering = ["-day", "-id"]
        verbose_name = _("Goods from another school")
        verbose_name_plural = _("Goods from other schools")


class Correction(ScopedModel):
    """录入更正 that came too late to be made without ceremony: asked with a reason, made when a second person signs."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"
    STATE_FIELDS = frozenset({"state", "decided_by", "decided_at"})

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked", _("Waits for a signature")
        MADE = "made", _("Put right")
        DECLINED = "declined", _("Declined")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    line = models.ForeignKey(DeliveryLine, models.PROTECT, null=True, blank=True, related_name="corrections")
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, blank=True, related_name="corrections")
    entry = models.ForeignKey(StockEntry, models.PROTECT, null=True, blank=True, related_name="corrections")
    right_grams = models.BigIntegerField(_("Right weight"), help_text="0: it never happened")
    reason = models.CharField(_("Reason"), max_length=200)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.ASKED, editable=False)
    asked_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("Asked by")
    )
    asked_at = models.DateTimeField(_("Asked"))
    decided_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("Decided by")
    )
    decided_at = models.DateTimeField(_("Decided"), null=True, editable=False)
    answer = models.CharField(_("Answer"), max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name = _("Correction")
        verbose_name_plural = _("Corrections")
        constraints = [
            models.CheckConstraint(
                condition=Q(line__isnull=False, issue__isnull=True, entry__isnull=True)
                | Q(line__isnull=True, issue__isnull=False, entry__isnull=True)
                | Q(line__isnull=True, issue__isnull=True, entry__isnull=False),
                name="correction_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(right_grams__gte=0), name="correction_not_negative"),
        ]
        indexes = [
            models.Index(fields=["org", "state"], name="correction_by_state"),
            models.Index(fields=["asked_at"], name="correction_at"),
        ]

    def __str__(self) -> str:
        return f"{self.line or self.issue or self.entry}"
