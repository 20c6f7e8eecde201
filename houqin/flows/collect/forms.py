"""What an office writes and what a school fills in."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.flows.collect.actions import Col
from houqin.flows.collect.known import figures
from houqin.flows.collect.models import Cell, Collection, CollectionColumn, Kind, Return
from houqin.flows.collect.queries.filling import EARLIER, KNOWN, Filled, Table, table_of
from houqin.flows.collect.queries.schools import offices_for
from houqin.flows.collect.values import in_words, of_cell
from houqin.ui.screens import CountField, DayField, FigureField, MoneyField, RowField, VerbForm

DECIMALS = 2
FEW = 4
WORDS, SHORT = forms.Textarea(attrs={"rows": 3}), forms.Textarea(attrs={"rows": 2})


def _known_choices() -> list[tuple[str, Any]]:
    return [("", "—"), *sorted(((one.code, one.title) for one in figures().values()), key=lambda one: str(one[1]))]


class ColumnForm(forms.Form):
    """One column of the table."""

    label = forms.CharField(label=_("Column"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, initial=Kind.COUNT, required=False)
    unit = forms.CharField(label=_("Unit of measure"), max_length=12, required=False)
    choices = forms.CharField(label=_("Answers to choose from"), max_length=400, required=False)
    known = forms.ChoiceField(label=_("Filled in by the system"), choices=_known_choices, required=False)
    needed = forms.BooleanField(label=_("Must be filled in"), initial=True, required=False)


class NoticeForm(VerbForm):
    """A notice and its table."""

    lines: Mapping[str, type[forms.Form]] = {"columns": ColumnForm}  # type: ignore[misc]
    org = RowField(offices_for, label=_("Asking office"))
    title = forms.CharField(label=_("Title"), max_length=80)
    basis = forms.CharField(
        label=_("Why it is asked, and on which basis"),
        max_length=300,
        widget=SHORT,
        help_text=_("Schools read this first."),
    )
    text = forms.CharField(label=_("Text"), max_length=4000, widget=WORDS, required=False)
    due_days = CountField(label=_("Days to answer"), unit=_("days"), min_value=1, max_value=180, initial=5)
    days_counted = forms.ChoiceField(label=_("Counted in"), choices=Collection.Days.choices)
    several_rows = forms.BooleanField(label=_("A school may write several rows"), required=False)

    def setup(self) -> None:
        if self.row is not None:
            del self.fields["org"]

    def arguments(self) -> dict[str, Any]:
        """As the verb takes them; lines without a name are left out."""
        told = super().arguments()
        told["columns"] = [
            Col(
                label=line["label"].strip() or str(figures()[line["known"]].title), kind=line["kind"] or Kind.COUNT,
                unit=line["unit"].strip(), decimals=DECIMALS if line["kind"] == Kind.NUMBER else 0,
                choices=_split(line["choices"]), needed=line["needed"], known=line["known"],
            )
            for line in told["columns"]
            if line["label"].strip() or line["known"]
        ]  # fmt: skip
        return told


def _split(text: str) -> tuple[str, ...]:
    """Answers with commas of any kind between them."""
    for mark in "，、；;":
        text = text.replace(mark, ",")
    return tuple(part.strip() for part in text.split(",") if part.strip())


def as_written(row: Collection, viewer: Any = None) -> dict[str, Any]:
    """A notice as its form shows it."""
    names = ("title", "basis", "text", "due_days", "days_counted", "several_rows")
    columns = [
        {
            "label": one.label, "kind": one.kind, "unit": one.unit, "choices": "，".join(one.choices),
            "known": one.known, "needed": one.needed,
        }
        for one in row.columns.all()
    ]  # fmt: skip
    return {name: getattr(row, name) for name in names} | {"columns": columns}


class CopyForm(VerbForm):
    """What the copy is called."""

    title = forms.CharField(label=_("Title"), max_length=80)


class TemplateForm(VerbForm):
    """The office's own spreadsheet."""

    sheet = forms.FileField(label=_("Template (.xlsx)"), widget=forms.FileInput(attrs={"accept": ".xlsx"}))


