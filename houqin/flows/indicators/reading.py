"""Indicators over days and units: counts beside rates, in two queries however many units and days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Q, Sum
from django.db.models.functions import TruncMonth

from houqin.core.tables.partitions import month_after
from houqin.flows.indicators.models import DailyFact
from houqin.flows.indicators.registry import indicators

MONTH = "month"
ALIKE = "alike"


@dataclass(frozen=True)
class Amount:
    """Σ amount and Σ of: a rate never stands without its counts."""

    amount: int = 0
    of: int = 0

    def value(self, factor: int = 1) -> float | None:
        """The quotient; None of nothing."""
        return factor * self.amount / self.of if self.of else None


NOTHING = Amount()
Figures = dict[tuple[int, Any], dict[str, Amount]]


def last_day(until: date) -> date | None:
    """The newest day, not later than this, that has been computed. One query."""
    found: date | None = DailyFact.objects.filter(day__lte=until).aggregate(day=Max("day"))["day"]
    return found


def figures(
    orgs: Iterable[int], first: date, last: date, *, by: str = "", codes: Iterable[str] | None = None
) -> Figures:
    """The indicators of units from a day to a day, in sum or by ``MONTH`` (its first day) or ``ALIKE``: (unit, group) → code → amount.

    All of them, or only those with these codes. What stands at the end of a day is taken from the last computed day of the span, by month of each month. Two queries.
    """
    end = last_day(last)
    if end is None or end < first:
        return {}
    known = indicators()
    asked = list(known if codes is None else codes)
    stands = [code for code in asked if known[code].stands]
    ends = _ends(first, end) if by == MONTH else [end]
    rows = DailyFact.objects.filter(org__in=list(orgs), indicator__in=asked, day__range=(first, end))
    rows = rows.filter(~Q(indicator__in=stands) | Q(day__in=ends)).order_by()
    if by == MONTH:
        rows = rows.annotate(month=TruncMonth("day"))
    groups = ["org_id", "indicator", *([by] if by else [])]
    found: Figures = {}
    for row in rows.values(*groups).annotate(sum_amount=Sum("amount"), sum_of=Sum("of")):
        group = found.setdefault((row["org_id"], row[by] if by else None), {})
        group[row["indicator"]] = Amount(row["sum_amount"], row["sum_of"])
    return found


def _ends(first: date, last: date) -> list[date]:
    """The last days of the months from a day to a day, and the day itself."""
    found = []
    month = month_after(first, 1)
    while month <= last:
        found.append(month - timedelta(days=1))
        month = month_after(month, 1)
    return [*found, last]
