"""Who eats: what a class, the kitchen and the night roll type."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from houqin.core.people.models import ClassGroup
from houqin.modules.canteen.models import AbsenceKind, MealKind
from houqin.modules.canteen.queries.class_sheets import ClassSheet, MealEntry, PupilEntry
from houqin.modules.canteen.rules.heads import MOST_OF_CLASS
from houqin.ui.screens import CountField, DayField, VerbForm

PEOPLE = _("people")


class HeadsForm(VerbForm):
    """A class on a day: a number for each meal, and who is away — by name for its own teacher, else by number."""

    row: ClassSheet
    day = DayField(widget=forms.HiddenInput)

    def setup(self) -> None:
        self.fields["day"].initial = self.row.day
        for meal in self.row.meals:
            self.fields[meal.kind] = CountField(
                label=meal.label, unit=PEOPLE, max_value=MOST_OF_CLASS, initial=meal.eaters, required=False
            )
        for entry in self.row.pupils:
            self._ask_for(entry)
        if not self.row.pupils:
            known = self.row.away
            for name, label, count in (("sick", _("Sick"), known.sick), ("leave", _("On leave"), known.leave)):
                self.fields[name] = CountField(
                    label=label, unit=PEOPLE, max_value=MOST_OF_CLASS, initial=count or None, required=False
                )

    def _ask_for(self, entry: PupilEntry) -> None:
        pk, absence = entry.pupil.pk, entry.absence
        self.fields[f"away-{pk}"] = forms.BooleanField(
            label=entry.pupil.name, required=False, initial=absence is not None
        )
        self.fields[f"why-{pk}"] = forms.ChoiceField(
            label=_("Reason"),
            choices=entry.kinds,
            required=False,
            initial=absence.kind if absence else AbsenceKind.SICK,
        )
        self.fields[f"until-{pk}"] = DayField(
            label=_("Until"), required=False, initial=absence.last_on if absence else self.row.day
        )

    @property
    def numbers(self) -> list[tuple[MealEntry, Any]]:
        """Each meal that can still be told, with its field."""
        return [(meal, self[meal.kind]) for meal in self.row.open_meals]

    @property
    def names(self) -> list[tuple[PupilEntry, Any, Any, Any]]:
        """Each pupil with tick, reason and last day."""
        return [
            (entry, self[f"away-{entry.pupil.pk}"], self[f"why-{entry.pupil.pk}"], self[f"until-{entry.pupil.pk}"])
            for entry in self.row.pupils
        ]

    def clean(self) -> dict[str, Any]:
        """At least one number is needed, and whoever is away is so at least on this day."""
        given = super().clean() or self.cleaned_data
        if not self.errors and all(given.get(meal.kind) is None for meal in self.row.meals):
            raise ValidationError(_("Say for at least one meal how many eat."))
        return given

    def arguments(self) -> dict[str, Any]:
        """As the verb takes them."""
        given = self.cleaned_data
        meals = {meal.kind: given[meal.kind] for meal in self.row.meals if given[meal.kind] is not None}
        told: dict[str, Any] = {"day": given["day"], "meals": meals}
        if not self.row.pupils:
            return told | {"sick": given["sick"] or 0, "leave": given["leave"] or 0}
        absent = [
            (pupil, given[f"why-{pupil.pk}"] or AbsenceKind.SICK, given[f"until-{pupil.pk}"] or given["day"])
            for pupil in (entry.pupil for entry in self.row.pupils)
            if given[f"away-{pupil.pk}"]
        ]
        return told | {"absent": absent}


class BackForm(VerbForm):
    """From when a pupil eats at school again."""

    on = DayField(label=_("Back from"))


class OthersForm(VerbForm):
    """Staff and guests at each meal of a day."""

    row: Any
    day = DayField(widget=forms.HiddenInput)

    def setup(self) -> None:
        self.fields["day"].initial = self.row.day
        for kind, label, heads in self.row.columns:
            for who, name, count in (("staff", _("Staff"), heads.staff), ("guests", _("Guests"), heads.guests)):
                self.fields[f"{who}-{kind}"] = CountField(
                    label=f"{label} · {name}", unit=PEOPLE, initial=count, required=False
                )

    @property
    def numbers(self) -> list[tuple[str, Any, Any]]:
        """Each meal with its two fields."""
        return [(label, self[f"staff-{kind}"], self[f"guests-{kind}"]) for kind, label, _heads in self.row.columns]

    def told(self) -> list[dict[str, Any]]:
        """The verb's arguments, a meal each."""
        given = self.cleaned_data
        return [
            {"day": given["day"], "kind": kind, "staff": given[f"staff-{kind}"], "guests": given[f"guests-{kind}"]}
            for kind in (kind for kind in MealKind.values if f"staff-{kind}" in given)
        ]


class NightForm(VerbForm):
    """How many boarders of each class sleep at school."""

    row: Any
    night = DayField(widget=forms.HiddenInput)

    def setup(self) -> None:
        self.fields["night"].initial = self.row.night
        for line in self.row.lines:
            self.fields[f"present-{line.group.pk}"] = CountField(
                label=line.group.name, unit=PEOPLE, max_value=MOST_OF_CLASS, initial=line.present, required=False
            )

    @property
    def numbers(self) -> list[tuple[Any, Any]]:
        """Each class with its field."""
        return [(line, self[f"present-{line.group.pk}"]) for line in self.row.lines]

    def told(self) -> list[tuple[ClassGroup, date, int]]:
        """Class, night and number, of those that were filled in."""
        given = self.cleaned_data
        numbers = ((line.group, given["night"], given[f"present-{line.group.pk}"]) for line in self.row.lines)
        return [(group, night, present) for group, night, present in numbers if present is not None]
