"""Weighed menus, meals and who ate."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.tables.ids import PublicIdField
from houqin.modules.canteen.models.goods import Product


class MealKind(models.TextChoices):
    """The meals of a day."""

    BREAKFAST = "breakfast", _("Breakfast")
    LUNCH = "lunch", _("Lunch")
    DINNER = "dinner", _("Dinner")


class Menu(ScopedModel):
    """A weighed menu for one meal of one day. Made by an office for all its schools or by a school for itself:
    a school's own comes before the town's, the town's before the district's."""

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", db_index=False, verbose_name=_("Made by"))
    day = models.DateField(_("Day"))
    kind = models.CharField(_("Meal"), max_length=10, choices=MealKind)

    class Meta:
        ordering = ["-day", "kind"]
        verbose_name = _("Weighed menu")
        verbose_name_plural = _("Weighed menus")
        constraints = [models.UniqueConstraint(fields=["org", "day", "kind"], name="menu_once_a_meal")]
        indexes = [models.Index(fields=["day", "kind"], name="menu_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"


class MenuDish(ScopedModel):
    """A dish of a menu."""

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    menu = models.ForeignKey(Menu, models.CASCADE, related_name="dishes", db_index=False)
    name = models.CharField(_("Dish"), max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["menu", "position"]
        constraints = [models.UniqueConstraint(fields=["menu", "name"], name="dish_once_in_menu")]

    def __str__(self) -> str:
        return self.name


class MenuIngredient(ScopedModel):
    """How much of a product goes into a dish for one eater."""

    SCOPE_PATH = "org__path"
    INHERITED = True
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    dish = models.ForeignKey(MenuDish, models.CASCADE, related_name="ingredients", db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("Product"))
    grams_per_head = models.PositiveIntegerField(_("Grams a head"))

    class Meta:
        ordering = ["dish", "-grams_per_head"]
        constraints = [models.UniqueConstraint(fields=["dish", "product"], name="ingredient_once_in_dish")]

    def __str__(self) -> str:
        return f"{self.product} {self.grams_per_head} g"


class Meal(ScopedModel):
    """One meal of one day in one school, as cooked."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", db_index=False, verbose_name=_("School"))
    day = models.DateField(_("Day"))
    kind = models.CharField(_("Meal"), max_length=10, choices=MealKind)
    menu = models.ForeignKey(
        Menu, models.SET_NULL, null=True, blank=True, related_name="meals", verbose_name=_("Weighed menu")
    )

    class Meta:
        ordering = ["-day", "org__path", "kind"]
        verbose_name = _("Meal")
        verbose_name_plural = _("Meals")
        constraints = [models.UniqueConstraint(fields=["org", "day", "kind"], name="meal_once")]
        indexes = [models.Index(fields=["day", "kind"], name="meal_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"


class MealDish(ScopedModel):
    """A dish that was cooked for a meal but stands on no menu (a change on the day)."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    meal = models.ForeignKey(Meal, models.CASCADE, related_name="extra_dishes")
    name = models.CharField(_("Dish"), max_length=60)
    like = models.ForeignKey(
        MenuDish, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Weighed like")
    )
    products = models.ManyToManyField(Product, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meal", "name"], name="extra_dish_once")]

    def __str__(self) -> str:
        return self.name


class EaterKind(models.TextChoices):
    """Who eats: their meals are counted and paid apart."""

    PUPILS = "pupils", _("Pupils")
    STAFF = "staff", _("Staff")
    GUESTS = "guests", _("Guests")


class Headcount(ScopedModel):
    """How many of a class (or of all, when no class is named) eat a meal, as reported or counted.

    Staff and guests are rows of their own without a class.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "canteen.view"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    meal = models.ForeignKey(Meal, models.CASCADE, related_name="headcounts")
    class_group = models.ForeignKey(
        "people.ClassGroup", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Class")
    )
    kind = models.CharField(_("Who"), max_length=6, choices=EaterKind, default=EaterKind.PUPILS)
    eaters = models.PositiveIntegerField(_("Eaters"))
    on_roll = models.PositiveIntegerField(_("On the roll"), null=True, blank=True)
    sick = models.PositiveSmallIntegerField(_("Sick"), default=0)
    leave = models.PositiveSmallIntegerField(_("On leave"), default=0)
    away = models.PositiveSmallIntegerField(_("Away"), default=0)
    reported_at = models.DateTimeField(_("Reported"), null=True, blank=True)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meal", "class_group"], condition=models.Q(class_group__isnull=False), name="headcount_once"
            ),
            models.UniqueConstraint(
                fields=["meal", "kind"], condition=models.Q(class_group__isnull=True), name="headcount_of_all_once"
            ),
            models.CheckConstraint(
                condition=models.Q(class_group__isnull=True) | models.Q(kind="pupils"), name="classes_are_of_pupils"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.class_group or self.org}: {self.eaters}"
