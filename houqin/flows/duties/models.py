"""Duties as they fall due, the school's own arrangement, and what was done about late ones."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.subjects.models import Subject
from houqin.core.tables.ids import PublicIdField
from houqin.flows.duties.naming import called


class DutyState(models.TextChoices):
    """How a duty stands. Late and missed follow from the times."""

    OPEN = "open", pgettext_lazy("duty", "Open")
    DONE = "done", _("Done")
    EXCUSED = "excused", _("Excused")
    SUSPENDED = "suspended", _("Suspended")


class DutyQuerySet(ScopedQuerySet):
    """Duties by how they stand."""

    def open(self) -> Self:
        """Still to be done."""
        return self.filter(state=DutyState.OPEN)


class Duty(ScopedModel):
    """One thing that one post of a unit does in one window. A leaf: partitioned by day, nothing points at it.

    ``rule`` is the code of a Rule. ``day`` is the local day on which it falls due; a window that runs past midnight belongs
    to the day on which it opens. ``slot`` tells several of one day apart: a meal, a half of the day. ``about`` is the place or thing it is done at, none: the unit.
    ``evidence_id`` is the public id of the record by which it was done.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "duties.view"
    PARTITIONED = True
    STATE_FIELDS = frozenset({"state", "done_at", "evidence_id"})

    day = models.DateField(_("Day"))
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", db_index=False, verbose_name=_("School"))
    rule = models.CharField(_("Duty"), max_length=60)
    slot = models.CharField(_("Which"), max_length=20, blank=True)
    about = models.ForeignKey(
        Subject, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("Where")
    )
    about_key = models.BigIntegerField(default=0, editable=False, help_text="about, or 0: keeps a duty unique")
    post = models.CharField(_("Post"), max_length=40)
    opens_at = models.DateTimeField(_("From"))
    due_at = models.DateTimeField(_("Until"))
    red_line = models.BooleanField(_("Red line"), default=False)
    state = models.CharField(_("State"), max_length=10, choices=DutyState, default=DutyState.OPEN, editable=False)
    done_at = models.DateTimeField(_("Done"), null=True, blank=True, editable=False)
    account = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("By")
    )
    person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("Handed over to"),
    )  # fmt: skip
    evidence_id = models.UUIDField(null=True, blank=True, editable=False)
    note = models.CharField(_("Remark"), max_length=200, blank=True)

    objects: ClassVar[Any] = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        verbose_name = _("Duty")
        verbose_name_plural = _("Duties")
        constraints = [
            models.UniqueConstraint(fields=["day", "org", "rule", "slot", "about_key"], name="duty_once"),
            models.CheckConstraint(condition=Q(due_at__gt=F("opens_at")), name="duty_has_a_window"),
        ]
        indexes = [
            models.Index(fields=["org", "day"], name="duty_by_school"),
            models.Index(fields=["due_at"], condition=Q(state="open"), name="duty_open"),
            models.Index(fields=["day", "due_at", "id"], name="duty_in_order"),
        ]

    def __str__(self) -> str:
        return f"{called(self.rule)} {self.day} {self.slot}".strip()


