"""The form of an entry, built from its definition: what is asked once, and the list."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.grants.viewers import accounts_holding
from houqin.core.people.actions.pins import DIGITS, check_pin
from houqin.core.scope.refusals import Refused
from houqin.flows.ledgers.doing import RECORD
from houqin.flows.ledgers.forms import fields
from houqin.flows.ledgers.forms.blocks import REMARK, Block
from houqin.flows.ledgers.forms.sheet import Line, Sheet
from houqin.lib.numbers import whole
from houqin.ui.screens import PhotoField, RowField, VerbForm

HEAD, LINE, ODD, NOTHING = "v", "l", "x", "nothing"
TOTAL = f"{LINE}-TOTAL_FORMS"
MOST_LINES = 400
_SENT = re.compile(rf"{LINE}-([0-9a-f]{{12}})")
PIN = {"inputmode": "numeric", "maxlength": DIGITS, "autocomplete": "off"}


@dataclass(frozen=True)
class Row:
    """One line of the list as it is drawn: ``odd`` is the mark of a line that is not in order."""

    line: Line
    block: Block
    odd: BoundField | None = None
    named: BoundField | None = None


class WriteForm(VerbForm):
    """What is written down once. Its fields come from the columns of the ledger as it holds at this unit.

    Read through ``arguments``: what the ledger's verb takes.
    """

    row: Sheet

    def setup(self) -> None:
        sheet = self.row
        self.head = Block(self, HEAD, sheet.head_columns, sheet.people, carried=sheet.carried)
        self.head.fill(sheet.given)
        self.rows = list(self._numbered() if sheet.is_free else self._named()) if sheet.has_lines else []
        if sheet.has_lines and not sheet.is_free:
            self.fields["rest"] = forms.BooleanField(label=_("The others are not there today"), required=False)
        if sheet.resolved.ledger.photo.asked != "never":
            self.fields["photo"] = PhotoField(label=_("Photo"), required=False)
        if sheet.is_past:
            self.fields["late_because"] = forms.CharField(label=_("Why only now"), max_length=200, required=False)
            self.fields["from_paper"] = forms.BooleanField(label=_("Copied from the paper ledger"), required=False)
        if sheet.resolved.ledger.countersign:
            self._ask_for_second()
        if sheet.is_amended:
            self.fields["why"] = forms.CharField(label=_("Why it is corrected"), max_length=200, required=False)

    def _ask_for_second(self) -> None:
        org, mine = self.row.org, self.viewer.account_id
        self.fields["second"] = RowField(
            lambda viewer, row: accounts_holding(RECORD, org=org, at_or_above=True).exclude(pin="").exclude(pk=mine),
            label=_("Who signs too"), required=False, empty_label=_("Nobody is here"),
        )  # fmt: skip
        self.fields["pin"] = forms.CharField(
            label=_("Their PIN"), max_length=DIGITS, required=False, widget=forms.PasswordInput(attrs=PIN)
        )

    @property
    def asks_remark(self) -> bool:
        """Whether a remark may be needed for more than a value: why there was no second person, why there is no photo."""
        return self.row.resolved.ledger.countersign or self.row.resolved.ledger.photo.asked == "always"

    # The list ------------------------------------------------------------------------------------------------------------

    def _named(self) -> Iterator[Row]:
        """A row for each line: of the sheet, or as the page sent them back."""
        sheet = self.row
        lines = sheet.lines
        if self.is_bound:
            sent = [value for name, value in self.data.items() if _SENT.fullmatch(name)]
            lines = sheet.of_lines(sent[:MOST_LINES])
        for line in lines:
            block = Block(self, f"{LINE}-{line.key}", sheet.line_columns, sheet.people, line.settled, line.carried)
            if sheet.by_exception:
                block.fill({column.code: fields.in_order(column) for column in sheet.line_columns})
                name = f"{ODD}-{line.key}"
                self.fields[name] = forms.BooleanField(label=line.title, required=False)
            block.fill(line.given)
            yield Row(line, block, self[f"{ODD}-{line.key}"] if sheet.by_exception else None)

    def _numbered(self) -> Iterator[Row]:
        """Rows that are added as things come."""
        total = self.data.get(TOTAL, "1") if self.is_bound else str(max(1, len(self.row.lines)))
        for number in range(min(1 if (asked := whole(total)) is None else asked, MOST_LINES)):
            line = self.row.lines[number] if number < len(self.row.lines) else None
            row = self.blank(str(number), self, line.carried if line else {})
            if line is not None:
                row.block.fill(line.given)
                if row.named is not None:
                    row.named.field.initial = line.name
            yield row

    def blank(
        self, number: str = "__prefix__", form: forms.Form | None = None, carried: Mapping[str, Any] | None = None
    ) -> Row:
        """One more row, as the page copies it; one that is there already may carry values unseen."""
        form = form or forms.Form()
        block = Block(form, f"{LINE}-{number}", self.row.line_columns, self.row.people, carried=carried)
        if not self.row.is_amended:
            block.fill(self.row.usual)
        named = None
        if self.row.names_lines:
            form.fields[f"{LINE}-{number}-name"] = forms.CharField(
                label=self.row.list_title, max_length=60, required=False
            )
            named = form[f"{LINE}-{number}-name"]
        return Row(Line("", ""), block, None, named)

    @property
    def total(self) -> str:
        """How many rows there are, for the script that adds one."""
        return str(len(self.rows))

    # What is wrong with it -----------------------------------------------------------------------------------------------

    @property
    def says_nothing(self) -> bool:
        """Whether there was nothing to report."""
        return bool(self.data.get(NOTHING)) and self.row.resolved.may_be_empty

    def clean(self) -> dict[str, Any]:
        """Everything that can be said beside a field is said here; the verb has the last word."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.row.is_amended and not given.get("why"):
            self.add_error("why", gettext("Say why: the first entry stays, and both are seen."))
        self._look_at_second(given)
        if self.says_nothing:
            self._forget_faults()
            return given
        day, by = self.row.day, self.viewer
        around = self.head.values()
        self.head.check(by, day, {})
        for row in self.filled:
            row.block.check(by, day, around)
            if row.odd is not None and not row.block.is_wrong and not self._says_what(row):
                self.add_error(row.odd.name, gettext("Say what is not as it should be, or take the mark away."))
        self._look_at_gaps(given)
        if REMARK not in around:
            self._look_for_proof(given)
        return given

    def _look_for_proof(self, given: dict[str, Any]) -> None:
        """A photo and a second person where the ledger asks for them: or the remark says why not."""
        ledger = self.row.resolved.ledger
        if ledger.photo.asked == "always" and not given.get("photo") and "photo" not in self.errors:
            self.add_error("photo", gettext("Take a photo, or say under remark why there is none."))
        if ledger.countersign and not given.get("second"):
            self.add_error("second", gettext("A second person signs. Where nobody is there, say so under remark."))

    def _forget_faults(self) -> None:
        """Where there is nothing to report nobody minds what was half typed."""
        for name in [name for name in self.errors if name.startswith((f"{HEAD}-", f"{LINE}-", f"{ODD}-"))]:
            del self.errors[name]

    @property
    def filled(self) -> list[Row]:
        """The rows that say something of their own."""
        if self.row.by_exception:
            return [row for row in self.rows if row.odd is not None and self.cleaned_data.get(row.odd.name)]
        return [row for row in self.rows if not row.block.is_blank]

    def _says_what(self, row: Row) -> bool:
        usual = {column.code: fields.in_order(column) for column in row.block.columns}
        said = row.block.values()
        return any(said.get(code) != value for code, value in usual.items()) or REMARK in said

    def _look_at_gaps(self, given: dict[str, Any]) -> None:
        """A list that nobody filled in, and lines that were passed over."""
        if not self.rows or self.row.by_exception or (self.row.is_free and self.row.head_columns):
            return
        blank = [row for row in self.rows if row.block.is_blank]
        if len(blank) == len(self.rows):
            self.add_error(None, gettext("Nothing is filled in yet."))
        elif blank and not self.row.may_leave_lines and not given.get("rest"):
            names = "、".join(row.line.title for row in blank[:6])
            told = gettext("Not filled in: %(names)s. Fill it in, or tick that they are not there today.")
            self.add_error("rest", told % {"names": names})

    def _look_at_second(self, given: dict[str, Any]) -> None:
        second, pin = given.get("second"), given.get("pin")
        if second and not pin and "pin" not in self.errors:
            self.add_error("pin", gettext("%(name)s types the PIN here.") % {"name": second})
        elif second and pin:
            try:
                check_pin(second, pin)
            except Refused as refusal:
                self.add_error("pin", str(refusal.message))

    # What the verb takes -------------------------------------------------------------------------------------------------

    def arguments(self) -> dict[str, Any]:
        """What the ledger's verb takes, besides unit, ledger, day, slot and place."""
        given, nothing = self.cleaned_data, self.says_nothing
        values = self.head.values()
        told: dict[str, Any] = {
            "values": {REMARK: values[REMARK]} if nothing and REMARK in values else {} if nothing else values,
            "lines": [] if nothing else [values for values, _codes in self.told_lines()],
            "photos": [given["photo"]] if given.get("photo") else [],
            "confirmed": [] if nothing else self._confirmed(),
        }
        if self.row.is_amended:
            return told | {"why": given["why"]}
        return told | {
            "nothing_to_report": nothing, "second": given.get("second"),
            "late_because": given.get("late_because", ""), "from_paper": given.get("from_paper", False),
        }  # fmt: skip

    def told_lines(self) -> list[tuple[dict[str, Any], list[str]]]:
        """What each line says, and which of its figures were confirmed."""
        told = []
        filled = self.filled
        for row in self.rows if self.row.by_exception else filled:
            if row in filled:
                said, codes = row.block.values(), list(row.block.confirmed())
            else:
                usual = {column.code: fields.in_order(column) for column in row.block.columns}
                said, codes = {code: value for code, value in usual.items() if value is not None}, []
            told.append((said | self._about(row), codes))
        return told

    def odd_places(self) -> set[str]:
        """The places of which something is not in order."""
        return {row.line.id for row in self.filled if row.block.findings(self.head.values())}

    def _about(self, row: Row) -> dict[str, Any]:
        name = row.line.name
        if row.named is not None:
            name = self.cleaned_data.get(row.named.name, "")
        return {"line": {"id": row.line.id, "name": name}} if name else {}

    def _confirmed(self) -> list[str]:
        of_lines = [f"{number}.{code}" for number, (_said, codes) in enumerate(self.told_lines()) for code in codes]
        return [*self.head.confirmed(), *of_lines]

    def refuse(self, refusal: Refused) -> None:
        """Put the verb's refusal beside the column that it names."""
        field = refusal.field or ""
        place, dot, code = field.rpartition(".")
        name = f"{HEAD}-{code}"
        if dot and place.isdigit():
            shown = self.rows if self.row.by_exception else self.filled
            name = shown[int(place)].block.name(code) if int(place) < len(shown) else ""
        known = next((one for one in (name, field) if one in self.fields), None)
        self.add_error(known, str(refusal.message))
