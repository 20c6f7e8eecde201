"""What a month's score of a contracted service brings: the part of its pay that was agreed to be kept back. A proposal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.asked import Asked, asked_of, seen_of
from houqin.modules.inspections.items import Item, Section
from houqin.modules.inspections.models import ServiceContract, Visit, VisitState
from houqin.modules.inspections.rules import Result, Seen, kept_back, result_of
from houqin.modules.inspections.words import points

A_YEAR = 12


@dataclass(frozen=True)
class Part:
    """One section of a checklist, scored by itself."""

    asked: Asked
    items: list[Item]

    @property
    def code(self) -> str:
        """The code of its checklist."""
        return self.asked.code

    @property
    def grades(self) -> Any:
        """The grades of its checklist."""
        return self.asked.grades


@dataclass(frozen=True)
class Deduction:
    """What is proposed for one contract in one month, and why: ``lost`` are the items that did not earn all."""

    contract: ServiceContract
    section: str
    score: int
    red: tuple[Item, ...]
    percent: int
    fen: int
    lost: list[tuple[str, str]]

    @property
    def points(self) -> str:
        """The score as it is read."""
        return points(self.score)

    @property
    def pay_fen(self) -> int:
        """What is left to be paid."""
        return int(self.contract.fee_fen) - self.fen


def standing_on(day: date) -> Q:
    """Contracts in force on a day."""
    return Q(from_on__lte=day, until_on__gte=day) & (Q(ended_on__isnull=True) | Q(ended_on__gt=day))


def deductions_of(visit: Visit, viewer: Viewer) -> list[Deduction]:
    """For each service that the visit scored and that a contract stood for on its day; none before it is signed."""
    if visit.state != VisitState.SIGNED or visit.day is None:
        return []
    asked = asked_of(visit, viewer.today)
    if not any(section.service for one in asked for section, _items in one.sections):
        return []
    rows = ServiceContract.objects.visible_to(viewer).filter(standing_on(visit.day), org=visit.org)
    return _proposed({row.service: row for row in rows}, asked, seen_of(list(visit.answers.all())))


def _proposed(
    contracts: Mapping[str, ServiceContract], asked: Sequence[Asked], seen: Mapping[tuple[str, str], Seen]
) -> list[Deduction]:
    found = []
    for one in asked:
        for section, items in one.sections:
            contract = contracts.get(section.service)
            result = result_of([Part(one, items)], seen) if contract else None
            if contract is not None and result is not None and result.score is not None:
                found.append(_deduction(contract, section, result, result.score))
    return found


def _deduction(contract: ServiceContract, section: Section, result: Result, score: int) -> Deduction:
    language = get_language() or ""
    percent, fen = kept_back(contract.fee_fen, score, red=bool(result.red), steps=contract.steps)
    lost = [
        (line.item.title(language), f"{float(Fraction(line.got, 100)):g} / {line.item.weight}")
        for line in result.lines
        if line.got < line.weight
    ]
    return Deduction(contract, section.title(language), score, result.red, percent, fen, lost)


def scored_visits(contract: ServiceContract, viewer: Viewer) -> QuerySet[Visit]:
    """Signed visits of its days by a checklist that scores services, the newest first."""
    rows: QuerySet[Visit] = Visit.objects.visible_to(viewer).filter(
        org=contract.org, state=VisitState.SIGNED, day__range=(contract.from_on, contract.ended_on or contract.until_on)
    )
    return rows.prefetch_related("answers").order_by("-day", "-pk")


def months_of(contract: ServiceContract, viewer: Viewer) -> list[tuple[Visit, Deduction]]:
    """The last scores of a contract with what each brought: what a renewal is talked over with."""
    found: list[tuple[Visit, Deduction]] = []
    for visit in scored_visits(contract, viewer):
        asked = asked_of(visit, viewer.today)
        made = _proposed({contract.service: contract}, asked, seen_of(list(visit.answers.all())))
        found += [(visit, one) for one in made]
        if len(found) >= A_YEAR:
            break
    return found
