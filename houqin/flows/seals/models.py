"""Chains of seals: one a school, headers kept for ever, apart from what they seal."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.tables.ids import PublicIdField


class Chain(ScopedModel):
    """The chain of a unit: how long it is and the seal at its end. Locked while a seal is added.

    Sealed headers name it by ``public_id``, so that it survives a move to another server.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "seals.view"

    public_id = PublicIdField()
    org = models.OneToOneField("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    length = models.BigIntegerField(_("Seals"), default=0)
    head = models.BinaryField(max_length=32, default=bytes(32))

    class Meta:
        verbose_name = _("Chain of seals")
        verbose_name_plural = _("Chains of seals")

    def __str__(self) -> str:
        return f"{self.org} · {self.length}"


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
    payload = models.BinaryField()
    signature = models.BinaryField(max_length=64)

    class Meta:
        ordering = ["-day", "org__path"]
        verbose_name = _("Checkpoint")
        verbose_name_plural = _("Checkpoints")
        constraints = [models.UniqueConstraint(fields=["org", "day"], name="checkpoint_once_a_day")]

    def __str__(self) -> str:
        return f"{self.org} {self.day} #{self.number}"


class SigningKey(ScopedModel):
    """A public key with which checkpoints were signed. The private one lies outside the database (HOUQIN_VAR/keys)."""

    SCOPE_PATH = ""
    DATA_CLASS = DataClass.PUBLIC
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "seals.view"

    key_id = models.CharField(max_length=16, unique=True)
    public = models.BinaryField(max_length=32)
    since = models.DateTimeField(_("Since"))
    until = models.DateTimeField(_("Until"), null=True, blank=True)

    class Meta:
        ordering = ["-since"]
        verbose_name = _("Signing key")
        verbose_name_plural = _("Signing keys")

    def __str__(self) -> str:
        return self.key_id
