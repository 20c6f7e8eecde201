"""From a column of a ledger to a field, and from what is kept to what stands in the field."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.flows.ledgers import values
from houqin.flows.ledgers.columns import Column

YES, NO = "yes", "no"
LONGEST_TEXT, LONGEST_STORY = values.TEXT, 500
People = Mapping[str, str]
"""Those who (or the places which) may be chosen: name by public id."""
_WIDGETS: dict[str, Any] = {
    "clock": lambda: forms.TimeInput(attrs={"type": "time"}),
    "moment": lambda: forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    "day": lambda: forms.DateInput(attrs={"type": "date"}),
    "long": lambda: forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_STORY}),
    "text": lambda: forms.TextInput(attrs={"maxlength": LONGEST_TEXT, "autocomplete": "off"}),
}


class WrittenField(forms.Field):
    """What is typed: a figure in its unit, a time, a text. Kept as its column keeps it, refused in its column's words."""

    def __init__(self, column: Column, **options: Any) -> None:
        pad = {"inputmode": "decimal" if values.decimals_of(column) else "numeric", "autocomplete": "off"}
        widget = _WIDGETS[column.kind]() if column.kind in _WIDGETS else forms.TextInput(attrs=pad)
        super().__init__(widget=widget, **options)
        self.column = column

    def clean(self, value: Any) -> Any:
        text = str(value or "").strip()
        if len(text) > LONGEST_STORY:
            raise ValidationError(_("At most %(most)s characters."), params={"most": LONGEST_STORY})
        try:
            return values.typed(self.column, text)
        except values.Untypable as wrong:
            raise ValidationError(str(wrong)) from wrong

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int) and self.column.is_measured:
            return f"{values.figure(self.column, value):f}"
        if isinstance(value, str) and self.column.kind == "moment" and "+" in value:
            return timezone.localtime(datetime.fromisoformat(value)).strftime("%Y-%m-%dT%H:%M")
        return value


class ChosenField(forms.ChoiceField):
    """A person or a place, kept with its public id and its name."""

    def __init__(self, people: People, **options: Any) -> None:
        self.people = dict(people)
        super().__init__(choices=list(self.people.items()), widget=forms.RadioSelect, **options)

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return {"id": chosen, "name": self.people[chosen]} if chosen else None

    def prepare_value(self, value: Any) -> Any:
        return value["id"] if isinstance(value, Mapping) else value


class YesNoField(forms.TypedChoiceField):
    """Yes or no, one tap."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[(YES, _("Yes")), (NO, _("No"))], coerce=lambda value: value == YES, empty_value=None,
            widget=forms.RadioSelect, **options,
        )  # fmt: skip

    def prepare_value(self, value: Any) -> Any:
        return {True: YES, False: NO}.get(value, value) if isinstance(value, bool) else value


def field_for(column: Column, *, language: str, people: People, settled: bool = False) -> forms.Field:
    """The field in which this column is typed. Whether it is needed the form decides: a line may be left out.

    A ``settled`` one is no question: the line says it already.
    """
    common: dict[str, Any] = {"label": column.title(language), "required": False}
    choices = [(one.code, one.zh if language.startswith("zh") else one.en) for one in column.choices]
    match column.kind:
        case "choice":
            widget = forms.HiddenInput() if settled else forms.RadioSelect()
            return forms.ChoiceField(choices=choices, widget=widget, **common)
        case "choices":
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
        case "yes_no":
            return YesNoField(**common)
        case "person" | "place":
            return ChosenField(people, **common)
        case _:
            return WrittenField(column, **common)


def written(column: Column, text: str) -> Any:
    """A default of a definition as it would be kept; what is read off an instrument has none."""
    return values.typed(column, text) if text and column.kind not in READ else None


READ = frozenset({"temperature", "weight", "number"})
"""Kinds that are read off an instrument or a scale each time anew."""


def in_order(column: Column) -> Any:
    """What a line says of this column when nothing is wrong with it; None: nothing."""
    if column.kind == "yes_no":
        return column.expects
    if column.kind == "choice":
        fine = [one.code for one in column.choices if not one.breach]
        return fine[0] if fine and column.required else None
    return None
