"""What days are to a unit. While no unit above it has set a term, the national calendar alone decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from houqin.core.calendars.models import DayMark, Term
from houqin.core.calendars.rules import What, decide, school_years
from houqin.core.calendars.words import called
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.remembering import remembered

LONGEST_VACATION = timedelta(days=100)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DayInfo:
    """One day of one unit. Boarders stay on school days and on boarding weekends."""

    day: date
    kind: What
    label: str
    provisional: bool
    term: Term | None

    @property
    def is_school_day(self) -> bool:
        """Whether lessons are held."""
        return self.kind.is_school_day

    @property
    def boarders_stay(self) -> bool:
        """Whether boarders are at school and eat there."""
        return self.kind.boarders_stay


def day_info(org: OrgUnit, day: date) -> DayInfo:
    """One day. Two queries, as for a range."""
    return day_infos(org, day, day)[0]


def day_infos(org: OrgUnit, first: date, last: date) -> list[DayInfo]:
    """Each day from the first to the last. Two queries, however long."""
    chain = (*org.ancestor_paths, org.path)
    marks = _marks(chain, first, last)
    terms = _terms(chain, tuple(range(min(school_years(first)), max(school_years(last)) + 1)))
    return [_info(day, marks.get(day), terms) for day in _days(first, last)]


def school_days(org: OrgUnit, first: date, last: date) -> list[date]:
    """The days with lessons from the first to the last."""
    return [one.day for one in day_infos(org, first, last) if one.is_school_day]


def previous_school_day(org: OrgUnit, day: date) -> date | None:
    """The last day with lessons before a day; None when there was none for longer than any vacation."""
    before = school_days(org, day - LONGEST_VACATION, day - _DAY)
    return before[-1] if before else None


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


@remembered
def _marks(chain: tuple[str, ...], first: date, last: date) -> dict[date, DayMark]:
    """The nearest unit's mark of each day."""
    rows = DayMark.objects.filter(org__path__in=chain, day__range=(first, last)).order_by("org__path")
    return {row.day: row for row in rows}


@remembered
def _terms(chain: tuple[str, ...], years: tuple[int, ...]) -> dict[int, list[Term]]:
    """The terms of each school year, as the nearest unit that has any set them."""
    rows = Term.objects.filter(org__path__in=chain, school_year__in=years).select_related("org")
    found: dict[int, list[Term]] = {}
    for row in rows.order_by("org__path", "starts_on"):
        known = found.setdefault(row.school_year, [])
        if known and known[0].org_id != row.org_id:
            known.clear()
        known.append(row)
    return found


def _info(day: date, mark: DayMark | None, terms: dict[int, list[Term]]) -> DayInfo:
    possible = [term for year in school_years(day) for term in terms.get(year, [])]
    term = next((one for one in possible if one.starts_on <= day <= one.ends_on), None)
    in_term = term is not None if possible else None
    found = decide(day, mark=(mark.kind, mark.label) if mark else None, in_term=in_term)
    return DayInfo(day, found.what, called(found.label), found.provisional, term)
