"""Deliveries, lots, and the append-only moves of stock, in grams."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.parties.models import Party
from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.subjects.models import Subject
from houqin.core.tables.ids import PublicIdField
from houqin.modules.canteen.models.goods import Product


class Origin(models.TextChoices):
    """How a record came in. What was copied from paper stays marked so for ever."""

    LIVE = "live", _("Recorded at the time")
    PAPER = "paper", _("From paper")


class SignedHow(models.TextChoices):
    """How the second person signed."""

    OWN = "own", _("On their own phone")
    PIN = "pin", _("By PIN on this phone")
    COUNTERSIGN = "countersign", _("Countersigned by the principal")


class DeliveryQuerySet(ScopedQuerySet):
    """Deliveries by what they wait for."""

    def unsigned(self) -> Self:
        """Recorded live, and no second person has signed."""
        return self.filter(origin=Origin.LIVE, signed_at__isnull=True)


class Delivery(ScopedModel):
    """What one supplier brought to a school on a day. Corrected by reversing lines, never edited.

    Recorded live, it waits for a second person's signature (双人联检, FS-15) before its goods go to the pot.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"
    STATE_FIELDS = frozenset({"signed_by", "signed_at", "signed_how"})

    public_id = PublicIdField()
    number = models.CharField(_("Number"), max_length=30)
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", db_index=False, verbose_name=_("School"))
    supplier = models.ForeignKey(
        Party, models.PROTECT, related_name="deliveries", db_index=False, verbose_name=_("Supplier")
    )
    delivered_on = models.DateField(_("Day"))
    origin = models.CharField(_("Origin"), max_length=6, choices=Origin)
    recorded_at = models.DateTimeField(_("Recorded"))
    accepted_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("Accepted by")
    )
    signed_by = models.ForeignKey(
        "people.Account",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("Second signature"),
    )
    signed_at = models.DateTimeField(_("Signed"), null=True, editable=False)
    signed_how = models.CharField(_("How signed"), max_length=12, choices=SignedHow, blank=True, editable=False)
    repeat_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    note = models.CharField(_("Remark"), max_length=200, blank=True)

    objects: ClassVar[Any] = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-delivered_on", "org__path", "-id"]
        verbose_name = _("Delivery")
        verbose_name_plural = _("Deliveries")
        constraints = [models.UniqueConstraint(fields=["org", "number"], name="delivery_number_once")]
        indexes = [
            models.Index(fields=["org"], condition=Q(origin="live", signed_at__isnull=True), name="delivery_unsigned"),
            models.Index(fields=["org", "delivered_on"], name="delivery_by_day"),
            models.Index(fields=["delivered_on"], name="delivery_day"),
            models.Index(fields=["supplier", "delivered_on"], name="delivery_by_supplier"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def awaits_signature(self) -> bool:
        """Whether a second person has yet to sign."""
        return self.origin == Origin.LIVE and self.signed_at is None


class LotQuerySet(ScopedQuerySet):
    """Lots by what can be done with them."""

    def in_stock(self) -> Self:
        """Something is left."""
        return self.filter(on_hand_grams__gt=0)

    def usable(self) -> Self:
        """Something is left and nothing holds it."""
        return self.in_stock().filter(frozen_by__isnull=True)


class Lot(ScopedModel):
    """Goods of one product, supplier, production date and batch in one school's store.

    ``on_hand_grams`` is the sum of its moves and never negative. A frozen lot cannot be issued.
    Unpackaged farm produce has no printed batch: its arrival date and supplier are its lot.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"
    STATE_FIELDS = frozenset({"on_hand_grams", "frozen_by"})

    public_id = PublicIdField()
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="+", editable=False)
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", db_index=False, verbose_name=_("School"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="lots", verbose_name=_("Product"))
    supplier = models.ForeignKey(Party, models.PROTECT, related_name="lots", db_index=False, verbose_name=_("Supplier"))
    batch = models.CharField(_("Batch"), max_length=40, blank=True)
    produced_on = models.DateField(_("Produced"), null=True, blank=True)
    received_on = models.DateField(_("Received"))
    expires_on = models.DateField(_("Best before"), null=True, blank=True)
    on_hand_grams = models.BigIntegerField(_("In store"), default=0, editable=False)
    frozen_by = models.ForeignKey(
        "canteen.Recall",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="frozen_lots",
        verbose_name=_("Frozen by"),
    )

    objects: ClassVar[Any] = LotQuerySet.as_manager()

    class Meta:
        ordering = ["-received_on", "product__name", "-id"]
        verbose_name = _("Lot")
        verbose_name_plural = _("Lots")
        constraints = [
            models.UniqueConstraint(
                fields=["org", "product", "supplier", "produced_on", "batch", "received_on"],
                condition=Q(produced_on__isnull=False),
                name="lot_once",
            ),
            models.UniqueConstraint(
                fields=["org", "product", "supplier", "batch", "received_on"],
                condition=Q(produced_on__isnull=True),
                name="lot_without_date_once",
            ),
            models.CheckConstraint(
                condition=Q(on_hand_grams__gte=0),
                name="lot_never_negative",
                violation_error_message=_("There is not that much in store."),
            ),
        ]
        indexes = [
            models.Index(fields=["org", "product", "produced_on"], name="lot_first_produced"),
            models.Index(fields=["org", "product"], condition=Q(on_hand_grams__gt=0), name="lot_in_stock"),
            models.Index(fields=["supplier", "product", "produced_on"], name="lot_sideways"),
            models.Index(fields=["org", "received_on"], name="lot_by_day"),
            models.Index(fields=["batch"], name="lot_batch"),
            models.Index(fields=["batch"], opclasses=["varchar_pattern_ops"], name="lot_batch_begins"),
            models.Index(fields=["received_on"], name="lot_received"),
            models.Index(fields=["expires_on", "id"], name="lot_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.batch_or_day}"

    @property
    def batch_or_day(self) -> str:
        """What tells it from other lots of its product: the printed batch, else the day."""
        return self.batch or str(self.produced_on or self.received_on)

    @property
    def is_frozen(self) -> bool:
        """Whether a recall holds it."""
        return self.frozen_by_id is not None


WARNED = Q(reversed_at__isnull=True) & ~Q(warnings=[])
ON_CONDITION = ~Q(condition="") & Q(reversed_at__isnull=True, condition_met_at__isnull=True)


class DeliveryLineQuerySet(ScopedQuerySet):
    """Lines by whether they hold."""

    def standing(self) -> Self:
        """Neither reversed nor a reversal."""
        return self.filter(reversed_at__isnull=True)

    def on_condition(self) -> Self:
        """Accepted on a condition that nobody has met."""
        return self.filter(ON_CONDITION)


class DeliveryLine(ScopedModel):
    """One line of a delivery: how much of what, as written and in grams. Amounts as recorded, in fen.

    ``certificates`` are the papers that vouched for it when it was accepted: shown with it, or carried over.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"
    STATE_FIELDS = frozenset({"reversed_at", "reversal_reason", "condition_met_at"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", db_index=False, verbose_name=_("School"))
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="lines", verbose_name=_("Delivery"))
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="lines", verbose_name=_("Lot"))
    delivered_on = models.DateField(_("Day"))
    quantity_grams = models.BigIntegerField(_("Weight"))
    written_quantity = models.CharField(_("As written"), max_length=60, blank=True)
    unit_price = models.BigIntegerField(
        _("Unit price"), null=True, blank=True, help_text="0.0001 yuan per unit as written"
    )
    amount_fen = models.BigIntegerField(_("Amount"), default=0)
    certificates = models.ManyToManyField("credentials.Credential", related_name="lines", blank=True)
    certificate_number = models.CharField(_("Quarantine or test certificate"), max_length=60, blank=True)
    senses = models.CharField(_("Look and smell"), max_length=60, blank=True)
    tenths = models.SmallIntegerField(_("Temperature"), null=True, blank=True, help_text="0.1 °C")
    condition = models.CharField(_("Accepted on condition"), max_length=200, blank=True)
    condition_due_on = models.DateField(_("To be met by"), null=True, blank=True)
    condition_met_at = models.DateTimeField(_("Met"), null=True, blank=True, editable=False)
    accepted_by = models.CharField(_("Accepted by"), max_length=60, blank=True)
    note = models.CharField(_("Remark"), max_length=200, blank=True)
    warnings = models.JSONField(_("Warnings"), default=list, blank=True)
    reversed_at = models.DateTimeField(_("Reversed"), null=True, blank=True, editable=False)
    reversal_reason = models.CharField(_("Reason"), max_length=200, blank=True, editable=False)

    objects: ClassVar[Any] = DeliveryLineQuerySet.as_manager()

    class Meta:
        ordering = ["-delivered_on", "id"]
        verbose_name = _("Delivery line")
        verbose_name_plural = _("Delivery lines")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity_grams__gt=0),
                name="line_weighs_something",
                violation_error_message=_("A delivery weighs more than nothing."),
            ),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="line_amount_not_negative"),
        ]
        indexes = [
            models.Index(fields=["org", "delivered_on"], name="line_by_day"),
            models.Index(fields=["delivered_on"], name="line_day"),
            models.Index(fields=["delivery"], condition=WARNED, name="line_warned"),
            models.Index(fields=["delivery"], condition=ON_CONDITION, name="line_on_condition"),
        ]

    def __str__(self) -> str:
        return f"{self.lot} {self.quantity_grams / 1000:g} kg"


