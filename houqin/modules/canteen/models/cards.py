"""学校食堂登记: what a canteen is and how it is run, over time."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import CanteenMode
from houqin.core.parties.models import Party
from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.tables.ids import PublicIdField


class CardQuerySet(ScopedQuerySet):
    """Cards by what became of them."""

    def agreed(self) -> Self:
        """Those that hold or held."""
        return self.filter(state=CanteenCard.State.AGREED)


class CanteenCard(ScopedModel):
    """A school's canteen as registered from a day on (R-029). A change is a new row; what was true then stays true then.

    Another way of running it (own, contracted out, ordered, shared) is asked for and agreed to by the office above.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.PUBLIC
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "canteen.view"
    STATE_FIELDS = frozenset({"state", "decided_by", "decided_at"})

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked", _("Waits for the office")
        AGREED = "agreed", _("Registered")
        DECLINED = "declined", _("Declined")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    valid_from = models.DateField(_("Holds from"))
    mode = models.CharField(_("How it is run"), max_length=12, choices=CanteenMode)
    caterer = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Contractor or caterer")
    )
    licence_number = models.CharField(_("Food business licence"), max_length=20, blank=True)
    licence_until = models.DateField(_("Licence valid until"), null=True, blank=True)
    area_m2 = models.PositiveIntegerField(_("Floor area"), null=True, blank=True)
    seats = models.PositiveIntegerField(_("Seats"), null=True, blank=True)
    serves_breakfast = models.BooleanField(_("Breakfast"), default=False)
    serves_lunch = models.BooleanField(_("Lunch"), default=True)
    serves_dinner = models.BooleanField(_("Dinner"), default=False)
    nutrition_plan = models.BooleanField(_("Nutrition Improvement Programme"), default=False)
    reason = models.CharField(_("Why it changes"), max_length=200, blank=True)
    state = models.CharField(_("State"), max_length=8, choices=State, default=State.AGREED, editable=False)
    asked_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("By")
    )
    asked_at = models.DateTimeField(_("Recorded"))
    decided_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("Decided by")
    )
    decided_at = models.DateTimeField(_("Decided"), null=True, editable=False)
    answer = models.CharField(_("Answer"), max_length=200, blank=True, editable=False)

    objects: ClassVar[Any] = CardQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "-id"]
        verbose_name = _("Canteen card")
        verbose_name_plural = _("Canteen cards")
        constraints = [
            models.UniqueConstraint(
                fields=["org"],
                condition=models.Q(state="asked"),
                name="one_change_asked_at_a_time",
                violation_error_message=_("A change waits for the office already."),
            )
        ]
        indexes = [
            models.Index(fields=["org", "valid_from"], name="card_by_day"),
            models.Index(fields=["valid_from"], name="card_day"),
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.get_mode_display()}"
