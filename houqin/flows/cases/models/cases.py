"""Cases: who works on them, their steps with deadlines, and their log."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from houqin.core.files.models import StoredFile
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet, within
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.ids import PublicIdField
from houqin.flows.rectify.models import Finding


def _here(zh: str, en: str) -> str:
    return zh if (get_language() or "").startswith("zh") else en or zh


class CaseState(models.TextChoices):
    """How a case stands."""

    OPEN = "open", _("Underway")
    CLOSED = "closed", _("Closed")


class CaseQuerySet(ScopedQuerySet):
    """Cases. A restricted one is for its members and for those who may lead cases at the unit that leads it.

    Whom a case is about never sees it, whatever their office.
    """

    def visible_to(self, viewer: Viewer, permission: str | None = None) -> Self:
        """Within reach and not kept from the viewer: the one door for pages, lists, counts, search and exports."""
        rows = super().visible_to(viewer, permission)
        if viewer.is_system:
            return rows
        leads = within("lead__path", viewer.paths_for("cases.lead"))
        works = Member.objects.filter(case=OuterRef("pk"), account=viewer.account_id, until_at__isnull=True)
        rows = rows.filter(Q(restricted=False) | leads | Exists(works))
        return rows.exclude(person=viewer.person_id) if viewer.person_id is not None else rows

    def unsettled(self) -> Self:
        """Not closed."""
        return self.filter(state=CaseState.OPEN)

    def real(self) -> Self:
        """Without drills."""
        return self.filter(drill=False)


class OfCaseQuerySet(ScopedQuerySet):
    """What belongs to a case is seen by whoever sees the case."""

    def visible_to(self, viewer: Viewer, permission: str | None = None) -> Self:
        """Rows of the cases that the viewer sees."""
        rows = super().visible_to(viewer, permission)
        owner = self.model.SCOPE_PATH.removesuffix("__org__path")
        return rows if viewer.is_system else rows.filter(**{f"{owner}__in": Case.objects.visible_to(viewer)})


class Case(ScopedModel):
    """Something that several people work through by steps, from its opening to its outcome.

    ``org`` is where it happened, ``lead`` the unit that leads it: its people do the steps. ``key`` keeps one cause from
    opening two. ``person`` is whom it is about. A ``drill`` counts nowhere. Never deleted.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "cases.view"
    PURPOSE = _(
        "Accidents, complaints and suspected poisonings with those concerned: proof towards authorities and insurers."
    )
    STATE_FIELDS = frozenset({"state", "closed_at"})

    public_id = PublicIdField()
    kind = models.CharField(_("Kind"), max_length=40)
    kind_zh = models.CharField(max_length=80, editable=False)
    kind_en = models.CharField(max_length=80, editable=False)
    number = models.CharField(_("Number"), max_length=24)
    org = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("Unit"))
    lead = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("Led by"))
    day = models.DateField(_("Opened on"))
    title = models.CharField(_("Title"), max_length=200)
    detail = models.TextField(_("In detail"), blank=True)
    opened_at = models.DateTimeField(_("Opened at"))
    opened_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Opened by")
    )
    key = models.CharField(max_length=160, blank=True, editable=False)
    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("From the finding")
    )
    person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Whom it is about")
    )
    restricted = models.BooleanField(_("Restricted"), default=False, editable=False)
    drill = models.BooleanField(_("Drill"), default=False, editable=False)
    supervised_by = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("Supervised by"),
    )  # fmt: skip
    state = models.CharField(_("State"), max_length=10, choices=CaseState, default=CaseState.OPEN, editable=False)
    outcome = models.CharField(max_length=40, blank=True, editable=False)
    closed_at = models.DateTimeField(_("Closed"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Closed by")
    )
    closed_why = models.CharField(_("Why closed"), max_length=300, blank=True, editable=False)

    objects: ClassVar[Any] = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        verbose_name = _("Case")
        verbose_name_plural = _("Cases")
        constraints = [
            models.UniqueConstraint(fields=["org", "number"], name="case_numbered_once"),
            models.UniqueConstraint(fields=["org", "kind", "key"], condition=~Q(key=""), name="case_opened_once"),
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(outcome="")), name="case_closed_how"
            ),
        ]
        indexes = [
            models.Index(fields=["org", "kind", "day"], name="case_by_unit"),
            models.Index(fields=["lead", "state"], name="case_by_lead"),
        ]

    def __str__(self) -> str:
        return self.number if self.restricted else f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        """Not closed."""
        return self.state == CaseState.OPEN

    @property
    def kind_title(self) -> str:
        """What kind of case it is, in the reader's language."""
        return _here(self.kind_zh, self.kind_en)

    @property
    def trail_org(self) -> OrgUnit:
        """The unit under which the trail keeps it: of a restricted one the unit where it happened reads nothing there."""
        return self.lead if self.restricted else self.org


