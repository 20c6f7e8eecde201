"""Who fell ill, what they ate, and the classes that were gone through."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.ids import PublicIdField
from houqin.flows.cases.models import Case, Member, MemberRole
from houqin.modules.canteen.models.meals import Meal

SEE_ILL = "canteen.see_ill"


class IllQuerySet(ScopedQuerySet):
    """Rows of ill people: names are for the head of school and the case team; a class teacher sees the own class."""

    def standing(self) -> Self:
        """Not struck out: who counts."""
        return self.filter(struck_at__isnull=True)

    def visible_to(self, viewer: Viewer, permission: str | None = None) -> Self:
        """Who leads the school, who was named to work on the case, the class's own teacher, and who wrote the row."""
        rows = super().visible_to(viewer, permission)
        if viewer.is_system or viewer.account_id is None:
            return rows
        near = self.filter(org__in=[reach.org_id for reach in viewer.reaches if "cases.work" in reach.permissions])
        team = Member.objects.filter(
            case=OuterRef("case"), account=viewer.account_id, until_at__isnull=True, role=MemberRole.WORKS
        )
        mine = Q(account=viewer.account_id)
        if viewer.person_id is not None:
            mine |= Q(class_group__teacher=viewer.person_id)
        return self.filter(
            Q(pk__in=rows.order_by().values("pk")) | Q(pk__in=near.filter(mine | Exists(team)).values("pk"))
        )


class Ill(ScopedModel):
    """发病登记: one person who fell ill, since when, with what, and when the parents were told. Never used for anything else.

    Never edited: a wrong row is struck out with the reason and counts nowhere; the right one ``corrects`` it.
    """

    SCOPE_PATH = "org__path"
    SUBJECT_PATH = "pupil"
    DATA_CLASS = DataClass.MINOR
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = SEE_ILL
    PURPOSE = _(
        "To find out within the hour what those who fell ill ate, tell their parents and report as the law demands."
    )
    STATE_FIELDS = frozenset({"struck_at", "struck_by"})

    class Where(models.TextChoices):
        """Where the ill person is."""

        SCHOOL = "school", _("At school, looked after")
        HOSPITAL = "hospital", _("In hospital")
        HOME = "home", _("At home")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="ill")
    class_group = models.ForeignKey(
        "people.ClassGroup", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Class")
    )
    pupil = models.ForeignKey(
        "people.Pupil", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Pupil")
    )
    name = models.CharField(_("Full name"), max_length=40)
    onset_at = models.DateTimeField(_("Fell ill at"))
    vomiting = models.BooleanField(_("Vomiting"), default=False)
    nausea = models.BooleanField(_("Nausea"), default=False)
    diarrhoea = models.BooleanField(_("Diarrhoea"), default=False)
    pain = models.BooleanField(_("Belly ache"), default=False)
    fever = models.BooleanField(_("Fever"), default=False)
    dizzy = models.BooleanField(_("Dizzy, numb or headache"), default=False)
    other = models.CharField(_("Other signs"), max_length=100, blank=True)
    where = models.CharField(_("Where now"), max_length=8, choices=Where, default=Where.SCHOOL)
    asked = models.BooleanField(_("Asked what was eaten"), default=False)
    at = models.DateTimeField(_("Registered"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))
    parents_told_at = models.DateTimeField(_("Parents told"), null=True, blank=True)
    parents_told_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Told by")
    )
    parents_note = models.CharField(_("What they said"), max_length=200, blank=True)
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="corrected",
        verbose_name=_("Corrects"),
    )
    struck_at = models.DateTimeField(_("Struck out"), null=True, blank=True, editable=False)
    struck_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("Struck out by"),
    )  # fmt: skip
    struck_why = models.CharField(_("Why struck out"), max_length=200, blank=True, editable=False)

    objects: ClassVar[Any] = IllQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("Ill person")
        verbose_name_plural = _("Register of the ill")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "pupil"], condition=Q(pupil__isnull=False, struck_at__isnull=True), name="ill_pupil_once"
            ),
            models.UniqueConstraint(
                fields=["case", "class_group", "name"], condition=Q(pupil__isnull=True, struck_at__isnull=True),
                name="ill_name_once",
            ),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True) | ~Q(struck_why=""), name="ill_struck_with_reason",
                violation_error_message=_("Say why it is struck out."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        """For the trail, which more people read: no part of the name."""
        return str(self.class_group or _("Grown-up"))


SIGNS = ("vomiting", "nausea", "diarrhoea", "pain", "fever", "dizzy")


class IllAte(ScopedModel):
    """A dish that an ill person ate."""

    SCOPE_PATH = "ill__org__path"
    DATA_CLASS = DataClass.MINOR
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = SEE_ILL
    PURPOSE = _("To find which dishes those who fell ill had in common.")

    ill = models.ForeignKey(Ill, models.CASCADE, related_name="ate")
    meal = models.ForeignKey(Meal, models.PROTECT, related_name="+", verbose_name=_("Meal"))
    dish = models.CharField(_("Dish"), max_length=60)

    class Meta:
        verbose_name = _("Dish that an ill person ate")
        constraints = [models.UniqueConstraint(fields=["ill", "meal", "dish"], name="ill_ate_once")]

    def __str__(self) -> str:
        return self.dish


class ClassSearch(ScopedModel):
    """全校排查: a class was gone through; so many of those present are well. Numbers only."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "cases.view"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="searches")
    class_group = models.ForeignKey("people.ClassGroup", models.PROTECT, related_name="+", verbose_name=_("Class"))
    well = models.PositiveSmallIntegerField(_("Well"))
    at = models.DateTimeField(_("Searched"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["class_group"]
        verbose_name = _("Search of a class")
        verbose_name_plural = _("Search of the classes")
        constraints = [models.UniqueConstraint(fields=["case", "class_group"], name="class_searched_once")]

    def __str__(self) -> str:
        return str(self.class_group)


class WellAte(ScopedModel):
    """How many of the well of a class ate a dish, by show of hands."""

    SCOPE_PATH = "search__org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "cases.view"

    search = models.ForeignKey(ClassSearch, models.CASCADE, related_name="ate")
    meal = models.ForeignKey(Meal, models.PROTECT, related_name="+", verbose_name=_("Meal"))
    dish = models.CharField(_("Dish"), max_length=60)
    count = models.PositiveSmallIntegerField(_("Ate it"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["search", "meal", "dish"], name="well_ate_once")]

    def __str__(self) -> str:
        return f"{self.dish} {self.count}"
