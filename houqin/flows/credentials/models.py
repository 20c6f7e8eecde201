"""Credentials as rows: who holds what until when, who looked at it, and what came after it."""

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from houqin.core.files.models import StoredFile
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.subjects.models import Subject
from houqin.core.tables.ids import PublicIdField


class CredentialQuerySet(ScopedQuerySet):
    """Credentials by what they are worth on a day."""

    def standing(self) -> Self:
        """Neither revoked nor renewed: the newest of its chain."""
        return self.filter(revoked_at__isnull=True, renewed_by__isnull=True)

    def valid_on(self, day: date) -> Self:
        """Issued by that day, not ended, not revoked before its end."""
        begun = Q(issued_on__isnull=True) | Q(issued_on__lte=day)
        lasts = Q(expires_on__isnull=True) | Q(expires_on__gte=day)
        return self.filter(begun, lasts, Q(revoked_at__isnull=True) | Q(revoked_on__gt=day))

    def kept_by(self, org: OrgUnit) -> Self:
        """Of a firm only those of this unit: it shows its papers to each that buys from it, and each keeps its own."""
        return self.filter(~Q(holder__kind="party") | Q(org=org))

    def ending(self, day: date, within_days: int) -> Self:
        """Standing ones that have ended or end within so many days."""
        return self.standing().filter(expires_on__lte=day + timedelta(days=within_days))


class Credential(ScopedModel):
    """One licence, certificate, permit, insurance or inspection of one holder.

    ``kind`` names an entry of the catalogue ``credentials``; ``about`` narrows it to one of the holder's goods. A renewal is a new row that ``renews`` the old one: the chain
    stays. What was recorded may be amended until a second person has looked; afterwards it is renewed or revoked.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "credentials.view"
    PURPOSE = _("Health certificates and licences that law asks of whoever holds a post or supplies a school.")
    STATE_FIELDS = frozenset({"verified_at", "verified_by", "revoked_at", "revoked_on", "revoked_by", "renews"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Kept by"))
    holder = models.ForeignKey(Subject, models.PROTECT, related_name="credentials", verbose_name=_("Holder"))
    about = models.ForeignKey(
        Subject, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Only for")
    )
    kind = models.CharField(_("Kind"), max_length=40)
    number = models.CharField(_("Number"), max_length=60, blank=True)
    issued_on = models.DateField(_("Issued on"), null=True, blank=True)
    expires_on = models.DateField(_("Valid until"), null=True, blank=True)
    issuer = models.CharField(_("Issuing body"), max_length=80, blank=True)
    photo = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Photo")
    )
    from_paper = models.BooleanField(_("From paper"), default=False)
    renews = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="renewed_by", editable=False,
        verbose_name=_("Comes after"),
    )  # fmt: skip
    recorded_at = models.DateTimeField(_("Recorded"))
    account = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("By")
    )
    verified_at = models.DateTimeField(_("Verified"), null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("Verified by"),
    )  # fmt: skip
    revoked_at = models.DateTimeField(_("Revoked"), null=True, blank=True, editable=False)
    revoked_on = models.DateField(_("Void from"), null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("Revoked by"),
    )  # fmt: skip
    revoked_why = models.CharField(_("Why revoked"), max_length=200, blank=True, editable=False)

    objects: ClassVar[Any] = CredentialQuerySet.as_manager()

    class Meta:
        ordering = ["expires_on", "-id"]
        verbose_name = _("Credential")
        verbose_name_plural = _("Credentials")
        constraints = [
            models.CheckConstraint(
                condition=~Q(number="") | Q(photo__isnull=False) | Q(expires_on__isnull=False),
                name="credential_says_something",
                violation_error_message=_("Write the number or the date, or take a photo."),
            ),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True) | Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                name="credential_ends_after_issue",
                violation_error_message=_("It cannot end before it was issued."),
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("account")),
                name="credential_two_persons",
                violation_error_message=_("A second person verifies it."),
            ),
        ]
        indexes = [
            models.Index(fields=["holder", "kind"], name="credential_of_holder"),
            models.Index(fields=["org", "kind", "expires_on"], name="credential_by_end"),
            models.Index(fields=["expires_on"], condition=Q(revoked_at__isnull=True), name="credential_ending"),
            models.Index(fields=["expires_on", "-id"], name="credential_in_order"),
        ]

    def __str__(self) -> str:
        return str(self.holder)

    @property
    def is_personal(self) -> bool:
        """Whether a person holds it: its number is covered."""
        return self.holder.kind == "person"