class Issue(ScopedModel):
    """What was taken from the store for a meal, as written: one line of the 出库 ledger.

    Which lots it came from is told by its moves: the lot named here, else the oldest produced first.
    ``repeat_key`` is given by a phone that may send the same issue twice; it is recorded once.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"
    STATE_FIELDS = frozenset({"reversed_at", "reversal_reason"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", db_index=False, verbose_name=_("School"))
    meal = models.ForeignKey("canteen.Meal", models.PROTECT, related_name="issues", verbose_name=_("Meal"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="issues", verbose_name=_("Product"))
    issued_on = models.DateField(_("Day"))
    quantity_grams = models.BigIntegerField(_("Weight"))
    named_batch = models.CharField(_("Batch named"), max_length=40, blank=True)
    taken_by = models.CharField(_("Taken by"), max_length=60, blank=True)
    urgent_reason = models.CharField(_("Why before the second signature"), max_length=200, blank=True)
    origin = models.CharField(_("Origin"), max_length=6, choices=Origin)
    repeat_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    recorded_at = models.DateTimeField(_("Recorded"))
    reversed_at = models.DateTimeField(_("Reversed"), null=True, blank=True, editable=False)
    reversal_reason = models.CharField(_("Reason"), max_length=200, blank=True, editable=False)

    objects: ClassVar[Any] = DeliveryLineQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "id"]
        verbose_name = _("Issue to a meal")
        verbose_name_plural = _("Issues to meals")
        constraints = [
            models.CheckConstraint(condition=Q(quantity_grams__gt=0), name="issue_weighs_something"),
        ]
        indexes = [
            models.Index(fields=["org", "product", "issued_on"], name="issue_by_product"),
            models.Index(fields=["issued_on"], name="issue_day"),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.quantity_grams / 1000:g} kg"


class MoveKind(models.TextChoices):
    """Why stock moved."""

    RECEIVED = "received", _("Received")
    ISSUED = "issued", _("Issued")
    REVERSED = "reversed", _("Reversed")
    ENTERED = "entered", _("Entered")


class StockMove(ScopedModel):
    """Grams into (+) or out of (−) a lot. Append-only; a mistake is a second move the other way.

    A leaf: partitioned by day, nothing points at it. ``day`` is the day of the fact, also on the move that takes a
    mistake back. ``is_certain``: the ledger named the lot, or no other lot could have supplied it; otherwise the lot was
    derived by oldest produced first.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"
    PARTITIONED = True

    day = models.DateField(_("Day"))
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", db_index=False, verbose_name=_("School"))
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="moves", db_index=False, verbose_name=_("Lot"))
    kind = models.CharField(_("Kind"), max_length=10, choices=MoveKind)
    grams = models.BigIntegerField(_("Weight"))
    line = models.ForeignKey(DeliveryLine, models.PROTECT, null=True, related_name="moves", db_index=False)
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, related_name="moves", db_index=False)
    entry = models.ForeignKey("canteen.StockEntry", models.PROTECT, null=True, related_name="moves", db_index=False)
    meal = models.ForeignKey("canteen.Meal", models.PROTECT, null=True, related_name="moves", db_index=False)
    is_certain = models.BooleanField(_("Lot certain"), default=False)
    at = models.DateTimeField(_("Recorded"))
    account_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-day", "-id"]
        verbose_name = _("Stock move")
        verbose_name_plural = _("Stock moves")
        indexes = [
            models.Index(fields=["lot", "day"], name="move_by_lot"),
            models.Index(fields=["org", "day"], name="move_by_school"),
            models.Index(fields=["meal"], name="move_by_meal"),
            models.Index(fields=["issue"], name="move_by_issue"),
            models.Index(fields=["entry"], name="move_by_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.grams / 1000:g} kg"