class OwnWindow(ScopedModel):
    """A school's own arrangement of a duty: another window within the one that is asked for, another post. Newest holds."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "duties.view"
    STATE_FIELDS = frozenset({"ended_at"})

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    rule = models.CharField(_("Duty"), max_length=60)
    slot = models.CharField(_("Which"), max_length=20, blank=True)
    opens = models.TimeField(_("From"), null=True, blank=True)
    due = models.TimeField(_("Until"), null=True, blank=True)
    post = models.CharField(_("Post"), max_length=40, blank=True)
    set_at = models.DateTimeField(_("Set"))
    ended_at = models.DateTimeField(_("Until"), null=True, blank=True, editable=False)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["org__path", "rule"]
        verbose_name = _("School's own time")
        verbose_name_plural = _("Schools' own times")
        constraints = [
            models.UniqueConstraint(
                fields=["org", "rule", "slot"], condition=Q(ended_at__isnull=True), name="own_window_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.org} {called(self.rule)}"


class Task(ScopedModel):
    """A duty that a unit sets in its own words for itself or for the schools below it; done by one tap and a remark.

    Its rule has the code ``task:<public id>``. A changed task is ended and set anew: what was asked stays on record.
    """

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "duties.view"
    STATE_FIELDS = frozenset({"ended_at"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Who asks"))
    title = models.CharField(_("What is to be done"), max_length=60)
    why = models.CharField(_("Why"), max_length=200)
    post = models.CharField(_("Post"), max_length=40)
    every = models.CharField(_("How often"), max_length=16)
    opens = models.TimeField(_("From"))
    due = models.TimeField(_("Until"))
    weekday = models.PositiveSmallIntegerField(_("Day of the week"), null=True, blank=True)
    tenth_minutes = models.PositiveIntegerField(_("Takes"), help_text="0.1 minutes")
    red_line = models.BooleanField(_("Red line"), default=False)
    from_on = models.DateField(_("From"))
    set_at = models.DateTimeField(_("Set"))
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True, editable=False)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["org__path", "title"]
        verbose_name = _("Task")
        verbose_name_plural = _("Tasks")

    def __str__(self) -> str:
        return self.title

    @property
    def rule(self) -> str:
        """The code under which its duties stand."""
        return f"task:{self.public_id}"


class Suspension(ScopedModel):
    """Duties that would destroy evidence rest at a unit while an incident is looked into, until somebody lifts it."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "duties.view"
    STATE_FIELDS = frozenset({"lifted_at", "lifted_by"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    why = models.CharField(_("Reason"), max_length=200)
    cause_id = models.CharField(max_length=40, blank=True, help_text="public id of the incident or recall")
    since = models.DateTimeField(_("Since"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))
    lifted_at = models.DateTimeField(_("Lifted"), null=True, blank=True, editable=False)
    lifted_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("Lifted by"),
    )  # fmt: skip
    lifted_why = models.CharField(_("Why lifted"), max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["-since"]
        verbose_name = _("Suspension")
        verbose_name_plural = _("Suspensions")
        indexes = [models.Index(fields=["org"], condition=Q(lifted_at__isnull=True), name="suspension_open")]

    def __str__(self) -> str:
        return f"{self.org} · {self.why}"


class Announcement(ScopedModel):
    """A warning (typhoon, rainstorm …) that a unit announced for itself and all below it, and by when it is over."""

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "duties.view"

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Announced by"))
    event = models.CharField(_("Warning"), max_length=40)
    words = models.CharField(_("What it says"), max_length=300)
    since = models.DateTimeField(_("Since"))
    until = models.DateTimeField(_("Until"))
    duties = models.PositiveIntegerField(_("Duties"), default=0, editable=False)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["-since"]
        verbose_name = _("Warning")
        verbose_name_plural = _("Warnings")
        constraints = [models.CheckConstraint(condition=Q(until__gt=F("since")), name="announcement_ends_later")]
        indexes = [models.Index(fields=["org", "until"], name="announcement_by_end")]

    def __str__(self) -> str:
        return self.words


class Step(ScopedModel):
    """What Houqin did about open duties by itself: a reminder, a climb to the next level, a digest. Each is kept."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "duties.view"

    class Kind(models.TextChoices):
        """What was done."""

        REMINDED = "reminded", _("Reminded")
        CLIMBED = "climbed", _("Told the next level")
        DIGEST = "digest", _("Daily digest")

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    kind = models.CharField(_("Step"), max_length=10, choices=Kind)
    day = models.DateField(_("Day"))
    post = models.CharField(_("Post"), max_length=40, blank=True)
    key = models.CharField(max_length=120, help_text="window, duty or level: keeps a step from being made twice")
    count = models.PositiveIntegerField(_("Duties"), default=1)
    told = models.CharField(_("Told"), max_length=200, blank=True)
    at = models.DateTimeField(_("At"))

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("Step")
        verbose_name_plural = _("Steps")
        constraints = [models.UniqueConstraint(fields=["org", "kind", "day", "key"], name="step_once")]
        indexes = [models.Index(fields=["at"], name="step_at")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"
