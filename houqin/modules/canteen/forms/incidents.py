"""What is typed in the first two hours: few fields, big targets, nothing asked twice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.people.models import Pupil
from houqin.core.places.models import Place
from houqin.modules.canteen.actions.incidents import Thing
from houqin.modules.canteen.models import SIGNS, Body, Ill, IncidentReport, Lot, Meal, Sample, SealedKind
from houqin.modules.canteen.queries.incidents.figures import sign_word
from houqin.modules.canteen.queries.incidents.pages import ClassAsked, Served, Suspects
from houqin.modules.canteen.rules.heads import MOST_OF_CLASS
from houqin.ui.screens import CountField, VerbForm
from houqin.ui.screens.photos import PhotoField

PEOPLE = _("people")
ON_THE_SPOT = {"rows": 2}


def _short(label: Any, *, most: int = 200, required: bool = True, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, **more)


def _long(label: Any, *, rows: int = 3, most: int = 300, required: bool = True, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class DishChoices:
    """Dishes by meal as choices: "7|鸡腿" stands for a dish of meal 7."""

    def __init__(self, served: Sequence[Served]) -> None:
        self.served = served
        self.meals = {str(one.meal.pk): one.meal for one in served}

    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The choices, meal by meal."""
        return [(str(one.meal), [(f"{one.meal.pk}|{dish}", dish) for dish in one.dishes]) for one in self.served]

    def meant(self, value: str) -> tuple[Meal, str]:
        """The meal and the dish that a choice stands for."""
        pk, _bar, dish = value.partition("|")
        return self.meals[pk], dish


class AlarmForm(VerbForm):
    """In a few words what was seen; empty is enough."""

    is_drill = forms.BooleanField(widget=forms.HiddenInput, required=False)
    what = _short(_("What was seen (a few words, no names)"), required=False)


