"""Entry forms of the import pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit


class ManyFiles(forms.ClearableFileInput):
    """A file field that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files as a list."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files]


class HandInForm(forms.Form):
    """Where the sheets belong, and the sheets."""

    org = forms.ModelChoiceField(
        OrgUnit.objects.none(), label=_("Under"), help_text=_("The office or school whose ledgers these are.")
    )
    sheets = FilesField(
        label=_("Spreadsheets"),
        help_text=_("Several at once: .xlsx, .xls, .csv, or a .zip of a folder. Nothing is written before you say so."),
        widget=ManyFiles(attrs={"accept": ".xlsx,.xls,.et,.csv,.zip,.htm,.html"}),
    )

    def __init__(self, *args: Any, units: list[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["org"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = OrgUnit.objects.filter(pk__in=[unit.pk for unit in units]).order_by("path")
        if units:
            self.initial.setdefault("org", units[0].pk)  # the topmost one
