"""What an office adds to a ledger: why, a few further columns, stricter limits."""

import hashlib
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError as Unfit

from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.actions.adopting import LINES
from houqin.flows.ledgers.columns import Column
from houqin.flows.ledgers.definitions import Resolved
from houqin.flows.ledgers.rules.asking import Bounds
from houqin.flows.ledgers.values import unit_of
from houqin.flows.ledgers.words import language, limit_in_words
from houqin.ui.screens import VerbForm

KINDS = {
    "yes_no": _("Yes or no"), "choice": _("A choice"), "text": _("A few words"), "number": _("A number with its unit"),
    "count": _("A whole number"), "temperature": _("A temperature"), "clock": _("A time of day"),
}  # fmt: skip
HEAD, LINE = "head", "line"
MEASURED_IN = {"number", "count"}


class ColumnForm(forms.Form):
    """One further column."""

    name = forms.CharField(label=_("Name of the column"), max_length=30)
    kind = forms.ChoiceField(label=_("What is written"), choices=list(KINDS.items()))
    unit = forms.CharField(label=_("Unit of measure"), max_length=12, required=False)
    choices = forms.CharField(label=_("Choices"), max_length=200, required=False, help_text=_("Separated by commas"))
    where = forms.ChoiceField(
        label=_("Where it is asked"), choices=[(HEAD, _("Once")), (LINE, _("In each line"))], initial=HEAD
    )

    def has_changed(self) -> bool:
        """A line without a name was left blank."""
        return bool(self.data.get(self.add_prefix("name"), "").strip()) if self.is_bound else super().has_changed()

    def clean(self) -> dict[str, Any]:
        """The column as definitions hold it."""
        given: dict[str, Any] = super().clean() or {}
        if "name" not in given or "kind" not in given:
            return given
        try:
            given["column"] = _column(given)
        except Unfit:
            self.add_error("choices" if given["kind"] == "choice" else "unit", _missing(given["kind"]))
        return given


def _missing(kind: str) -> str:
    return (
        gettext("Write at least two choices, separated by commas.") if kind == "choice" else gettext("Write the unit.")
    )


def code_of(name: str) -> str:
    """The same name has the same code: a column asked for again goes on in its place."""
    return f"c{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _column(given: dict[str, Any]) -> Column:
    words = [word for word in re.split(r"[,,、;;\s]+", given.get("choices") or "") if word]
    choices = [{"code": code_of(word), "zh": word, "en": word} for word in words] if given["kind"] == "choice" else []
    return Column.model_validate({
        "code": code_of(given["name"]), "zh": given["name"], "en": given["name"], "kind": given["kind"],
        "unit": given.get("unit", "") if given["kind"] in MEASURED_IN else "",
        "choices": choices if len(choices) != 1 else [], "decimals": 2 if given["kind"] == "number" else 0,
    })  # fmt: skip


class AdoptForm(VerbForm):
    """Ask for a ledger, with what comes on top of it."""

    why = forms.CharField(label=_("Why"), max_length=200, help_text=_("Schools read it beside what is asked of them."))
    lines = {"columns": ColumnForm}
    blank_lines = 1

    def __init__(self, *args: Any, viewer: Viewer, held: Resolved, **kwargs: Any) -> None:
        self.held = held
        self.measured: dict[str, Column] = {
            key: column
            for before, columns in (("", held.columns), (LINES, held.lines.columns if held.lines else ()))
            for column in columns
            if column.is_measured
            for key in (before + column.code,)
        }
        super().__init__(*args, viewer=viewer, **kwargs)

    def setup(self) -> None:
        """A lowest and a highest value for everything that is measured, with what holds now."""
        for key, column in self.measured.items():
            words = {"what": column.title(language()), "unit": unit_of(column)}
            now = " · ".join(limit_in_words(limit, column) for limit in column.limits if not limit.when)
            told = gettext("Now: %(limits)s") % {"limits": now} if now else ""
            self.fields[f"least-{key}"] = forms.DecimalField(
                label=_("%(what)s at least (%(unit)s)") % words, required=False, help_text=told
            )
            self.fields[f"most-{key}"] = forms.DecimalField(
                label=_("%(what)s at most (%(unit)s)") % words, required=False, help_text=told
            )

    def clean(self) -> dict[str, Any]:
        """The bounds of a column fit one another."""
        given: dict[str, Any] = super().clean() or {}
        for key in self.measured:
            least, most = given.get(f"least-{key}"), given.get(f"most-{key}")
            if least is not None and most is not None and least > most:
                self.add_error(f"most-{key}", ValidationError(_("This is less than the lowest value.")))
        return given

    def arguments(self) -> dict[str, Any]:
        """What the verb is given."""
        asked = [line for line in super().arguments()["columns"] if line]
        limits = {key: bounds for key in self.measured if (bounds := self._bounds(key)) is not None}
        return {
            "why": self.cleaned_data["why"],
            "columns": [line["column"] for line in asked if line["where"] == HEAD],
            "of_lines": [line["column"] for line in asked if line["where"] == LINE],
            "limits": limits,
        }

    def _bounds(self, key: str) -> Bounds | None:
        least: Decimal | None = self.cleaned_data.get(f"least-{key}")
        most: Decimal | None = self.cleaned_data.get(f"most-{key}")
        return None if least is None and most is None else Bounds(least, most)

    def refuse(self, refusal: Any) -> None:
        """A refusal about columns or limits stands above the form."""
        self.add_error("why" if refusal.field == "why" else None, str(refusal.message))


class EndForm(VerbForm):
    """Why it is not asked for any more."""

    why = forms.CharField(label=_("Why"), max_length=200)
