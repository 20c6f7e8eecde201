"""Entry fields as people type them: kilograms and yuan in, grams and fen out; full-width digits are digits."""

import unicodedata
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.ui import formats

Text = str | Promise
MOST_COUNTED = 2_147_483_647
"""As much as a column of whole numbers holds."""


def _figures(value: Any) -> Any:
    """What was typed, with full-width digits and thousands marks made plain."""
    if isinstance(value, str):
        return unicodedata.normalize("NFKC", value).replace(",", "").strip()
    return value


class FigureField(forms.DecimalField):
    """A number with its unit written beside it and a number pad on a phone; stored as whole smaller units."""

    per_unit = 1

    def __init__(self, *, unit: Text = "", **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        options.setdefault("max_digits", 14)
        super().__init__(**options)
        self.unit = unit

    def to_python(self, value: Any) -> Any:
        return super().to_python(_figures(value))

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if typed is None:
            return None
        exact = typed * self.per_unit
        whole = exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)
        if whole != exact:
            raise ValidationError(_("Write fewer decimals: %(most)s."), params={"most": self.finest()})
        return int(whole)

    def finest(self) -> str:
        """The smallest step that can be written."""
        return f"{formats.number(Decimal(1) / self.per_unit, 4)} {self.unit}"

    def prepare_value(self, value: Any) -> Any:
        return f"{Decimal(value) / self.per_unit:f}" if isinstance(value, int) else value


class WeightField(FigureField):
    """Kilograms typed, grams kept."""

    per_unit = 1000

    def __init__(self, **options: Any) -> None:
        options.setdefault("min_value", 0)
        super().__init__(unit=_("kg"), **options)


class TemperatureField(FigureField):
    """Degrees Celsius typed, tenths kept; frost is negative."""

    per_unit = 10

    def __init__(self, **options: Any) -> None:
        options.setdefault("min_value", -60)
        options.setdefault("max_value", 200)
        super().__init__(unit="°C", **options)

    def to_python(self, value: Any) -> Any:
        """A comma is a point: no temperature has thousands."""
        return super().to_python(value.replace(",", ".").replace("，", ".") if isinstance(value, str) else value)


class MoneyField(FigureField):
    """Yuan typed, fen kept."""

    per_unit = 100

    def __init__(self, **options: Any) -> None:
        options.setdefault("min_value", 0)
        super().__init__(unit=_("yuan"), **options)


class CountField(forms.IntegerField):
    """A whole number with its unit."""

    def __init__(self, *, unit: Text = "", **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        options.setdefault("min_value", 0)
        options.setdefault("max_value", MOST_COUNTED)
        super().__init__(**options)
        self.unit = unit

    def to_python(self, value: Any) -> int | None:
        return super().to_python(_figures(value))


class DayField(forms.DateField):
    """A day, picked with the device's own calendar."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**options)


class RowField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the rows within the viewer's reach: ``rows(viewer, row)`` names them when the form is opened."""

    def __init__(self, rows: Callable[[Viewer, Any], QuerySet[Any]], **options: Any) -> None:
        options.setdefault("empty_label", _("Choose"))
        super().__init__(queryset=None, **options)
        self.rows = rows

    def open(self, viewer: Viewer, row: Any) -> None:
        """Offer what this viewer may choose; where there is but one, it stands there already."""
        self.queryset = self.rows(viewer, row)
        if self.required and self.initial is None:
            found = list(self.queryset[:2])
            self.initial = found[0].pk if len(found) == 1 else None


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several of the rows within the viewer's reach, ticked."""

    def __init__(self, rows: Callable[[Viewer, Any], QuerySet[Any]], **options: Any) -> None:
        options.setdefault("widget", forms.CheckboxSelectMultiple())
        super().__init__(queryset=None, **options)
        self.rows = rows

    def open(self, viewer: Viewer, row: Any) -> None:
        """Offer what this viewer may choose."""
        self.queryset = self.rows(viewer, row)
