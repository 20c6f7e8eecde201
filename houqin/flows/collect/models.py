"""An office's table for schools: the notice with its columns, one return a school, one cell a value."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet, within
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.ids import PublicIdField
from houqin.lib.text import name_key


class Kind(models.TextChoices):
    """What a column holds."""

    TEXT = "text", _("Text")
    COUNT = "count", _("Whole number")
    NUMBER = "number", _("Number with decimals")
    MONEY = "money", _("Money")
    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("One of several")
    DATE = "date", _("Day")


SUMMED = (Kind.COUNT, Kind.NUMBER, Kind.MONEY)
FIGURES = (*SUMMED, Kind.YES_NO)


class CollectionQuerySet(ScopedQuerySet):
    """Notices by reader."""

    def visible_to(self, viewer: Viewer, permission: str | None = None) -> Self:
        """One's own office's and those below, and what an office above asks one's own schools."""
        if viewer.is_system:
            return self
        paths = viewer.paths_for(permission or Collection.VIEW_PERMISSION)
        asked = Return.objects.filter(within("org__path", paths), collection=OuterRef("pk"))
        return self.filter(within("org__path", paths) | Exists(asked))


class Collection(ScopedModel):
    """A notice with a table, from an office to schools below it. Once sent its columns never change; it is closed, not deleted."""

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "collect.follow"
    STATE_FIELDS = frozenset({"state", "sent_at", "sent_by", "due_on", "closed_at", "closed_by", "template"})

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Out to schools")
        CLOSED = "closed", _("Closed")

    class Days(models.TextChoices):
        """How its days are counted."""

        WORKING = "working", _("working days")
        CALENDAR = "calendar", _("calendar days")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Asking office"))
    title = models.CharField(_("Title"), max_length=80)
    text = models.TextField(_("Text"), max_length=4000, blank=True)
    basis = models.CharField(_("Why it is asked, and on which basis"), max_length=300)
    due_days = models.PositiveSmallIntegerField(_("Days to answer"), default=5)
    days_counted = models.CharField(_("Counted in"), max_length=8, choices=Days, default=Days.WORKING)
    several_rows = models.BooleanField(_("A school may write several rows"), default=False)
    again_because = models.CharField(_("Why it is asked again"), max_length=300, blank=True, editable=False)
    state = models.CharField(_("State"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    made_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("Written by")
    )
    made_at = models.DateTimeField(_("Written on"), editable=False)
    due_on = models.DateField(_("To be answered by"), null=True, editable=False)
    sent_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("Sent out by")
    )
    sent_at = models.DateTimeField(_("Sent out"), null=True, editable=False)
    closed_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", editable=False)
    closed_at = models.DateTimeField(_("Closed"), null=True, editable=False)
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="copies", editable=False, verbose_name=_("Last time")
    )
    template = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("Template")
    )
    chosen = models.ManyToManyField("orgs.OrgUnit", related_name="+", verbose_name=_("Schools"))

    objects: ClassVar[Any] = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("Collection")
        verbose_name_plural = _("Collections")
        indexes = [
            models.Index(fields=["org", "state"], name="collection_by_unit"),
            models.Index(fields=["sent_at"], name="collection_by_sending"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(sent_at__isnull=False, due_on__isnull=False),
                name="collection_sent_is_due",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.state == self.State.DRAFT

    @property
    def is_open(self) -> bool:
        """Whether schools can answer."""
        return self.state == self.State.OPEN


class CollectionColumn(ScopedModel):
    """A column of the table: what one cell holds. ``known`` names the figure that the system fills in by itself."""

    SCOPE_PATH = "collection__org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "collect.follow"

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="columns")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("Column"), max_length=60)
    label_key = models.CharField(max_length=60, editable=False)
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind, default=Kind.COUNT)
    unit = models.CharField(_("Unit"), max_length=12, blank=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    choices = models.JSONField(default=list, blank=True)
    needed = models.BooleanField(_("Must be filled in"), default=True)
    known = models.CharField(_("Filled in by the system"), max_length=60, blank=True)

    class Meta:
        ordering = ["collection", "position"]
        verbose_name = _("Column")
        constraints = [
            models.UniqueConstraint(fields=["collection", "position"], name="collection_column_place"),
            models.UniqueConstraint(
                fields=["collection", "label_key"],
                name="collection_column_once",
                violation_error_message=_("A column of this name stands there already."),
            ),
        ]
        indexes = [
            models.Index(fields=["label_key", "kind"], name="collection_column_label"),
            models.Index(fields=["known"], name="collection_column_known"),
        ]

    def __str__(self) -> str:
        return f"{self.label}（{self.unit}）" if self.unit else self.label

    @property
    def is_summed(self) -> bool:
        """Whether its values add up."""
        return self.kind in SUMMED

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.label_key = name_key(self.label)[:60]
        super().save(*args, **kwargs)


class Return(ScopedModel):
    """What one school was asked by a notice, and where its answer stands."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "collect.view"
    STATE_FIELDS = frozenset({
        "state", "due_on", "read_at", "read_by", "answered_at", "answered_on", "answered_by", "taken_at",
        "back_at", "back_by", "back_words", "more_state", "reminded_on",
    })  # fmt: skip

    class State(models.TextChoices):
        """Where the school's answer stands."""

        NEW = "new", _("Not read yet")
        READ = "read", _("Read, not answered")
        SENT = "sent", _("Answered")
        BACK = "back", _("Sent back to be put right")
        TAKEN = "taken", _("Taken over")

    class More(models.TextChoices):
        """Where a school's wish for more time stands."""

        NONE = "", _("None")
        ASKED = "asked", _("More time asked for")
        AGREED = "agreed", _("More time given")
        DECLINED = "declined", _("No more time")

    public_id = PublicIdField()
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="returns", verbose_name=_("Notice"))
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    state = models.CharField(_("State"), max_length=6, choices=State, default=State.NEW, editable=False)
    due_on = models.DateField(_("To be answered by"))
    read_at = models.DateTimeField(_("Read"), null=True, editable=False)
    read_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", editable=False)
    answered_at = models.DateTimeField(_("Answered"), null=True, editable=False)
    answered_on = models.DateField(null=True, editable=False, help_text="the local day of the deed")
    answered_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("Answered by")
    )
    late_because = models.CharField(_("Why late"), max_length=200, blank=True)
    taken_at = models.DateTimeField(_("Taken over"), null=True, editable=False)
    taken_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", editable=False)
    back_at = models.DateTimeField(null=True, editable=False)
    back_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", editable=False)
    back_words = models.CharField(_("What is to be put right"), max_length=300, blank=True, editable=False)
    more_state = models.CharField(max_length=8, choices=More, default=More.NONE, blank=True, editable=False)
    more_until = models.DateField(_("Until"), null=True, blank=True)
    more_because = models.CharField(_("Why more time is needed"), max_length=200, blank=True)
    more_words = models.CharField(max_length=200, blank=True)
    reminded_on = models.DateField(_("Reminded"), null=True, editable=False)

    class Meta:
        ordering = ["-collection__sent_at", "org__path"]
        verbose_name = _("Table to fill in")
        verbose_name_plural = _("Tables to fill in")
        constraints = [models.UniqueConstraint(fields=["collection", "org"], name="collection_return_once")]
        indexes = [models.Index(fields=["org", "state", "due_on"], name="collection_return_waits")]

    def __str__(self) -> str:
        return f"{self.collection} · {self.org}"

    @property
    def is_answered(self) -> bool:
        """Whether the office has the school's figures."""
        return self.state in ANSWERED

    @property
    def is_late(self) -> bool:
        """Whether it was answered after its day."""
        return self.answered_on is not None and self.answered_on > self.due_on

    def is_overdue(self, day: date) -> bool:
        """Whether its day is past and nothing has come."""
        return not self.is_answered and day > self.due_on


ANSWERED = (Return.State.SENT, Return.State.TAKEN)
WAITING = (Return.State.NEW, Return.State.READ, Return.State.BACK)


class Cell(ScopedModel):
    """One value of a school's answer: ``figure`` in the column's smallest unit (fen, 10^-decimals, 1 for yes), a text or a day."""

    SCOPE_PATH = "of__org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "collect.view"

    of = models.ForeignKey(Return, models.CASCADE, related_name="cells")
    column = models.ForeignKey(CollectionColumn, models.PROTECT, related_name="cells")
    line = models.PositiveSmallIntegerField(default=0)
    figure = models.BigIntegerField(null=True)
    text = models.CharField(max_length=500, blank=True)
    day = models.DateField(null=True)
    as_known = models.BooleanField(default=False, help_text="the school left what the system had filled in")
    remark = models.CharField(max_length=200, blank=True, help_text="what the office wants put right here")

    class Meta:
        ordering = ["of", "line", "column__position"]
        constraints = [models.UniqueConstraint(fields=["of", "column", "line"], name="collection_cell_once")]
        indexes = [models.Index(fields=["column", "of"], name="collection_cell_sums")]

    def __str__(self) -> str:
        return f"{self.of} · {self.column} {self.line}"
