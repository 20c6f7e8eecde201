"""One import from the hand-in to the result: the run, its files, their rows, and what it proposes."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.tables.ids import PublicIdField
from houqin.lib.notes import Note

STAGED_MONTHS = 6


class ImportRun(ScopedModel):
    """One folder of spreadsheets handed in at a unit. It is read, corrected, then written once or discarded;
    after that it stays as the receipt."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "sheets.view"
    STATE_FIELDS = frozenset({"state", "decisions", "result", "problem", "finished_at"})

    class State(models.TextChoices):
        """Where it stands."""

        READING = "reading", _("Being read")
        READY = "ready", _("Waits for you")
        WRITING = "writing", _("Being written")
        DONE = "done", _("Written")
        FAILED = "failed", _("Failed")
        DISCARDED = "discarded", _("Discarded")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Under"))
    folder = models.CharField(_("Folder"), max_length=200, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.READING, editable=False)
    started_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Handed in by")
    )
    started_at = models.DateTimeField(_("Handed in"))
    finished_at = models.DateTimeField(_("Finished"), null=True, blank=True, editable=False)
    decisions = models.JSONField(default=dict, editable=False)
    result = models.JSONField(default=dict, editable=False)
    problem = models.JSONField(null=True, editable=False)

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("Import")
        verbose_name_plural = _("Imports")
        indexes = [models.Index(fields=["org", "-started_at"], name="import_by_org")]

    def __str__(self) -> str:
        return self.folder or str(_("Import"))

    @property
    def progress_key(self) -> str:
        """Under this key the reading and writing report how far they are."""
        return f"import-{self.public_id}"

    @property
    def is_open(self) -> bool:
        """Can it still be corrected and written?"""
        return self.state == self.State.READY


class ImportContent(ScopedModel):
    """The bytes of a file, stored once for each unit whatever its name; kept in the database so that every web
    process and worker reaches them. Never changed; erased with their retention."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.MINOR
    RETENTION_MONTHS = STAGED_MONTHS
    VIEW_PERMISSION = "sheets.import"
    PURPOSE = _("The spreadsheet as it was handed in, so that an import can be proved, repeated and undone.")

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    data = models.BinaryField(_("The file itself"))

    class Meta:
        verbose_name = _("Spreadsheet as handed in")
        constraints = [models.UniqueConstraint(fields=["org", "sha256"], name="import_bytes_once")]

    def __str__(self) -> str:
        return self.sha256[:12]


class ImportFile(ScopedModel):
    """One file of an import: its name in the folder and what was understood of its sheets."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "sheets.view"
    STATE_FIELDS = frozenset({"format", "understood", "problem"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="files")
    path = models.CharField(_("File"), max_length=400)
    size = models.PositiveBigIntegerField(_("Size"))
    sha256 = models.CharField(max_length=64)
    content = models.ForeignKey(ImportContent, models.PROTECT, null=True, related_name="+")
    format = models.CharField(max_length=8, blank=True, editable=False)
    understood = models.JSONField(default=list, editable=False)
    problem = models.JSONField(null=True, editable=False)

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["run", "path"], name="import_path_once")]

    def __str__(self) -> str:
        return self.path

    @property
    def name(self) -> str:
        """Without the folder."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def problem_text(self) -> str:
        """Why the file could not be read."""
        return in_words(self.problem)


class ImportRow(ScopedModel):
    """One line of a sheet between reading and writing: cells as they stood, typed values, what is wrong."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.MINOR
    RETENTION_MONTHS = STAGED_MONTHS
    RETENTION_FROM = "run__finished_at"
    VIEW_PERMISSION = "sheets.import"
    PURPOSE = _("The lines of that spreadsheet between reading and writing, to be looked through and put right.")
    STATE_FIELDS = frozenset({"state", "problems", "warnings"})

    class State(models.TextChoices):
        """What becomes of it."""

        STAGED = "staged", _("Can be written")
        REJECTED = "rejected", _("Goes back")
        CREATED = "created", _("New")
        CHANGED = "changed", _("Corrected")
        UNCHANGED = "unchanged", _("Known already")

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="rows")
    sheet = models.CharField(_("Sheet"), max_length=120)
    position = models.PositiveIntegerField()
    number = models.PositiveIntegerField(_("Line"))
    place = models.CharField(max_length=12)
    kind = models.CharField(max_length=20)
    state = models.CharField(_("State"), max_length=10, choices=State, editable=False)
    school = models.CharField(_("School"), max_length=120, blank=True)
    school_key = models.CharField(max_length=120, blank=True)
    cells = models.JSONField(_("Cells as they stood"), default=list)
    values = models.JSONField(_("What was read"), default=dict)
    warnings = models.JSONField(default=list)
    problems = models.JSONField(default=list)

    class Meta:
        verbose_name = _("Line of an import")
        ordering = ["file", "position"]
        indexes = [models.Index(fields=["run", "state"], name="import_row_state")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.place}"

    @property
    def problem_texts(self) -> list[str]:
        """Why it goes back, in words."""
        return [in_words(problem) for problem in self.problems]

    @property
    def warning_texts(self) -> list[str]:
        """What to look at, in words."""
        return [in_words(warning) for warning in self.warnings]


class ImportProposal(ScopedModel):
    """Something new that an import would record: a school, a supplier, a food, or that two names mean the same.
    Accepted unless somebody objects (doubtful ones are kept apart unless somebody agrees); merges can be undone."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "sheets.view"
    STATE_FIELDS = frozenset({"decision", "was_applied", "undone_at"})

    class Decision(models.TextChoices):
        """What is to be done with it."""

        ACCEPT = "accept", _("Accepted")
        APART = "apart", _("Kept apart")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="proposals")
    sort = models.CharField(max_length=20)  # "school" or the code of a name book
    name = models.CharField(_("Name"), max_length=120)
    same_as = models.CharField(_("Same as"), max_length=120, blank=True)
    is_sure = models.BooleanField(default=True)
    why = models.JSONField(default=dict)
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.ACCEPT, editable=False)
    was_applied = models.BooleanField(default=False, editable=False)
    undone_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["sort", "name"]
        constraints = [models.UniqueConstraint(fields=["run", "sort", "name"], name="proposal_once")]

    def __str__(self) -> str:
        return f"{self.name} → {self.same_as}" if self.same_as else self.name

    @property
    def is_merge(self) -> bool:
        """Does it say that two names mean the same?"""
        return bool(self.same_as)

    @property
    def can_be_undone(self) -> bool:
        """Was a merge made that still holds?"""
        return self.is_merge and self.sort != "school" and self.was_applied and self.undone_at is None

    @property
    def why_text(self) -> str:
        """The reason, in words."""
        return in_words(self.why)


def in_words(note: dict[str, Any] | None) -> str:
    """A stored Note in the reader's language."""
    from django.utils.translation import gettext

    return Note.from_json(note).in_words(gettext) if note else ""
