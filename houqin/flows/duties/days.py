"""The days of schools as the rules of duties read them."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from houqin.core.calendars.days import DayInfo
from houqin.core.calendars.many import days_of_many
from houqin.core.calendars.rules import What, national
from houqin.core.orgs.models import OrgUnit
from houqin.flows.duties.rules import DayFact

_WORK = frozenset({What.SCHOOL_DAY, What.MAKE_UP})
_FREE = frozenset({What.HOLIDAY, What.VACATION, What.CLOSURE})


def facts_of(orgs: Iterable[OrgUnit], first: date, last: date) -> list[tuple[tuple[DayFact, ...], tuple[int, ...]]]:
    """The days of many schools, those with the same days together: (days, ids of the schools)."""
    return [(tuple(map(_fact, shared.days)), shared.org_ids) for shared in days_of_many(orgs, first, last)]


def _fact(info: DayInfo) -> DayFact:
    term = info.term and (info.term.starts_on, info.term.ends_on)
    return DayFact(
        info.day, info.is_school_day, info.boarders_stay, _is_working_day(info), info.kind in _FREE, term or None
    )


def _is_working_day(info: DayInfo) -> bool:
    """In the vacation of the pupils the national calendar says who works."""
    return info.kind in _WORK or (info.kind == What.VACATION and _nation_works(info.day))


@lru_cache(maxsize=2048)
def _nation_works(day: date) -> bool:
    return national(day).what in _WORK
