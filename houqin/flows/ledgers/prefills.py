"""What a ledger's form is filled with before anybody types: places, staff, classes; the rooms above add dishes and figures.

A source answers values as they are kept. Measured values are never filled in from what was measured last time.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from houqin.core.calendars.rules import school_years
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import ClassGroup, Person
from houqin.core.people.posts import kinds_handling_food, staff_of
from houqin.core.places.models import Place
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.catalogue import Family
from houqin.flows.ledgers.definitions import Resolved
from houqin.lib.text import in_turn

Prefill = Callable[[OrgUnit, Viewer, date, str], Any]
LinesOf = Callable[[OrgUnit, Viewer, date, str, Resolved], Iterable[Mapping[str, Any]]]
_prefills: dict[str, Prefill] = {}
_lines: dict[str, LinesOf] = {}


def prefill(code: str) -> Callable[[Prefill], Prefill]:
    """Register a source that columns name in ``prefill``: (unit, viewer, day, slot) → the value as kept, None: nothing."""

    def register(function: Prefill) -> Prefill:
        _prefills[code] = function
        return function

    return register


def lines_of(kind: str) -> Callable[[LinesOf], LinesOf]:
    """Register which lines a list has: "places", "staff", "dishes", "classes".

    Each line is {"id", "name"} and, by column code, the values with which it begins.
    """

    def register(function: LinesOf) -> LinesOf:
        _lines[kind] = function
        return function

    return register


def prefilled(code: str, org: OrgUnit, by: Viewer, day: date, slot: str) -> Any:
    """What the source of this name says; None when there is none."""
    return _prefills[code](org, by, day, slot) if code in _prefills else None


def lines_for(resolved: Resolved, org: OrgUnit, by: Viewer, day: date, slot: str) -> list[dict[str, Any]]:
    """The lines with which the list of a ledger begins."""
    kind = resolved.lines.of if resolved.lines else ""
    return [dict(line) for line in _lines[kind](org, by, day, slot, resolved)] if kind in _lines else []


@prefill("me")
def _who_writes(org: OrgUnit, by: Viewer, day: date, slot: str) -> dict[str, str] | None:
    person = Person.objects.filter(pk=by.person_id).first() if by.person_id else None
    return {"id": str(person.public_id), "name": person.name} if person else None


@lines_of("places")
def _places(org: OrgUnit, by: Viewer, day: date, slot: str, resolved: Resolved) -> list[dict[str, str]]:
    """The places in use of the kinds that the list, else the ledger, is about."""
    uses = (resolved.lines.uses if resolved.lines else []) or resolved.ledger.uses
    rows = Place.objects.in_use().filter(org=org, use__in=uses)
    return [
        {"id": str(place.public_id), "name": place.name, "use": place.use.replace("-", "_")}
        for place in sorted(rows, key=lambda place: in_turn(place.name))
    ]


@lines_of("staff")
def _staff(org: OrgUnit, by: Viewer, day: date, slot: str, resolved: Resolved) -> list[dict[str, str]]:
    """Who handles food today; outside the canteen those who hold the ledger's own post."""
    canteen = resolved.ledger.family == Family.CANTEEN
    people = staff_of(org, kinds_handling_food(day) if canteen else {resolved.ledger.post}, day)
    return [{"id": str(person.public_id), "name": person.name} for person in people]


@lines_of("classes")
def _classes(org: OrgUnit, by: Viewer, day: date, slot: str, resolved: Resolved) -> list[dict[str, str]]:
    """The classes of the school year, a class teacher's own only."""
    groups = list(
        ClassGroup.objects.filter(org=org, school_year__in=school_years(day)).order_by("-school_year", "grade", "name")
    )
    own = [group for group in groups if by.person_id and group.teacher_id == by.person_id]
    return [{"id": "", "name": group.name} for group in own or groups]