class AnswerForm(VerbForm):
    """A school's table: what is known stands there and is confirmed, the rest is typed once."""

    row: Return
    table: Table
    blank_lines = 1

    def setup(self) -> None:
        self.table = table_of(self.row, self.viewer)
        columns = self.table.columns
        if self.row.collection.several_rows:
            made = {name_of(column): field_for(column) for column in columns}
            self.lines = {"rows": type("LineForm", (forms.Form,), made)}  # type: ignore[misc]
            self.initial["rows"] = [
                {name_of(column): _shown(line[column.pk]) for column in columns} for line in self.table.lines
            ]
        else:
            for column in columns:
                self.fields[name_of(column)] = field_for(column, self.table.lines[0][column.pk])
        if self.viewer.today > self.row.due_on:
            self.fields["late"] = forms.CharField(label=_("Why late"), max_length=200)

    def arguments(self) -> dict[str, Any]:
        """As the verb takes them: for each line the value of each column."""
        told = super().arguments()
        lines = told["rows"] if self.row.collection.several_rows else [told]
        return {
            "lines": [
                {column.pk: _stored(column, line.get(name_of(column))) for column in self.table.columns}
                for line in lines
            ],
            "late_because": told.get("late", ""),
        }


def name_of(column: CollectionColumn) -> str:
    """The field of a column."""
    return f"c{column.pk}"


def field_for(column: CollectionColumn, filled: Filled | None = None) -> forms.Field:
    """The field that suits a column, with what stands there and where it comes from."""
    options: dict[str, Any] = {"label": column.label, "required": column.needed}
    if filled is not None:
        options |= {"initial": _shown(filled), "help_text": _note(column, filled)}
    if column.kind == Kind.TEXT:
        return forms.CharField(max_length=500, **options)
    if column.kind == Kind.DATE:
        return DayField(**options)
    if column.kind == Kind.COUNT:
        return CountField(unit=column.unit, max_value=10**12, **options)
    if column.kind == Kind.MONEY:
        return MoneyField(**options)
    if column.kind == Kind.NUMBER:
        field = FigureField(unit=column.unit, **options)
        field.per_unit = 10**column.decimals
        return field
    return _choosing(column, options, alone=filled is not None)


def _choosing(column: CollectionColumn, options: dict[str, Any], *, alone: bool) -> forms.ChoiceField:
    if column.kind == Kind.YES_NO:
        choices = [("yes", _("Yes")), ("no", _("No"))]
    else:
        choices = [(word, word) for word in column.choices]
    if alone and len(choices) <= FEW:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **options)
    return forms.ChoiceField(choices=[("", _("Choose")), *choices], **options)


def _shown(filled: Filled) -> Any:
    if isinstance(filled.value, bool):
        return "yes" if filled.value else "no"
    return filled.value


def _stored(column: CollectionColumn, typed: Any) -> Any:
    if column.kind == Kind.YES_NO:
        return None if not typed else typed == "yes"
    return typed.strip() if isinstance(typed, str) else typed


def _note(column: CollectionColumn, filled: Filled) -> str:
    """Where it comes from, and first what the office wants put right."""
    if filled.remark:
        return format_html(
            '<b class="put-right">{}</b>', gettext("To be put right: %(words)s") % {"words": filled.remark}
        )
    if filled.source == KNOWN:
        return gettext("Filled in by the system. Change it only if it is wrong.")
    if filled.source == EARLIER:
        return gettext("As you answered %(notice)s.") % {"notice": filled.note}
    return ""


class TimeForm(VerbForm):
    """A wish for more time."""

    until = DayField(label=_("Until"))
    why = forms.CharField(label=_("Why more time is needed"), max_length=200)


class DecideTimeForm(VerbForm):
    """The office's answer to it."""

    agreed = forms.TypedChoiceField(
        label=_("Decision"), choices=[("yes", _("Give the time")), ("no", _("No more time"))], widget=forms.RadioSelect,
        coerce=lambda word: word == "yes",
    )  # fmt: skip
    words = forms.CharField(label=_("Words to the school"), max_length=200, required=False)


class SendBackForm(VerbForm):
    """Words to the whole, and to single cells."""

    row: Return
    words = forms.CharField(label=_("What is to be put right"), max_length=300, widget=WORDS, required=False)

    def setup(self) -> None:
        self.cells: list[Cell] = list(self.row.cells.select_related("column"))
        for cell in self.cells:
            value = in_words(cell.column, of_cell(cell, cell.column))
            line = f" {cell.line + 1}" if self.row.collection.several_rows else ""
            self.fields[f"cell{cell.pk}"] = forms.CharField(
                label=f"{cell.column.label}{line}：{value}", max_length=200, required=False
            )

    def arguments(self) -> dict[str, Any]:
        """As the verb takes them."""
        told = self.cleaned_data
        return {"words": told["words"], "remarks": {cell.pk: told[f"cell{cell.pk}"] for cell in self.cells}}
