"""What is due, for whoever looks: every floor feeds the same list, nobody has to know who fed it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise

from houqin.core.scope.viewer import Viewer
from houqin.ui.formats import local_day

Text = str | Promise


SOON = timedelta(hours=4)
"""What falls due within so long is to be done now, also where midnight lies between."""


class Bucket(StrEnum):
    """Where on the page a row stands."""

    OVERDUE = "overdue"
    NOW = "now"
    LATER = "later"
    DONE = "done"


@dataclass(frozen=True)
class TodayRow:
    """One thing to do: what, where, until when, and the one button. Without a bucket its time decides.

    ``tick`` is an address to which the button posts, so that one tap does it, also without network; ``url`` then opens it.
    """

    what: Text
    where: Text = ""
    until: datetime | date | None = None
    url: str = ""
    button: Text = ""
    bucket: str = ""
    count: int = 1
    icon: str = ""
    tick: str = ""


@dataclass(frozen=True)
class Panel:
    """A part of an office's first page: a template and what it shows."""

    template: str
    context: dict[str, object]


Source = Callable[[Viewer], Iterable[TodayRow]]
OfficeSource = Callable[[Viewer], Panel | None]
_sources: list[Source] = []
_panels: list[OfficeSource] = []


def source(function: Source) -> Source:
    """Register a function that tells what is due for a viewer."""
    _sources.append(function)
    return function


def office_panel(function: OfficeSource) -> OfficeSource:
    """Register a part of the home of offices; it answers None to those it is not for."""
    _panels.append(function)
    return function


def placed(row: TodayRow, viewer: Viewer) -> TodayRow:
    """The row with its bucket: past its time is overdue, today or within four hours is now, the rest is later."""
    if row.bucket or row.until is None:
        return replace(row, bucket=row.bucket or Bucket.NOW)
    past = row.until < viewer.now if isinstance(row.until, datetime) else row.until < viewer.today
    if past:
        return replace(row, bucket=Bucket.OVERDUE)
    soon = isinstance(row.until, datetime) and row.until - viewer.now <= SOON
    return replace(row, bucket=Bucket.NOW if soon or local_day(row.until) == viewer.today else Bucket.LATER)


def _moment(row: TodayRow) -> tuple[bool, str]:
    return (row.until is None, row.until.isoformat() if row.until else "")


def gather(viewer: Viewer) -> dict[str, list[TodayRow]]:
    """All rows of all sources, grouped by bucket, the earliest deadline first."""
    groups: dict[str, list[TodayRow]] = {bucket.value: [] for bucket in Bucket}
    for function in _sources:
        for row in function(viewer):
            found = placed(row, viewer)
            groups[found.bucket].append(found)
    return {bucket: sorted(rows, key=_moment) for bucket, rows in groups.items()}


def panels(viewer: Viewer) -> list[Panel]:
    """The office panels that concern this viewer."""
    return [panel for function in _panels if (panel := function(viewer)) is not None]
