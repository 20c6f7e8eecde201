"""The rules that duties are made from, as the rooms above declare them, and how a duty is done.

Rules are not rows: they are read from catalogues and from what units have adopted, so that a law's text stands once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.remembering import remembered
from houqin.flows.duties.naming import remember, taught_by
from houqin.flows.duties.schedule import ON_RECORD, Applies, Schedule

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from houqin.core.orgs.models import OrgUnit
    from houqin.flows.duties.models import Duty


class Demand(StrEnum):
    """Who asks for it (PR-20)."""

    LAW = "law"
    OFFICE = "office"
    OWN = "own"

    @property
    def label(self) -> "StrOrPromise":
        """法定 / 上级要求 / 自选."""
        return DEMANDS[self]


DEMANDS = {Demand.LAW: _("By law"), Demand.OFFICE: _("Asked by the office"), Demand.OWN: _("Own choice")}


@dataclass(frozen=True)
class Addition:
    """What a unit added to a rule for itself and all below it, in tenths of a minute each time."""

    path: str
    asked_by: "OrgUnit"
    tenth_minutes: int


@dataclass(frozen=True)
class Rule:
    """A duty as it is asked for: what, of which post, when, by whom, at which schools.

    ``code`` is stable ("ledger:morning-check"): duties carry it. ``paths`` limits to units at or below these; empty: all. ``except_paths``:
    not at or below these, where another rule asks for the same more often.
    ``uses`` (codes of the catalogue ``places``) makes one duty for each such place in use instead of one for the unit.
    ``tenth_minutes`` is what one duty takes, in tenths of a minute. ``asked_by`` is the unit that asks, None: law.
    ``additions`` are what units added to it; they come on top. ``shown_elsewhere``: the page that writes its record puts rows of its own on Today (the meals of a canteen).
    """

    code: str
    title_zh: str
    title_en: str
    post: str
    schedules: tuple[Schedule, ...]
    demand: Demand
    source: str = ""
    asked_by: "OrgUnit | None" = None
    paths: tuple[str, ...] = ()
    except_paths: tuple[str, ...] = ()
    applies: Applies = field(default_factory=Applies)
    uses: tuple[str, ...] = ()
    tenth_minutes: int = 10
    red_line: bool = False
    destroys_evidence: bool = False
    shown_elsewhere: bool = False
    additions: tuple[Addition, ...] = ()
    family: str = ""
    since: date = date(2000, 1, 1)

    def __str__(self) -> str:
        return self.title_zh if (get_language() or "").startswith("zh") else self.title_en


RuleSource = Callable[[date], Iterable[Rule]]
_sources: list[RuleSource] = []


def events_wanted(day: date) -> frozenset[str]:
    """The events after which some rule asks for a duty. Whoever lets one of them happen calls ``after.happened``."""
    return frozenset(
        one.event for rule in rules_on(day).values() for one in rule.schedules if one.event and one.every in ON_RECORD
    )


MealTimes = Callable[[Iterable["OrgUnit"], date], dict[int, list[tuple[str, datetime]]]]
_meal_times: list[MealTimes] = []
_doers: dict[str, Callable[["Duty"], str]] = {}
_buttons: dict[str, "StrOrPromise"] = {}
_lasting: set[str] = set()
WRITE = _("Write")


def rules_from(source: RuleSource) -> RuleSource:
    """Register a function that names the rules in force on a day."""
    _sources.append(source)
    return source


def rules_on(day: date) -> dict[str, Rule]:
    """Every rule in force on a day, by code."""
    return dict(_rules_on(day))


@remembered
def _rules_on(day: date) -> dict[str, Rule]:
    found = {rule.code: rule for source in _sources for rule in source(day)}
    remember(found)
    return found


@taught_by
def todays_rules() -> dict[str, Rule]:
    """Every rule in force today."""
    return rules_on(timezone.localdate())


def meal_times(source: MealTimes) -> MealTimes:
    """Register who knows which meals are served: (units, day) → by unit id [(slot, moment of serving)]."""
    _meal_times.append(source)
    return source


def meals_of(orgs: Iterable["OrgUnit"], day: date) -> dict[int, list[tuple[str, datetime]]]:
    """The meals that each of these units serves on a day."""
    units = list(orgs)
    found: dict[int, list[tuple[str, datetime]]] = {}
    for source in _meal_times:
        for org_id, meals in source(units, day).items():
            found.setdefault(org_id, []).extend(meals)
    return found


def done_at(
    prefix: str, *, button: "StrOrPromise" = WRITE, lasting: bool = False
) -> Callable[[Callable[["Duty"], str]], Callable[["Duty"], str]]:
    """Register the address of the page on which duties of rules ``prefix:…`` are done, and what its button says.

    ``lasting``: they are told of when their window opens and stand on Today until they are done. Others of a long window
    are told of a day before it ends and stand there in its last third.
    """

    def register(url: Callable[["Duty"], str]) -> Callable[["Duty"], str]:
        _doers[prefix], _buttons[prefix] = url, button
        if lasting:
            _lasting.add(f"{prefix}:")
        return url

    return register


def url_of(duty: "Duty") -> str:
    """Where this duty is done; empty when its rule has no page of its own (one tap does it)."""
    doer = _doers.get(duty.rule.partition(":")[0])
    return doer(duty) if doer else ""


def button_of(duty: "Duty") -> str:
    """What the button says that leads there."""
    return str(_buttons.get(duty.rule.partition(":")[0], WRITE))


def lasting_prefixes() -> frozenset[str]:
    """How the codes of rules begin whose duties stand from their opening until they are done."""
    return frozenset(_lasting)
