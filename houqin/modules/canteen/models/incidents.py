"""疑似食物中毒: the first two hours, beside the case that leads through them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from houqin.core.files.models import StoredFile
from houqin.core.places.models import Place
from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.subjects.models import Subject
from houqin.core.tables.ids import PublicIdField
from houqin.flows.cases.models import Case
from houqin.modules.canteen.models.meals import Meal
from houqin.modules.canteen.models.serving import Sample
from houqin.modules.canteen.models.stock import Lot


class Incident(ScopedModel):
    """What the canteen adds to a case of suspected food poisoning: the meal and dish suspected, and how the kitchen opened again.

    A written release is noted by one person and the kitchen opened by another. Nothing of it is deleted.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "cases.view"
    STATE_FIELDS = frozenset({"released_at", "reopened_at"})

    public_id = PublicIdField()
    case = models.OneToOneField(Case, models.PROTECT, related_name="incident", verbose_name=_("Case"))
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="+", editable=False)
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    meal = models.ForeignKey(
        Meal, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Suspected meal")
    )
    dish = models.CharField(_("Suspected dish"), max_length=60, blank=True)
    release_body = models.CharField(_("Released by"), max_length=80, blank=True)
    release_number = models.CharField(_("Number of the paper"), max_length=60, blank=True)
    release_photo = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Photo of the paper")
    )
    released_at = models.DateTimeField(_("Released"), null=True, blank=True, editable=False)
    released_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("By")
    )
    reopened_at = models.DateTimeField(_("Opened again"), null=True, blank=True, editable=False)
    reopened_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("By")
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("Suspected food poisoning")
        verbose_name_plural = _("Suspected food poisonings")
        constraints = [
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True) | (Q(released_at__isnull=False) & ~Q(release_body="")),
                name="kitchen_reopens_on_release",
                violation_error_message=_("The kitchen opens again on a written release only."),
            ),
            models.CheckConstraint(
                condition=Q(reopened_by__isnull=True) | ~Q(reopened_by=F("released_by")),
                name="kitchen_reopened_by_another",
                violation_error_message=_("Another person opens the kitchen again."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)


class Body(models.TextChoices):
    """Who is telephoned in the first two hours."""

    AMBULANCE = "ambulance", _("Ambulance")
    EDUCATION = "education", _("Education office")
    MARKET = "market", _("Market supervision")
    HEALTH = "health", _("Health authority or disease control")
    POLICE = "police", _("Police")


class EmergencyNumber(ScopedModel):
    """A telephone number for an emergency, asked once: a school's own comes before its town's, the town's before the district's."""

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "cases.view"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    body = models.CharField(_("Who"), max_length=10, choices=Body)
    phone = models.CharField(_("Telephone"), max_length=30)
    note = models.CharField(_("Whom to ask for"), max_length=60, blank=True)

    class Meta:
        ordering = ["body", "org__path"]
        verbose_name = _("Emergency number")
        verbose_name_plural = _("Emergency numbers")
        constraints = [models.UniqueConstraint(fields=["org", "body"], name="emergency_number_once")]

    def __str__(self) -> str:
        return f"{self.get_body_display()} {self.phone}"


class Call(ScopedModel):
    """A telephone call of the first two hours: whom, who answered, when, and what they said."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "cases.view"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="calls")
    body = models.CharField(_("Who"), max_length=10, choices=Body)
    phone = models.CharField(_("Telephone"), max_length=30, blank=True)
    answered_by = models.CharField(_("Who answered"), max_length=60)
    said = models.CharField(_("What they said"), max_length=200, blank=True)
    at = models.DateTimeField(_("When"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("Telephone call")
        verbose_name_plural = _("Telephone calls")

    def __str__(self) -> str:
        return f"{self.get_body_display()} {self.answered_by}"


class SealedKind(models.TextChoices):
    """What is sealed, in the order in which it is easily lost."""

    SAMPLES = "samples", _("Samples")
    LEFTOVERS = "leftovers", _("Leftovers")
    LOTS = "lots", _("Raw goods")
    TOOLS = "tools", _("Tools and dishes")
    KITCHEN = "kitchen", _("Kitchen")


class SealedThing(ScopedModel):
    """封存: something kept as it is for the investigation: what, how much, where, by whom. It is never released here."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "cases.view"

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="sealed_things")
    kind = models.CharField(_("Kind"), max_length=10, choices=SealedKind)
    what = models.CharField(_("What"), max_length=120)
    where = models.CharField(_("Where it stands"), max_length=80, blank=True)
    sample = models.ForeignKey(Sample, models.PROTECT, null=True, blank=True, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("Sealed"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("Sealed thing")
        verbose_name_plural = _("Sealed things")
        constraints = [
            models.UniqueConstraint(fields=["case", one], condition=Q(**{f"{one}__isnull": False}), name=f"sealed_{one}_once")
            for one in ("sample", "lot", "place")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.what}"


class IncidentReport(ScopedModel):
    """A written report: drafted by the system from what is known, edited and sent by a person. Sent, it is never changed."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "cases.view"
    STATE_FIELDS = frozenset({"sent_at", "sent_by"})

    class Kind(models.TextChoices):
        """Which of the reports it is."""

        FIRST = "first", _("First report")
        FOLLOW_UP = "follow-up", _("Follow-up report")
        FINAL = "final", _("Final report")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="reports")
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind)
    number = models.PositiveSmallIntegerField(_("Number"))
    body = models.TextField(_("Text"))
    sent_to = models.CharField(_("Sent to"), max_length=200)
    sent_at = models.DateTimeField(_("Sent"), editable=False)
    sent_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("Sent by")
    )

    class Meta:
        ordering = ["sent_at", "pk"]
        verbose_name = _("Report of an incident")
        verbose_name_plural = _("Reports of incidents")
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "number"], name="incident_report_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(kind="first"), name="incident_first_report_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class HandOver(ScopedModel):
    """移交材料: what investigators are given, as one ZIP put together in the background, and their receipt."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "cases.view"
    STATE_FIELDS = frozenset({"finished_at", "received_at"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="hand_overs")
    asked_at = models.DateTimeField(_("Asked for"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    finished_at = models.DateTimeField(_("Finished"), null=True, blank=True, editable=False)
    received_by = models.CharField(_("Received by"), max_length=60, blank=True)
    received_body = models.CharField(_("Of which authority"), max_length=80, blank=True)
    received_at = models.DateTimeField(_("Received"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("Hand-over package")
        verbose_name_plural = _("Hand-over packages")

    def __str__(self) -> str:
        return f"{self.case} {self.asked_at:%m-%d %H:%M}"