class MemberRole(models.TextChoices):
    """What somebody does on a case."""

    LEADS = "leads", _("Leads")
    WORKS = "works", _("Works on it")
    HELPS = "helps", _("Helps and reads")


class Member(ScopedModel):
    """Who works on a case, and in which role, until they are taken off it."""

    SCOPE_PATH = "case__org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "cases.view"
    STATE_FIELDS = frozenset({"until_at"})

    public_id = PublicIdField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="members")
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+", verbose_name=_("Member"))
    role = models.CharField(_("Role"), max_length=10, choices=MemberRole, default=MemberRole.WORKS)
    since_at = models.DateTimeField(_("Since"))
    until_at = models.DateTimeField(_("Until"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["role", "since_at", "id"]
        verbose_name = _("Member of a case")
        verbose_name_plural = _("Members of a case")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "account"], condition=Q(until_at__isnull=True), name="case_member_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.account)


class Step(ScopedModel):
    """One step of a case as its kind asked for it when it was opened, and how it was done.

    ``allowed`` minutes, or working days where ``in_days``, run from the opening or from the step ``after``; ``due_at`` is
    empty until that is done. A step that does not apply here is done, too, with its reason.
    """

    SCOPE_PATH = "case__org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "cases.view"
    STATE_FIELDS = frozenset({"done_at", "not_applicable", "reminded_at"})

    public_id = PublicIdField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    code = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(_("Order"))
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    asks_zh = models.TextField(blank=True)
    asks_en = models.TextField(blank=True)
    post = models.CharField(_("Post"), max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    allowed = models.PositiveIntegerField(null=True, blank=True)
    in_days = models.BooleanField(default=False)
    due_at = models.DateTimeField(_("Due"), null=True, blank=True)
    asks_note = models.BooleanField(default=False)
    asks_photo = models.BooleanField(default=False)
    by_deed = models.BooleanField(default=False)
    done_at = models.DateTimeField(_("Done"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Done by")
    )
    not_applicable = models.BooleanField(_("Does not apply"), default=False, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    note = models.TextField(_("Note"), blank=True)
    photo = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Photo")
    )

    objects: ClassVar[Any] = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name = _("Step")
        verbose_name_plural = _("Steps")
        constraints = [
            models.UniqueConstraint(fields=["case", "code"], name="case_step_once"),
            models.CheckConstraint(
                condition=Q(not_applicable=False) | (Q(done_at__isnull=False) & ~Q(note="")), name="case_step_left_why"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(done_at__isnull=True), name="case_step_open")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What is to be done, in the reader's language."""
        return _here(self.title_zh, self.title_en)

    @property
    def asks(self) -> str:
        """What exactly is asked, in the reader's language."""
        return _here(self.asks_zh, self.asks_en)

    @property
    def was_late(self) -> bool:
        """Done after its time."""
        return self.done_at is not None and self.due_at is not None and self.done_at > self.due_at


class Entry(ScopedModel):
    """One line of a case's log, with its photos. Never changed."""

    SCOPE_PATH = "case__org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "cases.view"
    PURPOSE = _("What was done in a case, by whom and when.")

    public_id = PublicIdField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="entries")
    step = models.ForeignKey(
        Step, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("Step")
    )
    at = models.DateTimeField(_("When"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))
    text = models.TextField(_("Text"))

    objects: ClassVar[Any] = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("Entry of a case")
        verbose_name_plural = _("Log of the case")

    def __str__(self) -> str:
        return self.text[:60]


class EntryFile(ScopedModel):
    """A photo or paper kept with an entry."""

    SCOPE_PATH = "entry__case__org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "cases.view"
    PURPOSE = _("Photos and papers that prove what was done in a case.")

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("File of an entry")
        verbose_name_plural = _("Files of entries")
        constraints = [models.UniqueConstraint(fields=["entry", "file"], name="case_file_once")]

    def __str__(self) -> str:
        return str(self.entry_id)
