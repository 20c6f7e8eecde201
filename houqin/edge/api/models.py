"""Who is let in, what they did already, who is told, and what devices measured."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.grants.models import Grant
from houqin.core.places.models import Place
from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.tables.ciphers import EncipheredField
from houqin.core.tables.ids import PublicIdField
from houqin.edge.api.told import TOLD

SIGNS = "webhook"
"""What the secrets of receivers are enciphered for."""


class DeviceKind(models.TextChoices):
    """What a token is for: a program, or one of the devices that a kitchen has."""

    PROGRAM = "program", _("Program")
    SCALE = "scale", _("Scale")
    PROBE = "probe", _("Refrigerator probe")
    TERMINAL = "terminal", _("Morning-check terminal")


class TokenQuerySet(ScopedQuerySet):
    """Tokens by whether they open the door."""

    def in_use(self, now: datetime) -> Self:
        """Neither revoked nor expired, of an open account whose role still holds today."""
        today = timezone.localtime(now).date()
        held = Q(grant__to_on__isnull=True) | Q(grant__to_on__gt=today)
        return self.filter(
            held,
            revoked_at__isnull=True,
            expires_on__gt=today,
            grant__from_on__lte=today,
            grant__account__is_active=True,
        )


class ApiToken(ScopedModel):
    """A program or device that is let in with part of somebody's role. It ends with that role, on its day, or when revoked.

    Only a digest of the secret is kept. ``scopes`` are permissions: what it may do is what both they and the role hold at
    that moment. A device stands at a ``place`` and can do nothing but send what it measures.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "api.view"
    STATE_FIELDS = frozenset({"revoked_at"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    grant = models.ForeignKey(Grant, models.PROTECT, related_name="+", verbose_name=_("Role"))
    label = models.CharField(_("What it is for"), max_length=60)
    kind = models.CharField(_("Kind"), max_length=10, choices=DeviceKind, default=DeviceKind.PROGRAM)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Where it stands")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("May do"), default=list)
    issued_at = models.DateTimeField(_("Key made"))
    expires_on = models.DateField(_("Valid until"))
    last_used_at = models.DateTimeField(_("Last used"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("Revoked"), null=True, blank=True, editable=False)
    revoked_why = models.CharField(_("Why revoked"), max_length=200, blank=True, editable=False)

    objects: ClassVar[Any] = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-id"]
        verbose_name = _("Key of a program")
        verbose_name_plural = _("Keys of programs")

    def __str__(self) -> str:
        return self.label

    @property
    def is_device(self) -> bool:
        """Whether it belongs to a device that stands somewhere."""
        return self.kind != DeviceKind.PROGRAM


class SentDeed(ScopedModel):
    """A deed that a program carried out, under the key that it gave it: sent again it gets the first answer.

    Written in the verb's own transaction. Never updated; swept when no program sends it again.
    """

    SCOPE_PATH = "token__org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 1
    VIEW_PERMISSION = "api.view"

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="sent_deed_once")]

    def __str__(self) -> str:
        return self.key


class Webhook(ScopedModel):
    """Another system that is told what happens within reach of somebody's role. It ends with that role.

    ``failing_since`` is when it first did not answer; after some days it is switched off and its owner is told.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "api.view"
    STATE_FIELDS = frozenset({"state", "failing_since", "ended_at"})

    class State(models.TextChoices):
        """Whether it is told."""

        ON = "on", _("Is told")
        PAUSED = "paused", _("Paused")
        FAILED = "failed", _("Switched off: it did not answer")
        ENDED = "ended", _("Told nothing more")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    grant = models.ForeignKey(Grant, models.PROTECT, related_name="+", verbose_name=_("Role"))
    label = models.CharField(_("System"), max_length=60)
    url = models.URLField(_("Address"), max_length=300)
    secret = EncipheredField(max_length=500, use=SIGNS, editable=False, help_text="enciphered; signs every message")
    events = models.JSONField(_("Is told of"), default=list)
    state = models.CharField(_("State"), max_length=8, choices=State, default=State.ON, editable=False)
    made_at = models.DateTimeField(_("Set up"))
    failing_since = models.DateTimeField(_("Does not answer since"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["org__path", "label"]
        verbose_name = _("Receiver")
        verbose_name_plural = _("Receivers")

    def __str__(self) -> str:
        return self.label


class Delivery(ScopedModel):
    """One message to one receiver: what it holds, how often it was tried, and what was answered."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 3
    VIEW_PERMISSION = "api.view"
    STATE_FIELDS = frozenset({"state", "tries", "delivered_at", "next_at"})

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Waits")
        DELIVERED = "delivered", _("Got through")
        FAILED = "failed", _("Did not get through")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    webhook = models.ForeignKey(Webhook, models.PROTECT, related_name="deliveries", verbose_name=_("Receiver"))
    event = models.CharField(_("Event"), max_length=80)
    event_key = models.BigIntegerField(editable=False, help_text="the event's id: each event is told once")
    body = models.TextField(_("Message"))
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.WAITING, editable=False)
    tries = models.PositiveSmallIntegerField(_("Tries"), default=0, editable=False)
    made_at = models.DateTimeField(_("Happened"))
    next_at = models.DateTimeField(_("Next try"), null=True, blank=True, editable=False)
    delivered_at = models.DateTimeField(_("Got through"), null=True, blank=True, editable=False)
    answer = models.CharField(_("Answer"), max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("Message")
        verbose_name_plural = _("Messages")
        constraints = [models.UniqueConstraint(fields=["webhook", "event_key"], name="event_told_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="delivery_waiting"),
            models.Index(fields=["org", "made_at"], name="delivery_by_unit"),
        ]

    def __str__(self) -> str:
        told = TOLD.get(self.event)
        return str(told.title) if told else self.event


class Metric(models.TextChoices):
    """What a device measures, with its unit."""

    WEIGHT = "weight_grams", _("Weight (g)")
    TEMPERATURE = "temperature_tenths", _("Temperature (0.1 °C)")


class Reading(ScopedModel):
    """What a device measured at a moment. A leaf: partitioned by day; never changed. ``is_out``: beyond the limit in force."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "api.view"
    PARTITIONED = True

    day = models.DateField(_("Day"))
    public_id = models.UUIDField(editable=False)
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", db_index=False, verbose_name=_("Unit"))
    device = models.ForeignKey(ApiToken, models.PROTECT, related_name="+", db_index=False, verbose_name=_("Device"))
    metric = models.CharField(_("What"), max_length=20, choices=Metric)
    at = models.DateTimeField(_("Measured"))
    received_at = models.DateTimeField(_("Arrived"))
    value = models.IntegerField(_("Value"))
    is_out = models.BooleanField(_("Out of limits"), default=False)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("Reading")
        verbose_name_plural = _("Readings")
        constraints = [models.UniqueConstraint(fields=["day", "device", "metric", "at"], name="reading_once")]
        indexes = [
            models.Index(fields=["org", "day"], name="reading_by_unit"),
            models.Index(fields=["day"], name="reading_by_day"),
            models.Index(fields=["public_id"], name="reading_by_id"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.value}"
