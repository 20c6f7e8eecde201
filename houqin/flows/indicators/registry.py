"""Indicators as the rooms that own the rows declare them, in modules named ``indicators``."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.flows.indicators.alike import UNKNOWN

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Sums = Iterable[tuple[int, int, int]]
Compute = Callable[[date, "QuerySet[OrgUnit]"], Sums]
PERCENT = "%"


class Better(StrEnum):
    """Which way is better."""

    MORE = "more"
    LESS = "less"
    NEITHER = ""

    @property
    def words(self) -> "StrOrPromise":
        """The direction in words."""
        return {"more": _("More is better"), "less": _("Less is better")}.get(self.value, "")


@dataclass(frozen=True)
class Span:
    """A unit in some days, or those of its schools that are of one kind: what a figure is about."""

    org: OrgUnit
    first: date
    last: date
    alike: str | None = None

    def of(self, name: str, first: date | None = None) -> dict[str, str]:
        """The query of a list that shows the rows whose day of this name lies in the span, or begins at another day."""
        days = {f"{name}_after": f"{first or self.first}", f"{name}_before": f"{self.last}"}
        kind = {} if self.alike is None else {"alike": self.alike or UNKNOWN}
        return {"under": self.org.path} | days | kind


@dataclass(frozen=True)
class Indicator:
    """A figure: what it is called, in which unit, which way is better, where it comes from, how it is computed.

    Its value over days and units is Σ ``amount`` / Σ ``of``; in percent where the unit says so. ``stands``: it says how things stand
    at the end of a day, so that over several days the last one counts. ``rows`` is the address of the rows behind it.
    """

    code: str
    title: "StrOrPromise"
    unit: "StrOrPromise"
    better: Better
    source: "StrOrPromise"
    basis: str
    rows: Callable[[Span], str]
    compute: Compute
    stands: bool = False

    @property
    def factor(self) -> int:
        """By what a quotient is shown."""
        return 100 if self.unit == PERCENT else 1

    @property
    def period(self) -> "StrOrPromise":
        """What of its days a span shows."""
        return _("as on the last day") if self.stands else _("all days together")


_declared: dict[str, Indicator] = {}


def indicator(
    code: str,
    *,
    title: "StrOrPromise",
    unit: "StrOrPromise",
    better: Better,
    source: "StrOrPromise",
    rows: Callable[[Span], str],
    basis: str = "",
    stands: bool = False,
) -> Callable[[Compute], Compute]:
    """Declare an indicator by what computes it: ``fn(day, units)`` gives (unit, amount, of) of each unit that has any.

    ``units`` are schools and campuses in use on that day; what a campus has counts for its school. A fixed number of queries,
    however many units.
    """

    def register(compute: Compute) -> Compute:
        if code in _declared:
            raise ValueError(f"indicator {code} is declared twice")
        _declared[code] = Indicator(code, title, unit, better, source, basis, rows, compute, stands)
        return compute

    return register


def indicators() -> dict[str, Indicator]:
    """Every declared indicator by its code."""
    return dict(_declared)