class StepForm(VerbForm):
    """A step done, or why it does not apply."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=40)
    skip = forms.BooleanField(label=_("Does not apply"), required=False)
    note = _short(_("How it was done"), most=500, required=False)


class NoteForm(VerbForm):
    """A line for the log: what happened, or what an office offers."""

    text = _long(
        _("Write into the log"), rows=2, most=1000, help_text=_("No names of children. Offices above offer help here.")
    )


class IllForm(VerbForm):
    """One who fell ill. The class's own teacher chooses from the list, everybody else writes the name."""

    row: ClassAsked
    pupil = forms.ModelChoiceField(
        label=_("Full name"), queryset=Pupil.objects.none(), required=False, empty_label=_("Choose")
    )
    name = _short(_("Full name"), most=40, required=False)
    onset_at = forms.DateTimeField(
        label=_("Fell ill at"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    signs = forms.MultipleChoiceField(
        label=_("Signs"), widget=forms.CheckboxSelectMultiple, required=False,
        choices=[(name, sign_word(name)) for name in SIGNS],
    )  # fmt: skip
    other = _short(_("Other signs"), most=100, required=False)
    ate = forms.MultipleChoiceField(label=_("What was eaten"), widget=forms.CheckboxSelectMultiple, required=False)
    not_asked = forms.BooleanField(label=_("Not asked yet what was eaten"), required=False)
    where = forms.ChoiceField(label=_("Where now"), choices=Ill.Where.choices, initial=Ill.Where.SCHOOL)

    def setup(self) -> None:
        if "pupil" in self.fields:
            self._ask_name()
        self.fields["onset_at"].initial = timezone.localtime(self.viewer.moment).replace(second=0, microsecond=0)
        self.dishes = DishChoices(self.row.served)
        ate: Any = self.fields["ate"]
        ate.choices = self.dishes.groups()

    def _ask_name(self) -> None:
        if self.row.pupils is None:
            del self.fields["pupil"]
            return
        pupils: Any = self.fields["pupil"]
        pupils.queryset = self.row.pupils
        self.fields["name"].label = _("Not on the list: name")

    def clean(self) -> dict[str, Any]:
        """A name one way or the other."""
        given = super().clean() or self.cleaned_data
        if not self.errors and "name" in self.fields and not given.get("pupil") and not given.get("name"):
            raise ValidationError(_("Write the name."))
        return given

    def said(self) -> dict[str, Any]:
        """What was said, without who it is."""
        given = dict(self.cleaned_data)
        asked = not given.pop("not_asked")
        ate = [self.dishes.meant(value) for value in given.pop("ate")]
        onset: datetime = given.pop("onset_at")
        return {**given, "onset_at": onset, "ate": ate, "asked": asked}

    def arguments(self) -> dict[str, Any]:
        return {"pupil": None, **self.said(), "class_group": self.row.group}


class CorrectIllForm(IllForm):
    """The row of one who is ill, written anew: what stood there stands there already."""

    pupil = None  # type: ignore[assignment]
    name = None  # type: ignore[assignment]
    reason = _short(_("What is new, or what was wrong"))

    def setup(self) -> None:
        super().setup()
        ill = self.row.ill
        if ill is None:
            return
        eaten = {f"{one.meal_id}|{one.dish}" for one in ill.ate.all()}
        offered = {value for _meal, dishes in self.dishes.groups() for value, _dish in dishes}
        self.kept = [(one.meal, one.dish) for one in ill.ate.all() if f"{one.meal_id}|{one.dish}" not in offered]
        stands = {
            "onset_at": timezone.localtime(ill.onset_at), "signs": [name for name in SIGNS if getattr(ill, name)],
            "other": ill.other, "ate": sorted(eaten & offered), "not_asked": not ill.asked, "where": ill.where,
        }  # fmt: skip
        for name, value in stands.items():
            self.fields[name].initial = value

    def arguments(self) -> dict[str, Any]:
        given = self.said()
        return given | {"ate": [*given["ate"], *self.kept]}


class StrikeForm(VerbForm):
    """Why a row is taken back."""

    ill = forms.UUIDField(widget=forms.HiddenInput)
    reason = _short(_("Why is it struck out"))


class SearchForm(VerbForm):
    """A class gone through: how many are well, and how many of them ate each dish. What was not asked stays empty."""

    row: ClassAsked
    well = CountField(label=_("Well, of those present"), unit=PEOPLE, max_value=MOST_OF_CLASS)

    def setup(self) -> None:
        self.asked: dict[str, tuple[Meal, str]] = {}
        today = timezone.localdate(self.row.case.opened_at)
        for one in self.row.served:
            day = "" if one.meal.day == today else f"{one.meal.day:%m-%d} "
            for number, dish in enumerate(one.dishes):
                name = f"ate-{one.meal.pk}-{number}"
                self.asked[name] = (one.meal, dish)
                self.fields[name] = CountField(
                    label=f"{day}{one.meal.get_kind_display()} · {dish}",
                    unit=PEOPLE,
                    max_value=MOST_OF_CLASS,
                    required=False,
                )

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        ate = {what: given[name] for name, what in self.asked.items() if given[name] is not None}
        return {"class_group": self.row.group, "well": given["well"], "ate": ate}


class ParentsForm(VerbForm):
    """What the family said."""

    ill = forms.UUIDField(widget=forms.HiddenInput)
    note = _short(_("What they said"), required=False)


class NoticeForm(VerbForm):
    """The notice as drafted, to be read, changed and sent."""

    text = _long(_("Text"), rows=9, most=1000)
    also = _short(_("How the others get it (class group, call, letter)"), required=False)


class MealForm(VerbForm):
    """What is eaten instead, and whether the kitchen stops."""

    instead = _short(_("Eaten instead"), help_text=_("Which meal, from whom, from when: nobody goes without"))
    boarders_instead = _short(_("Boarders eat"), required=False)
    stops = forms.BooleanField(
        label=_("I decide: the kitchen does not cook until it is released"), required=False, initial=True
    )

    def setup(self) -> None:
        if self.row.drill or not self.viewer.may("canteen.stop_kitchen", self.row.org.path):
            del self.fields["stops"]

    def arguments(self) -> dict[str, Any]:
        return {"stops": False, **self.cleaned_data}


class CallForm(VerbForm):
    """Who answered."""

    body = forms.ChoiceField(choices=Body.choices, widget=forms.HiddenInput)
    who = _short(_("Who answered"), most=60)
    said = _short(_("What they said"), required=False)

    def arguments(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {"answered_by": given.pop("who"), **given}


class NumberForm(VerbForm):
    """A telephone number that was not asked for yet."""

    body = forms.ChoiceField(choices=Body.choices, widget=forms.HiddenInput)
    phone = _short(_("Telephone"), most=30)
    note = _short(_("Whom to ask for"), most=60, required=False)


class SealForm(VerbForm):
    """What was sealed: from the records with a tick, and in words."""

    row: Suspects
    kind = forms.ChoiceField(choices=SealedKind.choices, widget=forms.HiddenInput)
    samples = forms.ModelMultipleChoiceField(
        label=_("Samples"), queryset=Sample.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    lots = forms.ModelMultipleChoiceField(
        label=_("Raw goods"), queryset=Lot.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    places = forms.ModelMultipleChoiceField(
        label=_("Rooms"), queryset=Place.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    what = _short(_("In words"), most=120, required=False)
    stands = _short(_("Where it stands now"), most=80, required=False)

    def setup(self) -> None:
        kind = self.data.get("kind") if self.is_bound else self.initial.get("kind")
        offered = {"samples": self.row.samples, "lots": self.row.lots, "places": self.row.places}
        wanted = {SealedKind.SAMPLES: "samples", SealedKind.LOTS: "lots", SealedKind.KITCHEN: "places"}.get(kind)  # type: ignore[arg-type]
        for name, rows in offered.items():
            if name != wanted or not rows.exists():
                del self.fields[name]
                continue
            field: Any = self.fields[name]
            field.queryset = rows
            field.initial = [row.pk for row in rows]

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        things = [
            *(Thing(sample=row) for row in given.get("samples", ())), *(Thing(lot=row) for row in given.get("lots", ())),
            *(Thing(place=row) for row in given.get("places", ())),
        ]  # fmt: skip
        if given["what"]:
            things.append(Thing(what=given["what"]))
        return {"kind": given["kind"], "things": things, "where": given["stands"]}


class SuspectForm(VerbForm):
    """The meal and dish that are suspected."""

    row: Sequence[Served]
    dish = forms.ChoiceField(label=_("Suspected dish"))

    def setup(self) -> None:
        self.dishes = DishChoices(self.row)
        dish: Any = self.fields["dish"]
        dish.choices = [
            (
                str(one.meal),
                [(f"{one.meal.pk}|", _("the whole meal")), *[(f"{one.meal.pk}|{name}", name) for name in one.dishes]],
            )
            for one in self.row
        ]

    def arguments(self) -> dict[str, Any]:
        meal, dish = self.dishes.meant(self.cleaned_data["dish"])
        return {"meal": meal, "dish": dish}


class ReportForm(VerbForm):
    """The report as drafted, to be read, changed and sent."""

    kind = forms.ChoiceField(choices=IncidentReport.Kind.choices, widget=forms.HiddenInput)
    body = _long(_("Text"), rows=16, most=8000)
    to = _short(_("Sent to"))


class ReceiptForm(VerbForm):
    """Who took papers and samples."""

    package = forms.UUIDField(widget=forms.HiddenInput)
    received_by = _short(_("Received by"), most=60)
    received_body = _short(_("Of which authority"), most=80)


class ReleaseForm(VerbForm):
    """The written release."""

    body = _short(_("Released by which authority"), most=80)
    number = _short(_("Number of the paper"), most=60, required=False)
    photo = PhotoField(label=_("Photo of the paper"), required=False)


class EndForm(VerbForm):
    """The end, in words; of a case with people ill also what it was."""

    cause = forms.ChoiceField(
        label=_("What it was"), widget=forms.RadioSelect,
        choices=[("food", _("Food was the cause")), ("other-cause", _("Food was not the cause"))],
    )  # fmt: skip
    found = _long(_("What went well, what to do better"), rows=4, most=290)

    def setup(self) -> None:
        if self.row.drill:
            del self.fields["cause"]
            return
        self.fields["found"].label = _("How it ended (no names)")
        if not Ill.objects.standing().filter(case=self.row).exists():
            del self.fields["cause"]
            self.fields["found"].label = _("What it was instead (no names)")
