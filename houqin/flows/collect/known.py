"""Figures that the system knows of a school, so that nobody asks for them: every floor registers its own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import override

from houqin.core.orgs.models import OrgUnit
from houqin.flows.collect.models import Kind
from houqin.lib.text import name_key

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Value = str | int | bool | date
Fill = Callable[[Sequence[OrgUnit], date], Mapping[int, Value]]


@dataclass(frozen=True)
class Figure:
    """A figure with its title, what it holds, and other names under which offices ask for it."""

    code: str
    title: "StrOrPromise"
    kind: Kind
    unit: "StrOrPromise"
    names: tuple[str, ...]
    fill: Fill

    def is_called(self, label: str) -> bool:
        """Whether a column of this name asks for it."""
        keys = {name_key(name) for name in self.names}
        for language in ("zh-hans", "en"):
            with override(language):
                keys.add(name_key(str(self.title)))
        return name_key(label) in keys


_figures: dict[str, Figure] = {}


def known(
    code: str, *, title: "StrOrPromise", kind: Kind = Kind.COUNT, unit: "StrOrPromise" = "", names: Iterable[str] = ()
) -> Callable[[Fill], Fill]:
    """Register what fills a column: ``fn(orgs, day)`` answers the stored value of each unit for which it is known.

    Set-based: a fixed number of queries for any number of units. Stored values: whole numbers as they are, numbers with
    decimals in hundredths, money in fen, yes and no as bool, days as dates. Units not in the answer are asked.
    """

    def register(fill: Fill) -> Fill:
        if code in _figures:
            raise ValueError(f"known figure {code} is registered twice")
        _figures[code] = Figure(code, title, kind, unit, tuple(names), fill)
        return fill

    return register


def figures() -> dict[str, Figure]:
    """Every registered figure by its code."""
    return dict(_figures)


def figure_called(label: str, kind: str) -> Figure | None:
    """The figure that a column of this name and kind asks for, if the system knows it."""
    return next((one for one in _figures.values() if one.kind == kind and one.is_called(label)), None)


def known_values(codes: Iterable[str], orgs: Sequence[OrgUnit], day: date) -> dict[str, dict[int, Value]]:
    """What is known of each unit under each code; a code that nobody registers any more knows nothing."""
    return {code: dict(_figures[code].fill(orgs, day)) if code in _figures else {} for code in set(codes)}
