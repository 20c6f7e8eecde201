"""What is asked when an office or a school sets duties, own times, rests and warnings."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.actions.tasks import RHYTHMS
from houqin.flows.duties.columns import post_choices, rule_choices
from houqin.flows.duties.warnings import WARNINGS
from houqin.flows.duties.words import EVERY, SLOTS
from houqin.ui.screens import DayField, FigureField, RowField, VerbForm

MOST_OFFERED = 300
_CLOCK = {"type": "time"}
WEEKDAYS = [
    ("", "—"), (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
    (5, _("Saturday")), (6, _("Sunday")),
]  # fmt: skip


def _units(permission: str) -> Any:
    def rows(viewer: Viewer, row: Any) -> QuerySet[OrgUnit]:
        found: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(viewer, permission).filter(closed_on__isnull=True)
        return found.order_by(Length("path"), "path")

    return rows


def _schools(permission: str) -> Any:
    def rows(viewer: Viewer, row: Any) -> QuerySet[OrgUnit]:
        found: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(viewer, permission).schools()
        return found.filter(closed_on__isnull=True).order_by("path")

    return rows


class UnitField(RowField):
    """A unit within reach. Offered are the first ones, from the top down; any may be named by an address."""

    def open(self, viewer: Viewer, row: Any) -> None:
        super().open(viewer, row)
        assert self.queryset is not None
        offered = [(unit.pk, str(unit)) for unit in self.queryset[:MOST_OFFERED]]
        self.widget.choices = [("", self.empty_label), *offered]  # type: ignore[attr-defined]


class TenthsField(FigureField):
    """Minutes typed, tenths kept."""

    per_unit = 10


class TaskForm(VerbForm):
    """A task in the unit's own words."""

    org = RowField(
        _units("duties.set"),
        label=_("Who asks"),
        help_text=_("It is asked of this unit's schools, or of the school itself."),
    )
    title = forms.CharField(label=_("What is to be done"), max_length=60)
    why = forms.CharField(
        label=_("Why"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Whoever does it reads this."),
    )  # fmt: skip
    post = forms.ChoiceField(label=_("Post"), choices=post_choices)
    every = forms.ChoiceField(label=_("How often"), choices=[(one.value, EVERY[one]) for one in RHYTHMS])
    weekday = forms.TypedChoiceField(
        label=_("On which day of the week"), choices=WEEKDAYS, coerce=int, empty_value=None, required=False,
        help_text=_("Only for weekly tasks; empty: the last school day of the week."),
    )  # fmt: skip
    opens = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs=_CLOCK, format="%H:%M"), initial="07:00")
    due = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs=_CLOCK, format="%H:%M"), initial="18:00")
    tenth_minutes = TenthsField(
        label=_("Takes"), unit=_("minutes"), min_value=0,
        help_text=_("Everybody can see how many minutes each office asks of each post."),
    )  # fmt: skip
    red_line = forms.BooleanField(label=_("Red line: told at once when missed"), required=False)
    from_on = DayField(label=_("From which day on"), required=False, help_text=_("Empty: from today."))


class OwnWindowForm(VerbForm):
    """A school's own time or post for a duty."""

    org = RowField(_schools("duties.arrange"), label=_("School"))
    rule = forms.ChoiceField(label=_("Duty"), choices=rule_choices)
    slot = forms.ChoiceField(
        label=_("Which of the day"), choices=[("", "—"), *SLOTS.items()], required=False,
        help_text=_("For duties that fall due several times a day."),
    )  # fmt: skip
    opens = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs=_CLOCK, format="%H:%M"), required=False)
    due = forms.TimeField(
        label=_("Until"), widget=forms.TimeInput(attrs=_CLOCK, format="%H:%M"), required=False,
        help_text=_("Within the time that is asked. Empty: as it is asked."),
    )  # fmt: skip
    post = forms.ChoiceField(
        label=_("Post"), choices=lambda: [("", _("As it is asked")), *post_choices()], required=False
    )


class SuspendForm(VerbForm):
    """Which kitchen, and why."""

    org = UnitField(_schools("duties.suspend"), label=_("School"))
    why = forms.CharField(label=_("What happened"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class WarningForm(VerbForm):
    """A warning as it was given out."""

    org = UnitField(
        _units("duties.set"), label=_("For which schools"), help_text=_("This unit and all schools below it.")
    )
    event = forms.ChoiceField(label=_("Warning"), choices=list(WARNINGS.items()))
    words = forms.CharField(
        label=_("What it says"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Level, area, from when on, who gave it out."),
    )  # fmt: skip
    until = forms.DateTimeField(
        label=_("Over by"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
