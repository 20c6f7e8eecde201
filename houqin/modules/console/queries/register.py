"""The register of personal data as it is read on a page: where names are covered, and what a word finds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass
from houqin.core.scope.register import Kept, name_of, register
from houqin.ui import formats
from houqin.ui.screens import Facts, Screen
from houqin.ui.screens.columns import Column, fields_along


@dataclass(frozen=True)
class Entry:
    """One table of the register, in words."""

    kept: Kept
    covered: tuple[Any, ...]

    @cached_property
    def fields(self) -> str:
        """What is kept in it."""
        return _listed(self.kept.fields)

    @cached_property
    def how_long(self) -> str:
        """For how many months, and from when."""
        months = self.kept.months
        if months is None:
            return gettext("Without end")
        if not self.kept.ends_from:
            return ngettext("%(months)d month", "%(months)d months", months) % {"months": months}
        words = ngettext(
            "%(months)d month from the day under “%(day)s”", "%(months)d months from the day under “%(day)s”", months
        )
        return words % {"months": months, "day": _listed([self.kept.ends_from])}

    @cached_property
    def protected(self) -> str:
        """How it is kept from those who see the rows, or the database."""
        ways = (
            (_("Covered: %s"), self.covered),
            (_("Enciphered: %s"), self.kept.enciphered),
            (_("Only a hash: %s"), self.kept.hashed),
        )
        return gettext("; ").join(str(words) % _listed(names) for words, names in ways if names)

    def tells_of(self, word: str) -> bool:
        """Whether a word stands in one of its columns."""
        said = (
            self.kept.name,
            self.kept.area,
            self.kept.why,
            self.kept.seen_by,
            self.fields,
            self.protected,
            self.how_long,
        )
        return any(word in str(one).lower() for one in said)


def _listed(names: Iterable[Any]) -> str:
    """Each name once, written as at the head of a column."""
    return formats.listed(dict.fromkeys(str(one)[:1].upper() + str(one)[1:] for one in names))


def personal_data(*, text: str = "", data_class: str = "") -> list[Entry]:
    """The tables that hold data of persons, of one class or both, in which every word of the text stands."""
    covered = _covered()
    found = [Entry(one, tuple(covered.get(one.model, {}).values())) for one in register() if one.data_class.is_personal]
    return [
        one
        for one in found
        if data_class in {"", one.kept.data_class} and all(one.tells_of(word) for word in text.lower().split())
    ]


CLASSES = [one for one in DataClass if one.is_personal]


def _covered() -> dict[Any, dict[str, Any]]:
    """By table, the fields that some list or page covers until somebody who may asks for them."""
    found: dict[Any, dict[str, Any]] = {}
    for screen in _screens(Screen):
        for column in _columns(screen):
            along = fields_along(screen.model, column.name) if column.mask else []
            if along and along[-1].related_model is None:
                found.setdefault(along[-1].model, {})[along[-1].name] = name_of(along[-1])
    return found


def _screens(kind: type[Screen]) -> Iterator[type[Screen]]:
    for one in kind.__subclasses__():
        if hasattr(one, "model") and not one.__module__.endswith("playground"):
            yield one
        yield from _screens(one)


def _columns(screen: type[Screen]) -> Iterator[Column]:
    yield from screen.columns
    for panel in screen.panels:
        if isinstance(panel, Facts):
            yield from (one for one in panel.columns if isinstance(one, Column))
