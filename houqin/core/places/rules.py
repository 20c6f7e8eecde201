"""When equipment is serviced and scrapped, counted from its making or first acceptance (FI-09 … FI-21). Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import takewhile

from houqin.lib.dates import add_months

EARLY = timedelta(days=62)
"""A service done up to two months ahead counts for the date that it was due (FI-19)."""


@dataclass(frozen=True)
class Plan:
    """The service figures of a use: first dates in months, then every so many, and when it is scrapped."""

    at_months: Sequence[int]
    then_months: int
    scrap_months: int | None = None

    def scrapped_on(self, made: date) -> date | None:
        """From when on it is not used any more."""
        return add_months(made, self.scrap_months) if self.scrap_months else None

    def dates(self, made: date) -> Iterator[date]:
        """Every service date in order, without end where it is never scrapped."""
        end = self.scrap_months
        months = self._months()
        return (add_months(made, count) for count in (takewhile(lambda count: count < end, months) if end else months))

    def _months(self) -> Iterator[int]:
        yield from self.at_months
        count = self.at_months[-1]
        while count < 12 * 200:
            count += self.then_months
            yield count

    def next_service(self, made: date, served: date | None, today: date) -> date | None:
        """What is due next: the first date that the last service does not cover.

        Without any record the last date that has passed is due: nobody can show that it was done.
        """
        if served is not None:
            return next((day for day in self.dates(made) if day > served + EARLY), None)
        passed = None
        for day in self.dates(made):
            if day > today:
                return passed or day
            passed = day
        return passed


class Need(StrEnum):
    """What a piece of equipment needs."""

    SCRAP = "scrap"
    OVERDUE = "overdue"
    SOON = "soon"


def need(plan: Plan, made: date, served: date | None, today: date, ahead: timedelta) -> tuple[Need, date] | None:
    """The most urgent thing that is due or falls due within ``ahead``, and when; None when nothing does."""
    scrapped = plan.scrapped_on(made)
    if scrapped and scrapped <= today:
        return Need.SCRAP, scrapped
    due = plan.next_service(made, served, today)
    if due and due <= today:
        return Need.OVERDUE, due
    coming = min(filter(None, (due, scrapped)), default=None)
    return (Need.SOON, coming) if coming and coming <= today + ahead else None
