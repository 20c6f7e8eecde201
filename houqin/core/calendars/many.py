"""What days are to many units at once: units whose calendars are the same share one answer.

Agrees with ``days.day_infos`` for every unit; a test compares the two.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from os.path import commonprefix
from typing import Any

from houqin.core.calendars.days import DayInfo, _days, _info
from houqin.core.calendars.models import DayMark, Term
from houqin.core.calendars.rules import school_years
from houqin.core.orgs.models import STEP, OrgUnit
from houqin.core.scope.models import within

Marks = dict[str, dict[date, DayMark]]
Terms = dict[str, dict[int, list[Term]]]


@dataclass(frozen=True)
class SharedDays:
    """Days from the first to the last as they are to all of these units."""

    days: tuple[DayInfo, ...]
    org_ids: tuple[int, ...]


def days_of_many(orgs: Iterable[OrgUnit], first: date, last: date) -> list[SharedDays]:
    """The days of many units, those with the same days together. Two queries for any number of units."""
    units = list(orgs)
    if not units:
        return []
    marks, terms = _all_marks(units, first, last), _all_terms(units, first, last)
    said = set(marks) | set(terms)
    by_chain: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for unit in units:
        by_chain[tuple(path for path in (*unit.ancestor_paths, unit.path) if path in said)].append(unit.pk)
    shared: dict[tuple[DayInfo, ...], list[int]] = defaultdict(list)
    for chain, org_ids in by_chain.items():
        shared[_days_of(chain, marks, terms, first, last)] += org_ids
    return [SharedDays(days, tuple(org_ids)) for days, org_ids in shared.items()]


def _days_of(chain: tuple[str, ...], marks: Marks, terms: Terms, first: date, last: date) -> tuple[DayInfo, ...]:
    """From the top down, so that the nearest unit's word comes last and stands."""
    marked: dict[date, DayMark] = {}
    known: dict[int, list[Term]] = {}
    for path in chain:
        marked |= marks.get(path, {})
        known |= terms.get(path, {})
    return tuple(_info(day, marked.get(day), known) for day in _days(first, last))


def _all_marks(units: list[OrgUnit], first: date, last: date) -> Marks:
    found: Marks = defaultdict(dict)
    for row in _near(DayMark.objects.filter(day__range=(first, last)), units).select_related("org"):
        found[row.org.path][row.day] = row
    return dict(found)


def _all_terms(units: list[OrgUnit], first: date, last: date) -> Terms:
    years = range(min(school_years(first)), max(school_years(last)) + 1)
    found: Terms = defaultdict(lambda: defaultdict(list))
    for row in _near(Term.objects.filter(school_year__in=years), units).select_related("org").order_by("starts_on"):
        found[row.org.path][row.school_year].append(row)
    return {path: dict(of_years) for path, of_years in found.items()}


def _near(rows: Any, units: list[OrgUnit]) -> Any:
    """Rows of the units, of all above them and of what lies between."""
    shared = commonprefix([unit.path for unit in units])  # noqa: RUF071 digits, cut to whole levels below
    shared = shared[: len(shared) // STEP * STEP]
    return rows.filter(within("org__path", (shared,), inherited=True)) if shared else rows
