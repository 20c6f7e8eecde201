"""Filters of a list as chips: what is set is visible, and one tap clears it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import django_filters as df
from django import forms
from django.db.models import Field, Model, QuerySet
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.ui.screens.columns import fields_along

MOST_CHOICES = 200
SELECTED = SafeString(" selected")
_DAY = {"type": "date"}
_FIGURE = {"inputmode": "decimal"}


class RowChoice(df.ModelChoiceFilter):  # type: ignore[misc]
    """A related row among those within reach; long lists offer the first ones, an address may name any."""


class Options(forms.Select):
    """A choice among many, drawn in one go: a template for each option takes longer than a list's rows."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        options = [("" if key is None else str(key), word) for key, word in self.choices]
        drawn = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, SELECTED if key in chosen else "", word if key else _("Any")) for key, word in options),
        )
        wanted = flatatt(self.build_attrs(self.attrs, {"name": name, **attrs}))
        return format_html("<select{}>{}</select>", wanted, drawn)


def _offer(field: forms.BoundField, chosen: Any, known: dict[Any, list[Any]]) -> None:
    """Offer no more rows than a person reads; the chosen one stands among them wherever it lies.

    ``known``: what other filters of the list offer; several may offer the same units.
    """
    full: Any = field.field.queryset  # type: ignore[attr-defined]
    asked = (full.model, full.query.where)
    if asked not in known:
        known[asked] = list(full[:MOST_CHOICES])
    rows = list(known[asked])
    if isinstance(chosen, Model) and chosen not in rows:
        rows.insert(0, chosen)
    field.field.widget.choices = [("", ""), *((field.field.prepare_value(row), str(row)) for row in rows)]  # type: ignore[attr-defined]


def _range(name: str, field: Field[Any, Any] | None) -> df.Filter:
    dated = field is not None and "Date" in field.get_internal_type()
    if not dated:
        # Bounded: 1e999999999 is a short text and a number that fills the memory.
        ends = forms.DecimalField(max_digits=18, required=False), forms.DecimalField(max_digits=18, required=False)
        return df.RangeFilter(field_name=name, widget=df.widgets.RangeWidget(attrs=_FIGURE), fields=ends)
    moment = field is not None and field.get_internal_type() == "DateTimeField"
    path = f"{name}__date" if moment else name
    return df.DateFromToRangeFilter(field_name=path, widget=df.widgets.DateRangeWidget(attrs=_DAY))


def _choice(name: str, field: Field[Any, Any] | None, viewer: Viewer) -> df.Filter:
    if field is not None and field.related_model is not None:
        related: Any = field.related_model
        return RowChoice(field_name=name, queryset=related.objects.visible_to(viewer))
    if field is not None and field.get_internal_type() == "BooleanField":
        return _truth(name)
    choices = [one for one in getattr(field, "flatchoices", []) if one[0] != ""]  # an empty one filters nothing
    return df.ChoiceFilter(field_name=name, choices=choices)


def _truth(name: str) -> df.Filter:
    return df.TypedChoiceFilter(
        field_name=name, choices=[("1", _("Yes")), ("0", _("No"))], coerce=lambda value: value == "1"
    )


def filter_of(name: str, kind: Any, model: type[Model], viewer: Viewer) -> df.Filter:
    """The filter for one declaration: a kind in a word, or a ready filter."""
    made = kind if isinstance(kind, df.Filter) else _of_kind(name, kind, model, viewer)
    if isinstance(made, df.ChoiceFilter | df.TypedChoiceFilter | df.ModelChoiceFilter):
        made.extra.setdefault("widget", Options)
    return made


def _of_kind(name: str, kind: str, model: type[Model], viewer: Viewer) -> df.Filter:
    along = fields_along(model, name)
    field = along[-1] if along else None
    if kind == "range":
        made = _range(name, field)
    elif kind == "choice":
        made = _choice(name, field, viewer)
    elif kind == "bool":
        made = _truth(name)
    else:
        made = df.CharFilter(field_name=name, lookup_expr="icontains")
    if made.label is None and field is not None:
        made.label = str(getattr(field, "verbose_name", name))
    return made


def filterset(
    declared: Mapping[str, Any] | type[Any], data: QueryDict, queryset: QuerySet[Any], viewer: Viewer
) -> df.FilterSet:
    """The bound filters of a list."""
    if isinstance(declared, type):
        return declared(data, queryset=queryset)
    asked = {name: kind(viewer) if callable(kind) else kind for name, kind in declared.items()}
    filters = {name: filter_of(name, kind, queryset.model, viewer) for name, kind in asked.items() if kind is not None}
    made: df.FilterSet = type("ScreenFilters", (df.FilterSet,), filters)(data, queryset=queryset)
    return made


@dataclass
class Chip:
    """One filter: its field, what is set in words, and the parameters that clear it."""

    field: forms.BoundField
    text: str
    names: list[str]


def _name(field: forms.BoundField) -> None:
    """Every input says what it is, also where the legend stands apart from it."""
    parts = getattr(field.field.widget, "widgets", None)
    words = [_("From"), _("Until")] if parts else [field.label]
    for widget, word in zip(parts or [field.field.widget], words, strict=False):
        widget.attrs["aria-label"] = f"{field.label}: {word}" if parts else field.label
        if parts:
            widget.attrs["placeholder"] = word


def _words(field: forms.BoundField, value: Any) -> str:
    if isinstance(value, slice):
        return f"{_bound(value.start)} – {_bound(value.stop)}"
    if isinstance(field.field, forms.ChoiceField) and not isinstance(field.field, forms.ModelChoiceField):
        options: Any = field.field.choices
        flat = {str(key): str(word) for key, word in options if not isinstance(word, list | tuple)}
        typed = field.data if isinstance(field.data, str) else value
        return flat.get(str(typed), str(value))
    return str(value)


def _bound(value: Any) -> str:
    if value is None:
        return ""
    return value.date().isoformat() if hasattr(value, "date") else str(value)


def chips(filters: df.FilterSet) -> list[Chip]:
    """One chip a filter, the set ones in words."""
    form = filters.form
    form.is_valid()
    cleaned = getattr(form, "cleaned_data", {})
    found = []
    known: dict[Any, list[Any]] = {}
    for field in form.visible_fields():
        suffixes = getattr(field.field.widget, "suffixes", None)
        names = [f"{field.html_name}_{suffix}" for suffix in suffixes] if suffixes else [field.html_name]
        value = cleaned.get(field.name)
        if isinstance(field.field, forms.ModelChoiceField):
            _offer(field, value, known)
        _name(field)
        given = value not in (None, "", [])
        found.append(Chip(field, _words(field, value) if given else "", names))
    return found
