"""Where and of what a ledger is written: addresses, places that are due, what was written last time, what comes next."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from houqin.core.orgs.models import OrgUnit
from houqin.core.orgs.schools import school_of
from houqin.core.places.models import Place
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.duties.queries import waiting
from houqin.flows.duties.registry import rules_on
from houqin.flows.ledgers.bodies import stored
from houqin.flows.ledgers.definitions import Resolved, definitions, every
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.rules.judging import LINE
from houqin.lib.codes import read_label_code
from houqin.lib.text import in_turn

RECORD = "ledgers.record"
PREFIX = "ledger:"


def rule_of(code: str) -> str:
    """The rule of the duties that a ledger fulfils."""
    return PREFIX + code


def code_of(rule: str) -> str:
    """The ledger that fulfils a rule's duties."""
    return rule.removeprefix(PREFIX)


def address(code: str, org: OrgUnit, *, day: date | None = None, slot: str = "", place: str = "") -> str:
    """The page on which a ledger of a unit is written. Without a day it is about the day of the deed."""
    asked = {"org": org.path, "day": day.isoformat() if day else "", "slot": slot, "place": place}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('ledgers:write', args=[code])}?{query}"


def address_of(duty: Duty, *, place: str = "") -> str:
    """Where a duty of a ledger is done: one page for all places of the same rule, day and slot.

    A duty of a longer period is written about the day on which it is done.
    """
    day = duty.day if duty.day <= timezone.localdate() else None
    return address(code_of(duty.rule), duty.org, day=day, slot=duty.slot, place=place)


# Which duties are meant ----------------------------------------------------------------------------------------------------


def due(org: OrgUnit, code: str, day: date, slot: str | None = None) -> QuerySet[Duty]:
    """The open duties that an entry of this day fulfils: of the day, and of a longer period that has begun."""
    after = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    rows: QuerySet[Duty] = Duty.objects.open().filter(org=org, rule=rule_of(code), day__gte=day, opens_at__lt=after)
    return rows if slot is None else rows.filter(slot=slot)


def due_at_place(place: Place, moment: datetime) -> list[Duty]:
    """The open duties of ledgers at one place whose window has opened, the most urgent first."""
    rows = Duty.objects.open().filter(org=place.org, about_id=place.subject_id, opens_at__lte=moment)
    return list(rows.filter(rule__startswith=PREFIX).select_related("org").order_by("due_at", "id"))


def due_places(resolved: Resolved, org: OrgUnit, day: date, slot: str) -> list[Place]:
    """The places of a ledger whose duty is open; when none is, all of them."""
    rows = Place.objects.in_use().filter(org=org, use__in=resolved.ledger.uses)
    open_ids = set(due(org, resolved.code, day, slot).values_list("about_id", flat=True))
    places = sorted(rows, key=lambda one: in_turn(one.name))
    return [one for one in places if one.subject_id in open_ids] or places


def lines_written(duty: Duty) -> set[str]:
    """The public ids of the places of which entries since this duty opened hold a line. One query."""
    since = timezone.localdate(duty.opens_at)
    rows = LedgerEntry.objects.filter(
        org=duty.org_id, ledger=code_of(duty.rule), slot=duty.slot, day__range=(since, duty.day)
    )
    lines = (line for body in rows.values_list("body", flat=True) for line in json.loads(body)["lines"])
    return {line[LINE]["id"] for line in lines if isinstance(line.get(LINE), dict)}


def narrowed(
    made: Sequence[dict[str, Any]], resolved: Resolved, org: OrgUnit, day: date, slot: str, place: Place | None
) -> list[dict[str, Any]]:
    """The lines of a list of places: the one whose label was scanned, those that stand in it, or those that are due.

    What a probe wrote for the duty that is open is not asked again.
    """
    if place is not None:
        same = [one for one in made if one["id"] == str(place.public_id)]
        if same:
            return same
        inside = {str(one) for one in Place.objects.filter(within=place).values_list("public_id", flat=True)}
        return [one for one in made if one["id"] in inside] or list(made)
    if not resolved.ledger.uses:
        duty = due(org, resolved.code, day, slot).order_by("due_at", "id").first()
        written = lines_written(duty) if duty else set()
        return [one for one in made if one["id"] not in written] or list(made)
    wanted = {str(one.public_id) for one in due_places(resolved, org, day, slot)}
    return [one for one in made if one["id"] in wanted] or list(made)


def concerns(resolved: Resolved, place: Place | None) -> bool:
    """Whether a ledger is written about this place."""
    uses = [*resolved.ledger.uses, *(resolved.lines.uses if resolved.lines else ())]
    return place is None or place.use in uses


