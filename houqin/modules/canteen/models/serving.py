"""The day of a meal: who is away, what changed, what was checked, what was kept as a sample."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from houqin.core.places.models import Place
from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.tables.ids import PublicIdField
from houqin.lib.codes import label_code
from houqin.modules.canteen.models.meals import Meal, MealDish


class AbsenceKind(models.TextChoices):
    """Why a pupil does not eat."""

    SICK = "sick", _("Sick")
    LEAVE = "leave", _("On leave")
    AWAY = "away", _("Away")
    WEEKEND = "weekend", _("Weekend leave")


class Absence(ScopedModel):
    """Days on which a pupil does not eat at school, as the class teacher knows them. Why is not asked further."""

    SCOPE_PATH = "org__path"
    SUBJECT_PATH = "pupil"
    DATA_CLASS = DataClass.MINOR
    RETENTION_MONTHS = 12
    RETENTION_FROM = "last_on"
    VIEW_PERMISSION = "people.view_pupils"
    PURPOSE = _("So that nobody is cooked for, or looked for, who is not there: meals, roll and recall count by it.")

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    pupil = models.ForeignKey("people.Pupil", models.PROTECT, related_name="absences", verbose_name=_("Pupil"))
    kind = models.CharField(_("Reason"), max_length=8, choices=AbsenceKind)
    first_on = models.DateField(_("From"))
    last_on = models.DateField(_("Until"))
    recorded_at = models.DateTimeField(_("Recorded"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["-first_on", "-id"]
        verbose_name = _("Absence")
        verbose_name_plural = _("Absences")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="absence_ends_after_start",
                violation_error_message=_("The last day comes after the first."),
            )
        ]
        indexes = [
            models.Index(fields=["org", "first_on", "last_on"], name="absence_by_day"),
            models.Index(fields=["first_on"], name="absence_day"),
        ]

    def __str__(self) -> str:
        return f"{self.pupil} {self.first_on}"


class NightRoll(ScopedModel):
    """晚点名: how many boarders of a class slept at school. It tells who has breakfast the next morning."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 12
    VIEW_PERMISSION = "canteen.view"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    class_group = models.ForeignKey("people.ClassGroup", models.PROTECT, related_name="+", verbose_name=_("Class"))
    night = models.DateField(_("Night"))
    present = models.PositiveIntegerField(_("Present"))
    on_roll = models.PositiveIntegerField(_("Boarders"))
    recorded_at = models.DateTimeField(_("Recorded"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["-night", "class_group"]
        verbose_name = _("Night roll")
        verbose_name_plural = _("Night rolls")
        constraints = [models.UniqueConstraint(fields=["class_group", "night"], name="night_roll_once")]
        indexes = [models.Index(fields=["org", "night"], name="night_roll_by_day")]

    def __str__(self) -> str:
        return f"{self.class_group} {self.night}"


class MenuChange(ScopedModel):
    """A dish of the menu that was not cooked, what was cooked instead, and why (停电, 停气, a late supplier)."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"

    class Why(models.TextChoices):
        """What came between."""

        POWER = "power", _("Power cut")
        GAS = "gas", _("Gas cut")
        WATER = "water", _("Water cut")
        SUPPLIER = "supplier", _("Supplier late or goods refused")
        RECALL = "recall", _("Goods frozen")
        EQUIPMENT = "equipment", _("Equipment broken")
        OTHER = "other", _("Something else")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    meal = models.ForeignKey(Meal, models.PROTECT, related_name="changes", verbose_name=_("Meal"))
    dropped = models.CharField(_("Not cooked"), max_length=60, blank=True)
    added = models.ForeignKey(
        MealDish, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Cooked instead")
    )
    why = models.CharField(_("Reason"), max_length=10, choices=Why)
    note = models.CharField(_("Remark"), max_length=200, blank=True)
    at = models.DateTimeField(_("Recorded"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("Menu change")
        verbose_name_plural = _("Menu changes")
        indexes = [models.Index(fields=["at"], name="menu_change_at")]

    def __str__(self) -> str:
        return f"{self.dropped} → {self.added or '—'}"


class CheckKind(models.TextChoices):
    """What is checked at a meal."""

    CORE = "core", _("Core temperature")
    TASTED = "tasted", _("Tasted")
    SERVING = "serving", _("Serving begun")
    SERVED = "served", _("Serving ended")


class MealCheck(ScopedModel):
    """One check of a meal or one of its dishes, as made. A second look is a second row; nothing is edited."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    meal = models.ForeignKey(Meal, models.PROTECT, related_name="checks", verbose_name=_("Meal"))
    kind = models.CharField(_("Check"), max_length=8, choices=CheckKind)
    dish = models.CharField(_("Dish"), max_length=60, blank=True)
    tenths = models.SmallIntegerField(_("Temperature"), null=True, blank=True, help_text="0.1 °C")
    passed = models.BooleanField(_("In order"), default=True)
    note = models.CharField(_("Remark"), max_length=200, blank=True)
    at = models.DateTimeField(_("Checked"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("Check of a meal")
        verbose_name_plural = _("Checks of meals")
        indexes = [models.Index(fields=["org", "at"], name="meal_check_by_time")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.dish}".strip()


class SampleQuerySet(ScopedQuerySet):
    """Samples by whether they are still there."""

    def kept(self) -> Self:
        """Not disposed of."""
        return self.filter(disposed_at__isnull=True)


class Sample(ScopedModel):
    """留样: what was kept of a finished dish (GB 31654; FS-30…FS-36). Disposed of once, with who and when.

    ``keep_until`` is what its label says: the earliest moment at which it may go (FS-36), by the hours that held when it
    was taken. The label carries ``label_code`` as a QR code or, without a printer, ``written_number`` by hand.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"
    STATE_FIELDS = frozenset({"disposed_at", "disposed_by", "disposal_note"})

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    meal = models.ForeignKey(Meal, models.PROTECT, related_name="samples", verbose_name=_("Meal"))
    dish = models.CharField(_("Dish"), max_length=60)
    grams = models.PositiveIntegerField(_("Weight"))
    taken_at = models.DateTimeField(_("Taken"))
    keep_until = models.DateTimeField(_("Not to be disposed of before"))
    account = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("Taken by")
    )
    box = models.CharField(_("Box"), max_length=20, blank=True)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Refrigerator")
    )
    tenths = models.SmallIntegerField(_("Temperature of the refrigerator"), null=True, blank=True, help_text="0.1 °C")
    label_code = models.CharField(_("Label code"), max_length=16, unique=True, default=label_code, editable=False)
    written_number = models.CharField(_("Number on the label"), max_length=20, blank=True)
    warnings = models.JSONField(_("Warnings"), default=list, blank=True)
    disposed_at = models.DateTimeField(_("Disposed of"), null=True, blank=True, editable=False)
    disposed_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("Disposed of by")
    )
    disposal_note = models.CharField(_("How"), max_length=200, blank=True, editable=False)

    objects: ClassVar[Any] = SampleQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_at", "-id"]
        verbose_name = _("Sample")
        verbose_name_plural = _("Samples")
        constraints = [
            models.UniqueConstraint(
                fields=["meal", "dish"],
                name="sample_once_a_dish",
                violation_error_message=_("A sample of this dish is kept already."),
            ),
            models.CheckConstraint(condition=Q(grams__gt=0), name="sample_weighs_something"),
        ]
        indexes = [
            models.Index(fields=["org", "taken_at"], name="sample_by_time"),
            models.Index(fields=["taken_at"], name="sample_at"),
            models.Index(fields=["org"], condition=Q(disposed_at__isnull=True), name="sample_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.dish} {self.meal}"
