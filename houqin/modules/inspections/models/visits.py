"""Visits: what was answered on them, and who signed."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from houqin.core.files.models import StoredFile
from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.tables.ids import PublicIdField
from houqin.flows.rectify.models import Finding
from houqin.modules.inspections.models.planning import Campaign, CampaignKind, Draw
from houqin.modules.inspections.secrecy import OfAnswerQuerySet, OfVisitQuerySet, VisitQuerySet


class VisitState(models.TextChoices):
    """How a visit stands."""

    PLANNED = "planned", _("Planned")
    DEPARTED = "departed", _("On the way")
    UNDERWAY = "underway", _("Under way")
    SIGNED = "signed", pgettext_lazy("state", "Signed")
    VOID = "void", _("Called off")


class Visit(ScopedModel):
    """One inspection of one school: by an office, by another school, or by itself. Signed, it is sealed and never changes.

    ``number`` is given when it begins, so that no gap tells of one that is planned. ``content`` is the sealed record.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "inspections.view"
    STATE_FIELDS = frozenset({"state", "began_at", "signed_at"})

    public_id = PublicIdField()
    number = models.CharField(_("Number"), max_length=24, blank=True, editable=False)
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("Campaign")
    )
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, blank=True, related_name="visits")
    office = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Inspecting unit"))
    kind = models.CharField(_("Kind"), max_length=16, choices=CampaignKind)
    unannounced = models.BooleanField(_("Unannounced"), default=False)
    planned_on = models.DateField(_("Planned for"), null=True, blank=True)
    lists = models.JSONField(default=list, help_text="[{code, version}] of the checklists by which it looks")
    state = models.CharField(_("State"), max_length=10, choices=VisitState, default=VisitState.PLANNED, editable=False)
    day = models.DateField(_("Day"), null=True, blank=True, editable=False)
    began_at = models.DateTimeField(_("Began"), null=True, blank=True, editable=False)
    signed_at = models.DateTimeField(_("Signed"), null=True, blank=True, editable=False)
    score_hundredths = models.PositiveIntegerField(_("Score"), null=True, blank=True, editable=False)
    grade = models.CharField(_("Grade"), max_length=20, blank=True, editable=False)
    red_lines = models.PositiveSmallIntegerField(_("Red lines failed"), default=0, editable=False)
    remark = models.TextField(_("Remark"), blank=True)
    content = models.TextField(blank=True, editable=False)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    objects: ClassVar[Any] = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        verbose_name = _("Inspection visit")
        verbose_name_plural = _("Inspection visits")
        constraints = [
            models.UniqueConstraint(fields=["org", "number"], condition=~Q(number=""), name="visit_numbered_once"),
            models.UniqueConstraint(
                fields=["campaign", "org"],
                condition=Q(campaign__isnull=False) & ~Q(state="void") & ~Q(kind="follow_up"),
                name="visit_once_a_campaign",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | (Q(signed_at__isnull=False) & ~Q(content="")), name="visit_signed_whole"
            ),
        ]
        indexes = [
            models.Index(fields=["org", "day"], name="visit_by_school"),
            models.Index(fields=["office", "day"], name="visit_by_office"),
            models.Index(
                fields=["campaign"], condition=Q(unannounced=True, began_at__isnull=True), name="visit_secret"
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.get_kind_display()


class VisitInspector(ScopedModel):
    """Who inspects on a visit."""

    SCOPE_PATH = "visit__org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "inspections.view"

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="inspectors")
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    leads = models.BooleanField(_("Leads"), default=False)

    objects: ClassVar[Any] = OfVisitQuerySet.as_manager()

    class Meta:
        ordering = ["-leads", "pk"]
        verbose_name = _("Inspector on a visit")
        verbose_name_plural = _("Inspectors on a visit")
        constraints = [models.UniqueConstraint(fields=["visit", "account"], name="inspector_once_a_visit")]

    def __str__(self) -> str:
        return str(self.account)


class Answer(ScopedModel):
    """What was seen at one item: in order, failed, a level, a figure, or does not apply. The newest holds until it is signed."""

    SCOPE_PATH = "visit__org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "inspections.view"
    STATE_FIELDS = frozenset({"outcome"})

    class Outcome(models.TextChoices):
        """How it was."""

        OK = "ok", _("In order")
        FAILED = "failed", _("Not in order")
        NOT_APPLICABLE = "na", _("Does not apply")

    public_id = PublicIdField()
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="answers")
    checklist = models.CharField(max_length=60)
    item = models.CharField(max_length=60)
    outcome = models.CharField(_("Outcome"), max_length=8, choices=Outcome, editable=False)
    level = models.PositiveSmallIntegerField(_("Level"), null=True, blank=True)
    value_thousandths = models.BigIntegerField(_("Value"), null=True, blank=True)
    place = models.CharField(_("Where"), max_length=120, blank=True)
    remark = models.CharField(_("Remark"), max_length=500, blank=True)
    on_the_spot = models.BooleanField(_("Put right on the spot"), default=False)
    answered_at = models.DateTimeField(_("When"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = OfVisitQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("Answer")
        verbose_name_plural = _("Answers")
        constraints = [models.UniqueConstraint(fields=["visit", "checklist", "item"], name="answer_once_an_item")]

    def __str__(self) -> str:
        return f"{self.item} {self.get_outcome_display()}"


class AnswerPhoto(ScopedModel):
    """A photo taken at an item."""

    SCOPE_PATH = "answer__visit__org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "inspections.view"
    PURPOSE = _("What was found at an inspection.")

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = OfAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("Photo of an answer")
        verbose_name_plural = _("Photos of answers")
        constraints = [models.UniqueConstraint(fields=["answer", "file"], name="answer_photo_once")]

    def __str__(self) -> str:
        return str(self.answer_id)


class Signature(ScopedModel):
    """Who signed a visit: an inspector, or the school's person, drawn on the screen; or that the school would not sign, and why.

    Who came along from another department is written down by name; they sign on the paper.

    ``salt`` hides the name in the sealed record: when both are erased, the chain stays whole.
    """

    SCOPE_PATH = "visit__org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "inspections.view"
    PURPOSE = _("Who answers for the record of an inspection.")

    class Side(models.TextChoices):
        """For whom."""

        INSPECTORS = "inspectors", _("For the inspectors")
        SCHOOL = "school", _("For the school")
        PARTNERS = "partners", _("Of other departments")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="signatures")
    side = models.CharField(_("Side"), max_length=10, choices=Side)
    name = models.CharField(_("Name"), max_length=60)
    salt = models.CharField(max_length=32, editable=False, default="")
    account = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("Account")
    )
    image = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    objection = models.CharField(_("What the school says to it"), max_length=500, blank=True)
    refused_why = models.CharField(_("Would not sign because"), max_length=200, blank=True)
    signed_at = models.DateTimeField(_("Signed"))

    objects: ClassVar[Any] = OfVisitQuerySet.as_manager()

    class Meta:
        ordering = ["signed_at", "pk"]
        verbose_name = _("Signature")
        verbose_name_plural = _("Signatures")
        constraints = [models.UniqueConstraint(fields=["visit", "side", "name"], name="visit_signed_once_by_each")]

    def __str__(self) -> str:
        return self.name
