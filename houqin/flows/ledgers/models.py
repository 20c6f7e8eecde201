"""Entries of ledgers, what units have made of definitions, and values out of their limits."""

from typing import Any, ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from houqin.core.files.models import StoredFile
from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.subjects.models import Subject
from houqin.core.tables.ids import PublicIdField, uuid7
from houqin.flows.duties.registry import DEMANDS


class Adoption(ScopedModel):
    """What a unit makes of a ledger for itself and all below it: asked for, with further columns, with tighter limits.

    Never edited: a change ends the adoption and makes another. ``columns`` and ``limits`` hold what
    ``catalogue.Column`` and ``catalogue.Limit`` say (``of_lines``: asked in each line), the limits by column code, those of
    lines as ``lines.code``; ``tenth_minutes`` is what they cost.
    """

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "ledgers.view"
    STATE_FIELDS = frozenset({"ended_at"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Asked by"))
    ledger = models.CharField(_("Ledger"), max_length=60)
    demand = models.CharField(_("Kind"), max_length=8, choices=DEMANDS.items())
    why = models.CharField(_("Why"), max_length=200)
    columns = models.JSONField(default=list, blank=True)
    limits = models.JSONField(default=dict, blank=True)
    tenth_minutes = models.PositiveIntegerField(_("Costs more"), default=0, help_text="0.1 minutes an entry")
    from_on = models.DateField(_("From"))
    set_at = models.DateTimeField(_("Set"))
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True, editable=False)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["org__path", "ledger"]
        verbose_name = _("Ledger asked for")
        verbose_name_plural = _("Ledgers asked for")
        constraints = [
            models.UniqueConstraint(
                fields=["org", "ledger"], condition=Q(ended_at__isnull=True), name="adopted_once",
                violation_error_message=_("This unit asks for this ledger already."),
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["ended_at"], name="adoption_ended")]

    def __str__(self) -> str:
        return f"{self.ledger} · {self.org}"


class EntryQuerySet(ScopedQuerySet):
    """Entries by whether they still stand."""

    def standing(self) -> Self:
        """Not amended by a later one."""
        later = LedgerEntry.objects.filter(amends=OuterRef("public_id"), org=OuterRef("org"))
        return self.filter(~Exists(later))


class LedgerEntry(ScopedModel):
    """One entry as written and sealed. A leaf: partitioned by day; never edited, never deleted before its time.

    ``body`` is the canonical text that was sealed (``seals.rules.canonical``): values in whole units and strings; in place
    of a personal value its commitment. ``personal`` holds those values and salts by their place in the body; it can be
    erased and the chain still verifies. An amendment is a new entry that ``amends`` another and says ``why``.
    ``content_id`` is a keyed digest of what was written for which duty: two phones that send the same write it once.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "ledgers.view"
    PURPOSE = _(
        "The ledgers that law and superiors ask for. Names stand in the seal as salted digests, so that they can be erased."
    )
    PARTITIONED = True

    day = models.DateField(_("Day"))
    public_id = models.UUIDField(default=uuid7, editable=False)
    content_id = models.UUIDField(default=uuid4, editable=False)
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", db_index=False, verbose_name=_("School"))
    ledger = models.CharField(_("Ledger"), max_length=60)
    version = models.PositiveIntegerField(_("Version"))
    slot = models.CharField(_("Which"), max_length=20, blank=True)
    about = models.ForeignKey(
        Subject, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("Where")
    )
    at = models.DateTimeField(_("Done"), help_text="verified time of capture")
    recorded_at = models.DateTimeField(_("Recorded"))
    account = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("Written by")
    )
    body = models.TextField(_("What was written"))
    personal = models.TextField(_("Names and other personal values"), blank=True)
    breaches = models.PositiveSmallIntegerField(_("Out of limits"), default=0)
    nothing_to_report = models.BooleanField(_("Nothing to report"), default=False)
    amends = models.UUIDField(null=True, blank=True, editable=False)
    why = models.CharField(_("Why amended"), max_length=200, blank=True)
    late_because = models.CharField(_("Why late"), max_length=200, blank=True)
    from_paper = models.BooleanField(_("From paper"), default=False)

    objects: ClassVar[Any] = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        verbose_name = _("Ledger entry")
        verbose_name_plural = _("Ledger entries")
        constraints = [models.UniqueConstraint(fields=["day", "org", "content_id"], name="ledger_entry_once")]
        indexes = [
            models.Index(fields=["org", "ledger", "day"], name="ledger_entry_by_school"),
            models.Index(fields=["ledger", "day"], name="ledger_entry_by_day"),
            models.Index(fields=["about", "day"], condition=Q(about__isnull=False), name="ledger_entry_by_thing"),
            models.Index(fields=["amends"], condition=Q(amends__isnull=False), name="ledger_entry_amended"),
            models.Index(fields=["public_id"], name="ledger_entry_by_id"),
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.day}"


class EntryPhoto(ScopedModel):
    """A photo that belongs to an entry; the body holds its digest, so that another picture cannot take its place."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "ledgers.view"
    PURPOSE = _("Proof of a ledger entry.")

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    entry_id = models.UUIDField(db_index=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("Photo of an entry")
        verbose_name_plural = _("Photos of entries")
        constraints = [models.UniqueConstraint(fields=["entry_id", "file"], name="entry_photo_once")]

    def __str__(self) -> str:
        return str(self.entry_id)


class Breach(ScopedModel):
    """A value out of its limit. It waits half an hour (待核): a slip put right by then closes as 录入更正, else it stands.

    ``key`` is the place of the value in the entry (``temperature``, ``2.temperature``); what is personal is not repeated
    here. ``by_law``: the limit is one of law, so that a gate may refuse what would follow. Standing, it emits ``ledgers.breached``: a finding is opened from it (issue 5),
    and the post above whoever keeps the ledger has to answer it; unanswered it climbs as every duty does.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "ledgers.view"
    STATE_FIELDS = frozenset({"state", "settled_at", "settled_by", "answered_at", "answered_by"})

    class State(models.TextChoices):
        """How it stands."""

        PENDING = "pending", _("To be confirmed")
        CORRECTED = "corrected", _("Entry corrected")
        STANDS = "stands", _("Stands")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    day = models.DateField(_("Day"))
    entry_id = models.UUIDField(db_index=True)
    ledger = models.CharField(_("Ledger"), max_length=60)
    place = models.CharField(_("Where"), max_length=120, blank=True)
    key = models.CharField(max_length=120)
    column = models.CharField(_("What"), max_length=60)
    value = models.CharField(_("Value"), max_length=120)
    limit = models.CharField(_("Limit"), max_length=120)
    source = models.CharField(_("Source"), max_length=300)
    by_law = models.BooleanField(_("By law"), default=False)
    remark = models.CharField(_("What was done"), max_length=200, blank=True)
    found_at = models.DateTimeField(_("Found"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))
    settles_at = models.DateTimeField(_("Stands from"))
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.PENDING, editable=False)
    settled_at = models.DateTimeField(_("Settled"), null=True, blank=True, editable=False)
    settled_by = models.UUIDField(null=True, blank=True, editable=False, help_text="the entry that corrected it")
    answer = models.CharField(_("Answer"), max_length=200, blank=True, editable=False)
    answered_at = models.DateTimeField(_("Answered"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("Answered by"),
    )  # fmt: skip

    class Meta:
        ordering = ["-found_at", "-id"]
        verbose_name = _("Value out of limits")
        verbose_name_plural = _("Values out of limits")
        indexes = [
            models.Index(fields=["org", "day"], name="breach_by_school"),
            models.Index(fields=["settles_at"], condition=Q(state="pending"), name="breach_pending"),
        ]

    def __str__(self) -> str:
        return f"{self.column} {self.value}"