# What was written before ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Last:
    """What the entry before said: of the whole, and of each line by its id or name."""

    values: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def last_written(org: OrgUnit, code: str, place: Place | None) -> Last:
    """What this ledger said last time here; nothing when it never did."""
    rows = LedgerEntry.objects.filter(org=org, ledger=code, nothing_to_report=False, from_paper=False)
    entry = (rows.filter(about=place.subject_id) if place else rows).order_by("-day", "-id").first()
    if entry is None:
        return Last()
    values, lines = stored(entry)
    named = [(line.get("line") or {}, line) for line in lines]
    return Last(values, {about.get("id") or about.get("name", ""): line for about, line in named})


# What comes next -----------------------------------------------------------------------------------------------------------


def to_write(by: Viewer) -> list[Duty]:
    """What waits for somebody and is written on the page of its ledger, the most urgent first."""
    rules = rules_on(by.today)
    found = [one for one in waiting(by) if one.rule.startswith(PREFIX)]
    return [one for one in found if one.rule not in rules or not rules[one.rule].shown_elsewhere]


def following(by: Viewer, *, after: str) -> Duty | None:
    """Of what waits for somebody the ledger to write after the one at this address, else the first that is left.

    In the order of the list, since a phone without network goes from page to page as they were drawn in the morning.
    """
    opened = [one for one in to_write(by) if one.opens_at <= by.moment]
    pages = {address_of(one): one for one in reversed(opened)}
    addresses = list(pages)[::-1]
    place = addresses.index(after) if after in addresses else -1
    rest = [*addresses[place + 1 :], *addresses[: max(place, 0)]]
    return pages[rest[0]] if rest else None


def page_of(org: OrgUnit, code: str, day: date, slot: str, *, here: str) -> str:
    """The address under which the list of what waits knows the page that is written now; the page's own when none waits."""
    waits = due(org, code, day, slot).select_related("org").order_by("due_at", "id").first()
    return address_of(waits) if waits else here


def slots_of(org: OrgUnit, code: str, day: date) -> list[tuple[str, bool]]:
    """The meals or halves of the day for which the ledger is asked that day, and whether each is still to be written."""
    rows = Duty.objects.filter(org=org, rule=rule_of(code), day=day).exclude(slot="").order_by("opens_at", "id")
    found: dict[str, bool] = {}
    for slot, how in rows.values_list("slot", "state"):
        found[slot] = found.get(slot, False) or how == DutyState.OPEN
    return list(found.items())


def slot_now(slots: Sequence[tuple[str, bool]]) -> str:
    """The first that is still to be written, else the last."""
    return next((slot for slot, is_open in slots if is_open), slots[-1][0] if slots else "")


# Where ---------------------------------------------------------------------------------------------------------------------


def unit_of(by: Viewer, named: str, focus: OrgUnit | None) -> OrgUnit | None:
    """The unit of this path, else the only one that is looked at; None when there is none, or a choice."""
    if named:
        return OrgUnit.objects.visible_to(by, RECORD).filter(path=named).first()
    return school_of(by, focus, RECORD)


def place_of(by: Viewer, label: str) -> Place | None:
    """The place that carries a label, where somebody writes ledgers."""
    code = read_label_code(label)
    rows = Place.objects.in_use().visible_to(by, RECORD).select_related("org", "subject", "subject__org")
    return rows.filter(label_code=code).first() if code else None


def subjects_of(org: OrgUnit, ids: Iterable[str]) -> dict[str, Subject]:
    """The subjects of places of a unit, by the places' public ids."""
    rows = Place.objects.filter(org=org, public_id__in=list(ids)).select_related("subject__org")
    return {str(place.public_id): place.subject for place in rows}


def kept_at(place: Place, day: date) -> list[Resolved]:
    """The ledgers that are kept of a place, each for itself or in the list of its unit."""
    return [one for one in every(place.org, day) if one.is_kept and concerns(one, place)] if place.use else []


def next_at(place: Place, ledgers: Iterable[Resolved], moment: datetime) -> dict[str, Duty]:
    """Which duty of each ledger opens next at a place, by the ledger's code. One query."""
    rules = [rule_of(one.code) for one in ledgers]
    rows = Duty.objects.open().filter(Q(about_id=place.subject_id) | Q(about=None), org=place.org, rule__in=rules)
    later = rows.filter(opens_at__gt=moment).order_by("-opens_at", "-id")
    return {code_of(duty.rule): duty for duty in later}


def at(place: Place, by: Viewer) -> list[Duty]:
    """What is due at a place: its own duties, else those of its unit whose list holds it."""
    own = due_at_place(place, by.moment)
    if own or not place.use:
        return own
    codes = {rule_of(one.code) for one in definitions(by.today) if one.lines and place.use in one.lines.uses}
    rows = Duty.objects.open().filter(org=place.org, rule__in=codes, about=None, opens_at__lte=by.moment)
    return list(rows.select_related("org", "about").order_by("due_at", "id"))
