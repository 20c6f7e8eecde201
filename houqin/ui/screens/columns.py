"""Columns: one fact of a row, declared once, read by the table, the phone card, the export and the facts panel."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.translation import gettext

from houqin.ui import formats
from houqin.ui.masks import Mask
from houqin.ui.screens.look import Look, follow

Text = str | Promise
Cell = str | int | float | Decimal | date | datetime | None


def fields_along(model: type[Model], path: str) -> list[Field[Any, Any]]:
    """The model fields that ``supplier__name`` walks over, as far as they are fields."""
    found: list[Field[Any, Any]] = []
    here: Any = model
    for step in path.split("__"):
        try:
            field = here._meta.get_field(step)
        except (FieldDoesNotExist, AttributeError):
            break
        found.append(field)
        here = field.related_model
    return found


def named(field: Any) -> Text:
    """What a field is called: by the name given to it, or by what it points to."""
    given: Text | None = getattr(field, "_verbose_name", None)
    if given is None and field.related_model is not None:
        return field.related_model._meta.verbose_name  # type: ignore[no-any-return]
    return given or getattr(field, "verbose_name", field.name)


class Column:
    """Text. ``card`` says its place on a phone: title, state, fact or no (the first column is the title).

    ``sort`` is True for the column's own path or names the fields. ``related`` and ``prefetch`` name what the column
    reads beyond its own path. ``mask`` covers personal data; ``unmask`` is the permission to see it in full.
    """

    align = ""
    template = ""
    excel = ""
    wide = 16

    def __init__(
        self,
        name: str,
        label: Text | None = None,
        *,
        value: Callable[[Any], Any] | None = None,
        sort: bool | str | Sequence[str] = False,
        card: str = "",
        mask: Mask | None = None,
        unmask: str = "",
        related: Sequence[str] = (),
        prefetch: Sequence[Any] = (),
    ) -> None:
        self.name, self._label, self._value, self._sort = name, label, value, sort
        self.card, self.mask, self.unmask = card, mask, unmask
        self.related, self.prefetch = tuple(related), tuple(prefetch)

    def label(self, model: type[Model]) -> str:
        """The heading: what was declared, else the field's own name, else the name of what it points to."""
        if self._label is not None:
            return str(self._label)
        along = fields_along(model, self.name)
        title = str(named(along[-1]) if along else self.name)
        return title[:1].upper() + title[1:]

    def export_label(self, model: type[Model]) -> str:
        """The heading in a spreadsheet, with the unit where a bare number follows."""
        return self.label(model)

    @property
    def computed(self) -> bool:
        """Whether a function of the row, or a column's own way, tells the value, so that it may depend on anything."""
        own = (vars(kind) for kind in type(self).__mro__ if kind.__module__ != __name__)
        return self._value is not None or any({"raw", "text", "cell"} & names.keys() for names in own)

    @property
    def order_by(self) -> tuple[str, ...]:
        """The fields this column sorts by; empty when it does not."""
        if self._sort is True:
            return (self.name,)
        if isinstance(self._sort, str):
            return (self._sort,)
        return tuple(self._sort) if self._sort else ()

    def joins(self, model: type[Model]) -> list[str]:
        """What select_related needs so that no cell asks the database again."""
        steps: list[str] = []
        if self._value is None:
            for field in fields_along(model, self.name):
                if not (field.many_to_one or field.one_to_one):
                    break
                steps.append(field.name)
        joined = ["__".join(steps)] if steps else []
        if self.mask and self.unmask:
            owner = model.SCOPE_PATH.rpartition("__")[0]  # type: ignore[attr-defined]
            joined += [owner] if owner else []
        return [*joined, *self.related]

    def raw(self, row: Any) -> Any:
        """The value itself: the display word where the field has choices."""
        if self._value is not None:
            return self._value(row)
        owner, _sep, last = self.name.rpartition("__")
        holder = follow(row, owner) if owner else row
        display = getattr(holder, f"get_{last}_display", None)
        return display() if display else follow(row, self.name)

    def text(self, row: Any, look: Look) -> str:
        """What a reader sees, as plain text, covered where it must be."""
        value = self.raw(row)
        if value is None or value == "":
            return formats.NOTHING
        shown = self.format(value)
        if self.mask and not look.reveals(self.unmask, row, self.name):
            return self.mask(shown)
        return shown

    def format(self, value: Any) -> str:
        """The value in words."""
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        return str(value)

    def html(self, row: Any, look: Look) -> str:
        """The cell on a page."""
        return conditional_escape(self.text(row, look))

    def cell(self, row: Any, look: Look) -> Cell:
        """The cell in a spreadsheet: numbers and days stay numbers and days."""
        text = self.text(row, look)
        return "" if text == formats.NOTHING else text

    def plain(self, value: Any) -> Cell:
        """The cell of a value that nothing covers."""
        text = formats.NOTHING if value is None or value == "" else self.format(value)
        return "" if text == formats.NOTHING else text


class Serial(Column):
    """The number of a paper, read as one word: it is never broken over two lines."""

    align = "day"


class Number(Column):
    """A count or measure, right-aligned in tabular figures; ``unit`` is written behind it.

    ``grouped=False`` is for years and the like, which carry no thousands mark.
    """

    align = "end"
    excel = "#,##0.##"
    wide = 12

    def __init__(
        self, name: str, label: Text | None = None, *, unit: Text = "", grouped: bool = True, **options: Any
    ) -> None:
        super().__init__(name, label, **options)
        self.unit, self.grouped = unit, grouped
        self.excel = type(self).excel if grouped else "0"

    def format(self, value: Any) -> str:
        figure = formats.number(value) if self.grouped else str(value)
        return f"{figure} {self.unit}" if self.unit else figure

    def export_label(self, model: type[Model]) -> str:
        return f"{self.label(model)} ({self.unit})" if self.unit else self.label(model)

    def cell(self, row: Any, look: Look) -> Cell:
        return self.plain(self.raw(row))

    def plain(self, value: Any) -> Cell:
        cell: Cell = value
        return cell


class Money(Number):
    """Fen, shown as ¥1,234.50."""

    excel = "#,##0.00"

    def format(self, value: Any) -> str:
        return formats.yuan(value)

    def export_label(self, model: type[Model]) -> str:
        return f"{self.label(model)} ({gettext('yuan')})"

    def plain(self, value: Any) -> Cell:
        return None if value is None else Decimal(value) / 100


class Weight(Number):
    """Grams, shown as kilograms with at most two decimals."""

    excel = "#,##0.00#"

    def format(self, value: Any) -> str:
        return formats.weight(value)

    def export_label(self, model: type[Model]) -> str:
        return f"{self.label(model)} ({gettext('kg')})"

    def plain(self, value: Any) -> Cell:
        return None if value is None else Decimal(value) / 1000


class Day(Column):
    """A local day with its weekday."""

    align = "day"
    excel = "yyyy-mm-dd"
    wide = 12

    def format(self, value: Any) -> str:
        return formats.day(value)

    def cell(self, row: Any, look: Look) -> Cell:
        return self.plain(self.raw(row))

    def plain(self, value: Any) -> Cell:
        return None if value is None else formats.local_day(value)


class Instant(Column):
    """A moment, in the school's time zone."""

    align = "day"
    wide = 17

    def format(self, value: Any) -> str:
        return formats.instant(value)
