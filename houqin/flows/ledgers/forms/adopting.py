"""What an office adds to a ledger: why, a few further columns, stricter limits."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from houqin.flows.ledgers.words import condition_in_words, language, limit_in_words
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


@dataclass(frozen=True)
class Asked:
    """A lowest and a highest value that may be asked: of a column, always or under a condition; what holds ``now``."""

    key: str
    number: int
    column: Column
    when: Mapping[str, str]
    condition: str
    now: str

    @property
    def least(self) -> str:
        """The field of the lowest value."""
        return f"least-{self.key}" + (f"-{self.number}" if self.number else "")

    @property
    def most(self) -> str:
        """The field of the highest value."""
        return f"most-{self.key}" + (f"-{self.number}" if self.number else "")


def _asked(held: Resolved) -> Iterator[Asked]:
    """Everything that is measured: as it holds always, then under each condition under which it has a limit."""
    for before, columns in (("", held.columns), (LINES, held.lines.columns if held.lines else ())):
        for column in columns:
            if column.is_measured:
                conditions = list({str(limit.when): limit for limit in column.limits if limit.when}.values())
                for number, limit in enumerate([None, *conditions]):
                    when = limit.when if limit else {}
                    now = " · ".join(limit_in_words(one, column) for one in column.limits if one.when == when)
                    words = condition_in_words(limit, held) if limit else ""
                    yield Asked(before + column.code, number, column, when, words, now)


def initial_limits(held: Resolved, limits: Mapping[str, Sequence[Bounds]]) -> dict[str, Any]:
    """The bounds that a unit asks for already, in the fields in which they are typed."""
    found: dict[str, Any] = {}
    for one in _asked(held):
        for bounds in limits.get(one.key, ()):
            if bounds.when == one.when:
                found |= {one.least: bounds.min, one.most: bounds.max}
    return found


class AdoptForm(VerbForm):
    """Ask for a ledger, with what comes on top of it."""

    why = forms.CharField(label=_("Why"), max_length=200, help_text=_("Schools read it beside what is asked of them."))
    lines = {"columns": ColumnForm}
    blank_lines = 1

    def __init__(self, *args: Any, viewer: Viewer, held: Resolved, **kwargs: Any) -> None:
        self.held = held
        self.asked = list(_asked(held))
        super().__init__(*args, viewer=viewer, **kwargs)

    def setup(self) -> None:
        """A lowest and a highest value for everything that is measured, always and under each condition that limits know."""
        for one in self.asked:
            what, unit = one.column.title(language()), unit_of(one.column)
            least, most = _("%(what)s at least") % {"what": what}, _("%(what)s at most") % {"what": what}
            least, most = (f"{word} ({unit})" if unit else word for word in (least, most))
            if one.condition:
                least, most = f"{least} · {one.condition}", f"{most} · {one.condition}"
            told = gettext("Now: %(limits)s") % {"limits": one.now} if one.now else ""
            self.fields[one.least] = forms.DecimalField(max_digits=14, label=least, required=False, help_text=told)
            self.fields[one.most] = forms.DecimalField(max_digits=14, label=most, required=False, help_text=told)

    def clean(self) -> dict[str, Any]:
        """The bounds of a column fit one another."""
        given: dict[str, Any] = super().clean() or {}
        for one in self.asked:
            least, most = given.get(one.least), given.get(one.most)
            if least is not None and most is not None and least > most:
                self.add_error(one.most, ValidationError(_("This is less than the lowest value.")))
        return given

    def arguments(self) -> dict[str, Any]:
        """What the verb is given."""
        asked = [line for line in super().arguments()["columns"] if line]
        limits: dict[str, list[Bounds]] = {}
        for one in self.asked:
            least, most = self.cleaned_data.get(one.least), self.cleaned_data.get(one.most)
            if least is not None or most is not None:
                limits.setdefault(one.key, []).append(Bounds(least, most, one.when))
        return {
            "why": self.cleaned_data["why"],
            "columns": [line["column"] for line in asked if line["where"] == HEAD],
            "of_lines": [line["column"] for line in asked if line["where"] == LINE],
            "limits": limits,
        }

    def refuse(self, refusal: Any) -> None:
        """A refusal about columns or limits stands above the form."""
        self.add_error("why" if refusal.field == "why" else None, str(refusal.message))


class EndForm(VerbForm):
    """Why it is not asked for any more."""

    why = forms.CharField(label=_("Why"), max_length=200)
