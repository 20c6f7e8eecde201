"""What a visit asks: its checklists in their versions, narrowed to what is looked at in this school."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import Count, Min
from django.utils.translation import get_language

from houqin.core.orgs.models import OrgUnit, SchoolFacts
from houqin.flows.rectify.models import Finding, FindingState
from houqin.flows.rectify.rules import A_YEAR
from houqin.modules.inspections.catalogue import Checklist
from houqin.modules.inspections.items import Grade, Item, Section
from houqin.modules.inspections.lists import list_as, lists_on
from houqin.modules.inspections.models import Answer, Visit
from houqin.modules.inspections.rules import Result, Seen, result_of

THOUSAND = 1000


@dataclass(frozen=True)
class Asked:
    """A checklist in one version with the items that are looked at in one school."""

    checklist: Checklist
    version: int
    codes: frozenset[str]

    @property
    def code(self) -> str:
        """Its code."""
        return self.checklist.code

    @property
    def grades(self) -> list[Grade]:
        """Its grades, the best first."""
        return self.checklist.grades

    @cached_property
    def sections(self) -> list[tuple[Section, list[Item]]]:
        """Sections with what is asked of each; none of those that ask nothing here."""
        found = [(one, [item for item in one.items if item.code in self.codes]) for one in self.checklist.sections]
        return [(section, items) for section, items in found if items]

    @property
    def items(self) -> list[Item]:
        """All that is asked, in its order."""
        return [item for _section, items in self.sections for item in items]

    def __str__(self) -> str:
        return self.checklist.title(get_language() or "")


def asked_of(visit: Visit, today: date, versions: Mapping[str, int] | None = None) -> list[Asked]:
    """The checklists of a visit: in the versions by which it looks, or, before it has begun, in today's (or in those that a
    phone kept of them)."""
    held = visit.lists if visit.number else held_on(visit, today, versions)
    facts = facts_of(visit.org, visit.day or today)
    found = []
    for one in held:
        checklist = list_as(one["code"], one["version"])
        codes = frozenset(item.code for item in checklist.for_school(*facts))
        found.append(Asked(checklist, one["version"], codes))
    return found


def held_on(visit: Visit, day: date, versions: Mapping[str, int] | None = None) -> list[dict[str, Any]]:
    """Code and version of the checklists of a visit as they are in force on a day; an earlier version where one is named."""
    known = lists_on(day)
    chosen = [(one["code"], known[one["code"]].version) for one in visit.lists if one["code"] in known]
    return [{"code": code, "version": min((versions or {}).get(code) or newest, newest)} for code, newest in chosen]


def facts_of(org: OrgUnit, day: date) -> tuple[str, int, str]:
    """How a school feeds, how many board there, and of what type it is."""
    return known_facts(org, day) or ("", 0, "")


def known_facts(org: OrgUnit, day: date) -> tuple[str, int, str] | None:
    """The same; None where nobody has written them down."""
    row = SchoolFacts.objects.in_force(day).filter(org=org).first()
    return (row.canteen_mode, row.boarders, row.school_type) if row else None


def topic_of(checklist: str, item: str) -> str:
    """By what a finding at this item is known again."""
    return f"{checklist}.{item}"


@dataclass(frozen=True)
class Before:
    """How often the same was found within a year, and on which day first."""

    times: int
    since: date


def found_before(org: OrgUnit, asked: Sequence[Asked], today: date) -> dict[str, Before]:
    """What was found at these items within a year, by topic. One query."""
    topics = [topic_of(one.code, item.code) for one in asked for item in one.items]
    rows = Finding.objects.filter(org=org, topic__in=topics, day__gt=today - A_YEAR).exclude(state=FindingState.VOID)
    counted = rows.order_by().values("topic").annotate(times=Count("pk"), since=Min("day"))
    return {row["topic"]: Before(row["times"], row["since"]) for row in counted}


def seen_of(answers: Sequence[Answer]) -> Mapping[tuple[str, str], Seen]:
    """Answers as the score reads them."""
    return {(one.checklist, one.item): Seen(one.outcome, one.level) for one in answers}


def result_for(asked: Sequence[Asked], answers: Sequence[Answer]) -> Result:
    """The score of a visit, explained."""
    return result_of(asked, seen_of(answers))


def figure_of(item: Item, thousandths: int) -> str:
    """A measured value as it is read, with its unit."""
    return f"{Fraction(thousandths, THOUSAND).__float__():.{item.decimals}f} {item.unit}"
