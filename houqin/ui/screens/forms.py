"""The form of a verb: what is typed becomes the verb's keyword arguments, what is refused stays typed."""

from collections.abc import Mapping
from typing import Any, ClassVar

from crispy_forms.bootstrap import AppendedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.html import conditional_escape

from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer

WIDE = (forms.Textarea, forms.FileInput, forms.CheckboxSelectMultiple, forms.RadioSelect)


def layout_of(form: forms.Form, *, labels: bool = True) -> FormHelper:
    """Crispy's drawing of a form: units beside their numbers, long entries over both columns.

    Crispy prints help texts as they are, and some carry what people typed: they are escaped here.
    """
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.form_show_labels = labels
    parts = []
    for name, field in form.fields.items():
        field.help_text = conditional_escape(field.help_text)
        unit = getattr(field, "unit", "")
        wrapper = "wide" if isinstance(field.widget, WIDE) else ""
        parts.append(AppendedText(name, unit, wrapper_class=wrapper) if unit else Field(name, wrapper_class=wrapper))
    helper.layout = Layout(*parts)
    return helper


class VerbForm(forms.Form):
    """The entries of one verb. ``lines`` names repeated parts: argument → form of one line.

    Each line becomes a dictionary in the list that the verb receives; lines left blank are dropped.
    """

    lines: ClassVar[Mapping[str, type[forms.Form]]] = {}
    blank_lines: ClassVar[int] = 3

    def __init__(self, *args: Any, viewer: Viewer, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer, self.row = viewer, row
        self.setup()
        self._open(self)
        self.line_sets = {name: self._line_set(name, form) for name, form in self.lines.items()}

    def setup(self) -> None:
        """Hook: adjust fields to the viewer and the row."""

    def _open(self, form: forms.BaseForm) -> None:
        for field in form.fields.values():
            opening = getattr(field, "open", None)
            if opening is not None:
                opening(self.viewer, self.row)

    def _line_set(self, name: str, form: type[forms.Form]) -> Any:
        opening = self._open

        class Lines(forms.BaseFormSet):  # type: ignore[type-arg]
            """The lines, each opened to the viewer: those that are there and the blank one that a page copies."""

            def add_fields(self, form: forms.Form, index: int | None) -> None:
                super().add_fields(form, index)
                opening(form)

        factory = forms.formset_factory(form, formset=Lines, extra=self.blank_lines, max_num=500, absolute_max=500)
        data, files = (self.data, self.files) if self.is_bound else (None, None)
        return factory(data, files, prefix=name, initial=self.initial.get(name))

    @property
    def helper(self) -> FormHelper:
        """How crispy draws it."""
        return layout_of(self)

    def is_multipart(self) -> bool:
        return super().is_multipart() or any(one.is_multipart() for one in self.line_sets.values())

    def is_valid(self) -> bool:
        lines = [one.is_valid() for one in self.line_sets.values()] if self.is_bound else []
        return super().is_valid() and all(lines)

    def arguments(self) -> dict[str, Any]:
        """The verb's keyword arguments."""
        lines = {
            name: [one.cleaned_data for one in made.forms if one.has_changed()] for name, made in self.line_sets.items()
        }
        return {**self.cleaned_data, **lines}

    def refuse(self, refusal: Refused) -> None:
        """Put the refusal where it belongs: beside its field, else above the form."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, str(refusal.message))

    def mistaken(self, error: ValidationError) -> None:
        """Put what a model's own check found beside the fields that the form has."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, found in error.error_dict.items():
            self.add_error(name if name in self.fields and name != NON_FIELD_ERRORS else None, found)
