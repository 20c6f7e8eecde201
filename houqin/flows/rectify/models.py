"""What was found, what led to it, and the steps until it is closed."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.files.models import StoredFile
from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.subjects.models import Subject
from houqin.core.tables.ids import PublicIdField


class Severity(models.IntegerChoices):
    """How much is at stake."""

    MINOR = 1, _("Minor")
    GENERAL = 2, _("General")
    SERIOUS = 3, _("Serious hazard")


class FindingState(models.TextChoices):
    """How a finding stands."""

    FOUND = "found", _("To be ordered")
    ORDERED = "ordered", _("Waits to be put right")
    REPORTED = "reported", _("To be looked at again")
    CLOSED = "closed", _("Put right and closed")
    VOID = "void", _("Taken back as a mistake")


class CauseKind(models.TextChoices):
    """What kind of record led to a finding. Complaints and machines have no module of their own yet; the verb takes theirs, too."""

    LEDGER = "ledger", _("A value out of its limit")
    DUTY = "duty", _("A missed duty")
    VISIT = "visit", _("An inspection")
    ROUND = "round", _("A round")
    ALARM = "alarm", _("A machine's alarm")
    COMPLAINT = "complaint", _("A complaint")
    NOTICE = "notice", _("A notice of another department")


OPEN_STATES = (FindingState.FOUND, FindingState.ORDERED, FindingState.REPORTED)


class FindingQuerySet(ScopedQuerySet):
    """Findings by how they stand."""

    def unsettled(self) -> Self:
        """Neither closed nor taken back."""
        return self.filter(state__in=OPEN_STATES)


class Finding(ScopedModel):
    """Something that is not as it should be at a unit, from the day it was found until somebody else saw it put right.

    ``climbed`` is how many levels were told that it is overdue. ``subject`` is for what was sealed off because of it.
    ``topic`` names what repeats (an item of a checklist, a column of a ledger); together with ``about`` it tells that the
    same thing is found again (``nth``). ``check_org`` is the unit that looks again. Never deleted; one that was opened by mistake is taken back
    with a reason.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "rectify.view"
    STATE_FIELDS = frozenset({"state", "closed_at"})

    public_id = PublicIdField()
    number = models.CharField(_("Number"), max_length=24)
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    day = models.DateField(_("Found on"))
    found_at = models.DateTimeField(_("Found at"))
    found_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Found by")
    )
    found_org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Found by the unit"))
    about = models.ForeignKey(
        Subject, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("What it is about")
    )
    place = models.CharField(_("Where"), max_length=120, blank=True)
    topic = models.CharField(max_length=120, blank=True, editable=False)
    title = models.CharField(_("What was found"), max_length=200)
    detail = models.TextField(_("In detail"), blank=True)
    standard = models.CharField(_("How it should be"), max_length=300, blank=True)
    basis = models.CharField(_("Basis"), max_length=300, blank=True)
    severity = models.PositiveSmallIntegerField(_("How serious"), choices=Severity, default=Severity.MINOR)
    red_line = models.BooleanField(_("Red line"), default=False)
    repeats = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="repeated_by", verbose_name=_("Found before")
    )
    nth = models.PositiveSmallIntegerField(_("Which time"), default=1)
    state = models.CharField(
        _("State"), max_length=10, choices=FindingState, default=FindingState.FOUND, editable=False
    )
    post = models.CharField(_("Answerable post"), max_length=40, blank=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Answerable person")
    )
    check_org = models.ForeignKey(
        "orgs.OrgUnit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Looks again")
    )
    due_on = models.DateField(_("To be put right by"), null=True, blank=True)
    on_the_spot = models.BooleanField(_("Put right on the spot"), default=False, editable=False)
    returned = models.PositiveSmallIntegerField(_("Times sent back"), default=0, editable=False)
    supervised_by = models.ForeignKey(
        "orgs.OrgUnit", models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("Supervised by"),
    )  # fmt: skip
    closed_at = models.DateTimeField(_("Closed for good on"), null=True, blank=True, editable=False)
    closed_why = models.CharField(_("Why closed"), max_length=200, blank=True, editable=False)
    extended = models.PositiveSmallIntegerField(_("Times extended"), default=0, editable=False)
    climbed = models.PositiveSmallIntegerField(_("Levels told"), default=0, editable=False)
    subject = models.OneToOneField(Subject, models.PROTECT, null=True, related_name="+", editable=False)

    objects: ClassVar[Any] = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-id"]
        verbose_name = _("Finding")
        verbose_name_plural = _("Findings")
        constraints = [
            models.UniqueConstraint(fields=["org", "number"], name="finding_numbered_once"),
            models.CheckConstraint(
                condition=Q(state__in=["found", "void"]) | Q(due_on__isnull=False), name="finding_ordered_has_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "void"]) | Q(closed_at__isnull=False), name="finding_closed_when"
            ),
        ]
        indexes = [
            models.Index(fields=["org", "day"], name="finding_by_school"),
            models.Index(fields=["org", "topic", "day"], name="finding_by_topic"),
            models.Index(
                fields=["due_on"], condition=Q(state__in=["found", "ordered", "reported"]), name="finding_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        """Neither closed nor taken back."""
        return self.state in OPEN_STATES


class Cause(ScopedModel):
    """A record that opened a finding, or was found while it was open: a value out of limits, a missed duty, an item of a visit.

    ``key`` is unique at its unit, so that one cause never opens two findings.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "rectify.view"

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="causes")
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    kind = models.CharField(_("How it came to light"), max_length=40, choices=CauseKind)
    key = models.CharField(max_length=160)
    label = models.CharField(_("What led to it"), max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True)
    campaign = models.CharField(max_length=40, blank=True, help_text="public id of the campaign to which it belongs")
    at = models.DateTimeField(_("When"))

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("Cause")
        verbose_name_plural = _("Causes")
        constraints = [models.UniqueConstraint(fields=["org", "key"], name="cause_opens_once")]
        indexes = [models.Index(fields=["campaign"], condition=~Q(campaign=""), name="cause_of_campaign")]

    def __str__(self) -> str:
        return self.label


class Plan(ScopedModel):
    """How it is put right (五落实): who answers, what is done, with what money, until when, and what if it goes wrong. Newest holds."""

    SCOPE_PATH = "finding__org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "rectify.view"

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="plans")
    post = models.CharField(_("Answerable post"), max_length=40)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Answerable person")
    )
    measures = models.TextField(_("Measures"))
    funds_fen = models.BigIntegerField(_("Money"), null=True, blank=True)
    funds_from = models.CharField(_("Paid from"), max_length=120, blank=True)
    finish_on = models.DateField(_("Done by"))
    contingency = models.TextField(_("If it goes wrong"), blank=True)
    set_at = models.DateTimeField(_("Plan written on"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["-set_at", "-id"]
        verbose_name = _("Plan")
        verbose_name_plural = _("Plans")

    def __str__(self) -> str:
        return self.measures[:60]


class Look(ScopedModel):
    """One look at it: as it was found, as it was put right, as somebody else saw it again. Never changed."""

    SCOPE_PATH = "finding__org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "rectify.view"

    class Kind(models.TextChoices):
        """Which look."""

        FOUND = "found", _("As it was found")
        FIXED = "fixed", _("As it was put right")
        PASSED = "passed", _("Seen to be put right")
        RETURNED = "returned", _("Sent back")

    public_id = PublicIdField()
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="looks")
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind)
    remark = models.TextField(_("Remark"), blank=True)
    at = models.DateTimeField(_("When"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))
    unit = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("Step of putting right")
        verbose_name_plural = _("Steps of putting right")

    def __str__(self) -> str:
        return self.get_kind_display()


