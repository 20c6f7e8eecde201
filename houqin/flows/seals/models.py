"""Chains of seals: one a school, headers kept for ever, apart from what they seal."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.files.models import StoredFile
from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.ids import PublicIdField
from houqin.flows.seals.rules import fingerprint_of

PARTS = (("personal", _("Personal values")), ("content", _("Whole records")))


class Chain(ScopedModel):
    """The chain of a unit: how long it is and the seal at its end. Locked while a seal is added.

    Sealed headers name it by ``public_id``, so that it survives a move to another server. ``held_number`` is how far the
    newest checkpoint reaches.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "seals.view"

    public_id = PublicIdField()
    org = models.OneToOneField("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    length = models.BigIntegerField(_("Seals"), default=0)
    head = models.BinaryField(max_length=32, default=bytes(32))
    sealed_at = models.DateTimeField(_("Last sealed"), null=True, blank=True)
    held_number = models.BigIntegerField(_("Held elsewhere up to"), default=0)

    class Meta:
        ordering = ["org__path"]
        verbose_name = _("Chain of seals")
        verbose_name_plural = _("Chains of seals")

    def __str__(self) -> str:
        return str(self.org)


class Seal(ScopedModel):
    """One link: ``seal = SHA-256(seal before ‖ header ‖ digest)``. Never changed, never deleted, kept for ever.

    ``header`` is the 65 bytes of ``rules.Header``; ``digest`` is that of the content, which lies elsewhere and may be
    erased when its time is over. ``item_id`` is the public id of what is sealed.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "seals.view"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", db_index=False, verbose_name=_("Unit"))
    number = models.BigIntegerField(_("Number"))
    item_id = models.UUIDField()
    header = models.BinaryField(max_length=65)
    digest = models.BinaryField(max_length=32)
    seal = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["org__path", "-number"]
        verbose_name = _("Seal")
        verbose_name_plural = _("Seals")
        constraints = [
            models.UniqueConstraint(fields=["org", "number"], name="seal_no_fork"),
            models.UniqueConstraint(fields=["item_id"], name="sealed_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="seal_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class Checkpoint(ScopedModel):
    """The end of a chain on a day, signed (Ed25519) and held by a higher office: nothing before it can change unseen.

    ``payload`` is what was signed: chain id, number and seal, moment, key id, as ``rules.checkpoint_bytes`` lays them.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "seals.view"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", db_index=False, verbose_name=_("Unit"))
    held_by = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Held by"))
    day = models.DateField(_("Day"))
    number = models.BigIntegerField(_("Number"))
    payload = models.BinaryField(max_length=80)
    signature = models.BinaryField(max_length=64)

    class Meta:
        ordering = ["-day", "org__path"]
        verbose_name = _("Checkpoint")
        verbose_name_plural = _("Checkpoints")
        constraints = [models.UniqueConstraint(fields=["org", "number"], name="checkpoint_once")]

    def __str__(self) -> str:
        return f"{self.org} {self.day} #{self.number}"


class KeyQuerySet(ScopedQuerySet):
    """Public keys, which belong to no unit."""

    def visible_to(self, viewer: Viewer, permission: str | None = None) -> Self:
        """All of them: a public key is for everybody, also for those without an account."""
        return self

    def current(self) -> Any:
        """The key that signs now, if there is one."""
        return self.filter(until__isnull=True).order_by("-since").first()


class SigningKey(ScopedModel):
    """A public key with which checkpoints were signed. The private one lies outside the database (HOUQIN_VAR/keys)."""

    SCOPE_PATH = "key_id"
    DATA_CLASS = DataClass.PUBLIC
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "seals.view"

    key_id = models.CharField(max_length=16, unique=True)
    public = models.BinaryField(max_length=32)
    since = models.DateTimeField(_("Since"))
    until = models.DateTimeField(_("Until"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = KeyQuerySet.as_manager()

    class Meta:
        ordering = ["-since"]
        verbose_name = _("Signing key")
        verbose_name_plural = _("Signing keys")

    def __str__(self) -> str:
        return self.key_id

    @property
    def fingerprint(self) -> str:
        """By what persons compare it, in groups of four."""
        whole = fingerprint_of(bytes(self.public))
        return " ".join(whole[start : start + 4] for start in range(0, len(whole), 4))


class Erasure(ScopedModel):
    """A sealed record that something was erased, by whom, when and why: so that erasing is told apart from tampering.

    ``body`` is the canonical text that was sealed: ``part`` ("personal": values of persons; "content": whole records
    whose time is over) and ``items``. Never changed, never deleted.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "seals.view"

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    at = models.DateTimeField(_("Erased"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))
    part = models.CharField(_("What"), max_length=8, choices=PARTS)
    count = models.PositiveIntegerField(_("Records"))
    why = models.CharField(_("Why"), max_length=200)
    body = models.TextField()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("Erasure")
        verbose_name_plural = _("Erasures")

    def __str__(self) -> str:
        return f"{self.get_part_display()} · {self.count}"


class ChainCheck(ScopedModel):
    """One check of a chain: every header, every content, every checkpoint; what was found stays on record."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "seals.view"
    STATE_FIELDS = frozenset({"state", "finished_at", "result"})

    class State(models.TextChoices):
        """Where it stands."""

        RUNNING = "running", _("Being checked")
        CLEAN = "clean", _("No change found")
        FAULTY = "faulty", _("Changes found")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", db_index=False, verbose_name=_("Unit"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))
    started_at = models.DateTimeField(_("Checked"))
    finished_at = models.DateTimeField(_("Finished"), null=True, blank=True, editable=False)
    state = models.CharField(_("Result"), max_length=8, choices=State, default=State.RUNNING, editable=False)
    result = models.JSONField(default=dict, editable=False)

    class Meta:
        ordering = ["-started_at", "-id"]
        verbose_name = _("Check of a chain")
        verbose_name_plural = _("Checks of chains")
        indexes = [models.Index(fields=["org", "-started_at"], name="chain_check_by_unit")]

    def __str__(self) -> str:
        return f"{self.org} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def progress_key(self) -> str:
        """Under this key the check reports how far it is."""
        return f"seals-{self.public_id}"


class Binder(ScopedModel):
    """A unit's sealed records of a period as one ZIP to take home: entries, photos, seals, checkpoints and a verifier.

    It is built in the background and lies ready for a month; the row stays as the receipt of what was taken out.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "seals.check"
    STATE_FIELDS = frozenset({"state", "finished_at", "file", "result"})

    class State(models.TextChoices):
        """Where it stands."""

        BUILDING = "building", _("Being put together")
        READY = "ready", _("Ready")
        GONE = "gone", _("Expired")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", db_index=False, verbose_name=_("Unit"))
    first = models.DateField(_("From"))
    last = models.DateField(_("Until"))
    names = models.BooleanField(_("With names and health"), default=False)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))
    asked_at = models.DateTimeField(_("Asked for"))
    state = models.CharField(_("State"), max_length=8, choices=State, default=State.BUILDING, editable=False)
    finished_at = models.DateTimeField(_("Finished"), null=True, blank=True, editable=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    result = models.JSONField(default=dict, editable=False)

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name = _("Binder")
        verbose_name_plural = _("Binders")
        indexes = [models.Index(fields=["org", "-asked_at"], name="binder_by_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=models.F("first")), name="binder_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.org} {self.first} – {self.last}"

    @property
    def progress_key(self) -> str:
        """Under this key the building reports how far it is."""
        return f"binder-{self.public_id}"
