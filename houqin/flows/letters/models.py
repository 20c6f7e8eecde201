"""Responsibility letters 责任书: what is asked, of whom, and who signed it (R-003, R-085)."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import Kind
from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.tables.ids import PublicIdField


class Pattern(ScopedModel):
    """The text of a letter as one unit asks it: of the units below it (their head signs), or of holders of a post.

    The three duties of 一岗三责 stand apart, each in the words of whoever asks; ``targets`` are one a line. The text is
    never changed once letters were issued from it: next year's is a new pattern that ``renews`` it.
    """

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "letters.view"
    STATE_FIELDS = frozenset({"ended_at"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Issuing unit"))
    title = models.CharField(_("Title"), max_length=80)
    year = models.PositiveSmallIntegerField(_("Year"))
    unit_kind = models.CharField(_("For units"), max_length=12, choices=Kind, blank=True)
    post = models.CharField(_("For the post"), max_length=40, blank=True, help_text="a code of the catalogue posts")
    business = models.TextField(_("Duties of the work"))
    safety = models.TextField(_("Duties of safety"))
    integrity = models.TextField(_("Duties of integrity"))
    targets = models.TextField(_("Targets"), blank=True)
    basis = models.CharField(_("Basis"), max_length=200, blank=True)
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="renewed_by", verbose_name=_("Renews")
    )
    set_at = models.DateTimeField(_("Written"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-year", "org__path", "title"]
        verbose_name = _("Text of a letter")
        verbose_name_plural = _("Texts of letters")
        constraints = [
            models.CheckConstraint(
                condition=Q(unit_kind="") ^ Q(post=""),
                name="letter_for_units_or_a_post",
                violation_error_message=_("A letter is for units or for a post."),
            ),
            models.UniqueConstraint(
                fields=["org", "title", "year"],
                condition=Q(ended_at__isnull=True),
                name="letter_text_once",
                violation_error_message=_("There is a text of this title for this year already."),
            ),
            models.UniqueConstraint(
                fields=["renews"], condition=Q(ended_at__isnull=True), name="letter_text_renewed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.year}"


class LetterState(models.TextChoices):
    """How a letter stands."""

    ISSUED = "issued", _("To be signed")
    SIGNED = "signed", _("Signed already")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class SignedHow(models.TextChoices):
    """How it was signed."""

    OWN = "own", _("On the own account")
    PIN = "pin", _("By PIN on a colleague's phone")
    PAPER = "paper", _("On paper")


class LetterQuerySet(ScopedQuerySet):
    """Letters by how they stand."""

    def unsigned(self) -> Self:
        """Issued and not signed yet."""
        return self.filter(state=LetterState.ISSUED)

    def standing(self) -> Self:
        """Not withdrawn."""
        return self.exclude(state=LetterState.WITHDRAWN)


class Letter(ScopedModel):
    """One letter to one unit or one holder of a post. Signed letters are sealed and never change; a mistake is withdrawn.

    ``content`` is the sealed text: the name of whoever signed stands in it as a commitment, salted with ``salt``.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "letters.view"
    PURPOSE = _("Who promised to answer for what.")
    STATE_FIELDS = frozenset({"state", "signed_at", "withdrawn_at"})

    public_id = PublicIdField()
    pattern = models.ForeignKey(Pattern, models.PROTECT, related_name="letters", verbose_name=_("Text"))
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Person")
    )
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="renewed_by", verbose_name=_("Follows")
    )
    issued_at = models.DateTimeField(_("Sent out"))
    issued_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("Issued by")
    )
    due_on = models.DateField(_("Sign until"))
    state = models.CharField(_("State"), max_length=10, choices=LetterState, default=LetterState.ISSUED, editable=False)
    signed_at = models.DateTimeField(_("Signed"), null=True, blank=True, editable=False)
    signed_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("Signed by"),
    )  # fmt: skip
    signed_name = models.CharField(_("Signed by"), max_length=60, blank=True, editable=False)
    signed_how = models.CharField(_("How"), max_length=6, choices=SignedHow, blank=True, editable=False)
    content = models.TextField(_("As signed"), blank=True, editable=False)
    salt = models.CharField(max_length=32, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("Withdrawn"), null=True, blank=True, editable=False)
    withdrawn_why = models.CharField(_("Why withdrawn"), max_length=200, blank=True, editable=False)

    objects: ClassVar[Any] = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-id"]
        verbose_name = _("Responsibility letter")
        verbose_name_plural = _("Responsibility letters")
        constraints = [
            models.UniqueConstraint(
                fields=["pattern", "org"],
                condition=Q(person__isnull=True) & ~Q(state="withdrawn"),
                name="letter_once_for_a_unit",
            ),
            models.UniqueConstraint(
                fields=["pattern", "org", "person"],
                condition=Q(person__isnull=False) & ~Q(state="withdrawn"),
                name="letter_once_for_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | (Q(signed_at__isnull=False) & ~Q(content="")), name="letter_signed_whole"
            ),
        ]
        indexes = [models.Index(fields=["org", "state"], name="letter_by_unit")]

    def __str__(self) -> str:
        return str(self.pattern)