class LookPhoto(ScopedModel):
    """A photo of a look."""

    SCOPE_PATH = "look__finding__org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "rectify.view"
    PURPOSE = _("What was put right, and what was found at the recheck.")

    look = models.ForeignKey(Look, models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("Photo of a look")
        verbose_name_plural = _("Photos of looks")
        constraints = [models.UniqueConstraint(fields=["look", "file"], name="look_photo_once")]

    def __str__(self) -> str:
        return str(self.look_id)


class Extension(ScopedModel):
    """More time that was asked for, and the answer. Each is counted."""

    SCOPE_PATH = "finding__org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "rectify.view"
    STATE_FIELDS = frozenset({"granted", "decided_at"})

    public_id = PublicIdField()
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="extensions")
    before = models.DateField(_("Due until then"))
    until = models.DateField(_("Asked until"))
    reason = models.CharField(_("Reason"), max_length=200)
    asked_at = models.DateTimeField(_("Asked"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))
    granted = models.BooleanField(_("Granted"), null=True, editable=False)
    answer = models.CharField(_("Answer"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("Answered on"), null=True, editable=False)
    decided_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("Who answered")
    )

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name = _("Extension")
        verbose_name_plural = _("Extensions")
        constraints = [
            models.UniqueConstraint(
                fields=["finding"], condition=Q(granted__isnull=True), name="extension_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.until}"


class Climb(ScopedModel):
    """One level that was told that a finding is overdue: the answerable post first, then the posts above, then the offices."""

    SCOPE_PATH = "finding__org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "rectify.view"

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="climbs")
    due_on = models.DateField(_("To be put right by"))
    level = models.PositiveSmallIntegerField(_("Level"))
    post = models.CharField(_("Post"), max_length=40, blank=True)
    office = models.ForeignKey(
        "orgs.OrgUnit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Office")
    )
    told = models.CharField(_("Who was told"), max_length=200)
    late = models.PositiveSmallIntegerField(_("Working days late"))
    at = models.DateTimeField(_("When"))

    class Meta:
        ordering = ["at", "level", "id"]
        verbose_name = _("Level told")
        verbose_name_plural = _("Levels told")
        constraints = [models.UniqueConstraint(fields=["finding", "due_on", "level"], name="climb_once_a_level")]

    def __str__(self) -> str:
        return f"{self.level} {self.told}"
