"""One block of a form: the columns of an entry, or those of one line, with what is asked about them at once."""

import dataclasses
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers import values
from houqin.flows.ledgers.columns import Column, Limit
from houqin.flows.ledgers.forms import fields
from houqin.flows.ledgers.rules import asking, judging, timing
from houqin.flows.ledgers.words import language, limit_in_words, masked, source_in_words
from houqin.ui import formats

REMARK = judging.REMARK
LONGEST_REMARK = 200
MOST_SHOWN, FIRST_SHOWN = 8, 4


_FLAGS: dict[str, Callable[[Column], bool]] = {
    "required": lambda column: column.required,
    "now": lambda column: column.prefill == "now",
    "ahead": lambda column: column.ahead,
}


@dataclass(frozen=True)
class Ask:
    """One column as it is asked: its field, and all that the page says and checks beside it."""

    column: Column
    field: BoundField
    sure: BoundField | None
    settled: bool = False
    said: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def help(self) -> str:
        """How it is meant."""
        return self.column.help_zh if language().startswith("zh") else self.column.help_en

    @property
    def unit(self) -> str:
        """What is written beside the figure."""
        return values.unit_of(self.column) if self.column.is_measured else ""

    @property
    def below_zero(self) -> bool:
        """Whether it may be below zero: keypads of phones have no minus."""
        bounds = self.column.plausible
        return self.column.kind in ("temperature", "number") and bounds is not None and bounds[0] < 0

    @property
    def hint(self) -> str:
        """What the limits come to that hold whatever else is filled in, by what the line says of itself."""
        held = asking.tightest([limit for limit in self.column.limits if judging.applies(limit, self.said)])
        return limit_in_words(held, self.column) if held else ""

    @cached_property
    def _options(self) -> list[Any]:
        """The answers; of many the one that is chosen comes first."""
        options = list(self.field.subwidgets)
        if len(options) > MOST_SHOWN:
            options.sort(key=lambda option: not option.data["selected"])
        return options

    @property
    def shown(self) -> list[Any]:
        """The answers that are seen at once."""
        return self._options if len(self._options) <= MOST_SHOWN else self._options[:FIRST_SHOWN]

    @property
    def folded(self) -> list[Any]:
        """The others."""
        return self._options[len(self.shown) :]

    @property
    def checks(self) -> str:
        """What the page checks by itself, without network."""
        column = self.column
        told: dict[str, Any] = {
            "code": column.code,
            "kind": column.kind,
            "unit": self.unit,
            "decimals": values.decimals_of(column),
        }
        if column.plausible and column.is_measured:
            told["plausible"] = [float(bound) for bound in column.plausible]
        if column.limits:
            told["limits"] = [_told(column, limit) for limit in column.limits]
        if column.kind == "yes_no":
            told["expects"] = fields.YES if column.expects else fields.NO
        if bad := [one.code for one in column.choices if one.breach]:
            told["bad"] = bad
        if column.odd:
            told["odd"] = column.odd
        if only_when := _only_when(column):
            told["when"] = only_when
        told |= {name: True for name, holds in _FLAGS.items() if holds(column)}
        return json.dumps(told, ensure_ascii=False)


def _told(column: Column, limit: Limit) -> dict[str, Any]:
    low, high = (None if one is None else float(one) for one in (limit.min, limit.max))
    right = gettext("Right is %(limit)s (%(source)s).")
    told = right % {"limit": limit_in_words(limit, column), "source": source_in_words(limit)}
    return {"min": low, "max": high, "when": limit.when, "words": told}


def _only_when(column: Column) -> list[dict[str, str]]:
    """Under which answers a column is asked for that is not always: those that its limits name."""
    conditions = [limit.when for limit in column.limits]
    return conditions if conditions and all(conditions) and not column.required else []


