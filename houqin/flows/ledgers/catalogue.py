"""What a ledger is, as ``catalogues/ledgers/*.yaml`` declares it. Adding a ledger is adding one file."""

from datetime import time
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, model_validator

from houqin.core.catalogues.loading import Entry, area
from houqin.flows.duties.registry import Demand
from houqin.flows.duties.schedule import Every
from houqin.flows.ledgers.columns import Choice, Column, Kind, Limit, Lines, Strict

__all__ = ["AREA", "Choice", "Column", "Family", "Kind", "Ledger", "Limit", "Lines", "as_ledger"]

AREA = "ledgers"


class Family(StrEnum):
    """Where a ledger stands in the list of ledgers."""

    CANTEEN = "canteen"
    WATER = "water"
    DORMITORY = "dormitory"
    PUPILS = "pupils"
    FIRE = "fire"
    POWER = "power"
    EQUIPMENT = "equipment"
    GATE = "gate"
    BUS = "bus"
    ENVIRONMENT = "environment"
    DRILLS = "drills"


class When(Strict):
    """How often, and in which window: the fields of ``duties.schedule.Schedule``."""

    every: Every
    opens: time = time(6, 0)
    due: time = time(18, 0)
    opens_minutes: int = -120
    due_minutes: int = 60
    meals: list[str] = Field(default_factory=list)
    weekday: int | None = Field(default=None, ge=0, le=6)
    day_of_month: int | None = Field(default=None, ge=1, le=28)
    days_before: int = 7
    event: str = ""
    hours: int = 0
    within_hours: int = 24
    slot: str = ""


class For(Strict):
    """Which schools it is for."""

    canteen: bool = False
    boarders: bool = False
    types: list[str] = Field(default_factory=list)


class PhotoRule(Strict):
    """When a photo is asked for, and why: without a reason none is (PR-20)."""

    asked: Literal["never", "on_breach", "always"] = "never"
    why_zh: str = ""
    why_en: str = ""

    @model_validator(mode="after")
    def _reasoned(self) -> "PhotoRule":
        if self.asked != "never" and not (self.why_zh and self.why_en):
            raise ValueError("a photo is asked for with a reason only")
        return self


class Gate(Strict):
    """Who does it must have the papers that its post asks for.

    ``who`` is the column that names who does it; empty: whoever writes. ``release``: the entry is the permission to start
    (the bus before its run); without what law asks for it is refused. Else it is recorded and stands as a breach.
    """

    who: str = ""
    release: bool = False


class Print(Strict):
    """The official month sheet: its title, paper, and which columns in which order (codes; empty: all).

    ``owner``: it has a column 责任人, filled with who answers for each place.
    """

    zh: str = ""
    landscape: bool = True
    columns: list[str] = Field(default_factory=list)
    owner: bool = False
    signatures: list[str] = Field(default_factory=list, description="Chinese titles of who signs below")


class Stops(Strict):
    """Places of which uses carry a stop-use alert: when its duty there is ``overdue``, when what it says is out of order."""

    uses: list[str] = Field(default_factory=list)
    overdue: bool = False
    breach: bool = False


class Ledger(Entry):
    """One ledger. ``why_*`` say in a sentence what it protects; ``guide_zh`` how it is done well.

    ``demand`` is who asks for it; an ``own`` one is kept only where a unit adopts it. ``post`` (a code of the catalogue
    ``posts``) does it, ``schedules`` say when; none: whenever it happens. ``uses``: a duty for each such place, its label
    opens exactly that one. ``fed_by`` names the page of a module that writes it; then no form of its own is offered.
    ``minutes`` is what one entry takes a trained person, in minutes. ``public``: columns of the public extract.
    ``countersign``: a second person signs. ``gate``: who does it must be certified for the post.
    """

    family: Family
    demand: Demand
    why_zh: str
    why_en: str
    guide_zh: str = ""
    guide_en: str = ""
    post: str
    schedules: list[When] = Field(default_factory=list)
    applies: For = For()
    uses: list[str] = Field(default_factory=list)
    minutes: Decimal = Field(gt=0)
    red_line: bool = False
    destroys_evidence: bool = False
    fed_by: str = ""
    countersign: bool = False
    gate: Gate | None = None
    photo: PhotoRule = PhotoRule()
    retention_months: int = Field(gt=0)
    retention_source: str
    columns: list[Column] = Field(default_factory=list)
    lines: Lines | None = None
    print: Print = Print()
    public: list[str] = Field(default_factory=list)
    stops: Stops = Stops()

    @model_validator(mode="after")
    def _codes_once(self) -> "Ledger":
        for columns in (self.columns, self.lines.columns if self.lines else []):
            codes = [column.code for column in columns]
            if len(set(codes)) < len(codes):
                raise ValueError(f"{self.code}: a column stands twice")
        if (
            self.gate
            and self.gate.who
            and self.gate.who not in {one.code for one in self.columns if one.kind == "person"}
        ):
            raise ValueError(f"{self.code}: the gate names no column with a person")
        if not self.columns and self.lines is None:
            raise ValueError(f"{self.code}: nothing is written down")
        return self

    def title(self, language: str) -> str:
        """Its name in a language."""
        return self.title_zh if language.startswith("zh") else self.title_en


def as_ledger(code: str, body: dict[str, Any], **common: Any) -> Ledger:
    """A definition as it was loaded: what a CatalogueItem holds, typed again."""
    return Ledger.model_validate({"code": code, **common, **body})


area(AREA, Ledger)