class Block:
    """The columns of the entry itself, or of one of its lines, inside a form. ``prefix`` begins the names of its fields.

    ``settled`` names columns that the line says already. ``carried`` values are not for the eyes of whoever amends: they are
    not asked, shown masked, and go on as they are.
    """

    def __init__(
        self, form: forms.Form, prefix: str, columns: Sequence[Column], people: Mapping[str, fields.People],
        settled: Collection[str] = (), carried: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.form, self.prefix, self.columns, self.settled, self.carried = form, prefix, columns, settled, carried or {}
        self.given: dict[str, Any] = {}
        self.open = [column for column in columns if column.code not in self.carried]
        for column in self.open:
            name = self.name(column.code)
            form.fields[name] = fields.field_for(
                column, language=language(), people=people.get(column.kind, {}), settled=column.code in settled
            )
            if column.is_measured and column.plausible:
                form.fields[f"{name}-sure"] = forms.BooleanField(label=_("Yes, that is right"), required=False)
        form.fields[self.name(REMARK)] = forms.CharField(
            label=_("What was done about it"), max_length=LONGEST_REMARK, required=False
        )

    def name(self, code: str) -> str:
        """The name of the field of a column."""
        return f"{self.prefix}-{code}"

    def fill(self, given: Mapping[str, Any]) -> None:
        """Put values, as they are kept, into fields that nobody has typed in yet."""
        self.given |= given
        known = {column.code for column in self.open} | {REMARK} - set(self.carried)
        for code, stored in given.items():
            if code in known:
                self.form.fields[self.name(code)].initial = stored

    @cached_property
    def asks(self) -> list[Ask]:
        """The columns as they are drawn."""
        said = {code: self.form[self.name(code)].value() for code in self.settled}
        return [
            Ask(column, self.form[self.name(column.code)], self._sure(column), column.code in self.settled, said)
            for column in self.open
        ]

    @property
    def masked(self) -> list[tuple[str, str]]:
        """What is carried over: its title, and as much of it as is shown."""
        return [
            (column.title(language()), masked(column, self.carried[column.code]))
            for column in self.columns
            if column.code in self.carried
        ]

    def _sure(self, column: Column) -> BoundField | None:
        name = f"{self.name(column.code)}-sure"
        return self.form[name] if name in self.form.fields else None

    @property
    def remark(self) -> BoundField:
        """What was done about something that is not in order."""
        return self.form[self.name(REMARK)]

    @property
    def is_compact(self) -> bool:
        """Whether one figure is all that is asked: then it stands on the line of its name."""
        open_ones = [column for column in self.open if column.code not in self.settled]
        return not self.carried and len(open_ones) == 1 and open_ones[0].is_measured

    @property
    def is_wrong(self) -> bool:
        """Whether something in it has to be mended."""
        return any(name.startswith(f"{self.prefix}-") for name in self.form.errors)

    @property
    def opens_remark(self) -> bool:
        """Whether the remark stands open: it is asked for, or was written."""
        return bool(self.remark.errors or self.remark.value())

    def values(self) -> dict[str, Any]:
        """What was typed, as it is kept; blanks are left out."""
        given = self.form.cleaned_data
        found = {column.code: given.get(self.name(column.code)) for column in self.open} | dict(self.carried)
        found[REMARK] = (given.get(self.name(REMARK)) or "").strip() or self.carried.get(REMARK)
        return {code: value for code, value in found.items() if value not in (None, "", [])}

    @property
    def is_blank(self) -> bool:
        """Whether nobody typed here: nothing but what stood there, and that alone is no complete line."""
        said = self.values()
        by_itself = {column.code for column in self.columns if column.prefill == "now"} | set(self.settled)
        typed = {code for code, value in said.items() if code not in by_itself and value != self.given.get(code)}
        lacks = any(column.required and column.code not in said for column in self.columns)
        return not self.is_wrong and not typed and (lacks or not said.keys() - by_itself)

    def confirmed(self) -> Iterator[str]:
        """The codes of columns whose figure somebody confirmed; what is carried over was looked at before."""
        yield from self.carried
        for column in self.open:
            if self.form.cleaned_data.get(f"{self.name(column.code)}-sure"):
                yield column.code

    # What is not right --------------------------------------------------------------------------------------------------

    def check(self, by: Viewer, day: date, around: Mapping[str, Any]) -> None:
        """Say beside each field what is missing, doubtful or impossible, and ask what was done about a breach."""
        given, add = self.values(), self.form.add_error
        for lack in judging.missing(self.columns, given, around=around):
            if self.name(lack.key) not in self.form.errors:
                add(self.name(lack.key), gettext("Not filled in yet."))
        for doubt in judging.doubts(self.columns, given, set(self.confirmed())):
            add(f"{self.name(doubt.key)}-sure", _question(doubt))
        for column in self.open:
            if column.code in given and _is_ahead(column, given[column.code], by, day):
                now = timezone.localtime(by.moment).strftime("%H:%M")
                words_ = gettext("This time has not come yet: it is %(now)s. Look again.")
                add(self.name(column.code), words_ % {"now": now})
        if REMARK not in given and any(one.needs_remark for one in self.findings(around)):
            add(self.name(REMARK), gettext("Say what was done about it."))

    def findings(self, around: Mapping[str, Any]) -> list[judging.Finding]:
        """What is not in order; ``around`` are the values of the entry that a line belongs to."""
        return judging.findings(self.columns, self.values(), around=around)


def _question(doubt: judging.Doubt) -> str:
    """Asked about a figure that cannot be: "7.8 °C or 78 °C?"."""
    column = doubt.column
    told = [values.with_unit(column, values.figure(column, one)) for one in (*doubt.likely, doubt.value)]
    if not doubt.likely:
        return gettext("%(value)s: is that right? Look once more.") % {"value": told[0]}
    return gettext("%(first)s or %(last)s?") % {"first": formats.listed(told[:-1]), "last": told[-1]}


def _is_ahead(column: Column, value: str, by: Viewer, day: date) -> bool:
    if column.ahead:
        return False
    if column.kind == "clock":
        return timing.clock_is_ahead(day, value, timezone.localtime(by.moment))
    return column.kind == "moment" and timing.is_ahead(datetime.fromisoformat(value), by.moment)
