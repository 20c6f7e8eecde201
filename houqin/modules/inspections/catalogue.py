"""Checklists with their items; rounds of responsibility areas; slogan frameworks and what shows each member. Data, not code."""

from typing import Literal

from pydantic import Field, model_validator

from houqin.core.catalogues.loading import Entry, area
from houqin.flows.duties.schedule import Every
from houqin.modules.inspections.items import CODE, ForSchools, Grade, Item, Section, Strict

AREA, ROUNDS, FRAMEWORKS = "checklists", "rounds", "frameworks"
ROUND_RHYTHMS = (
    Every.DAY,
    Every.SCHOOL_DAY,
    Every.WEEK,
    Every.HALF_MONTH,
    Every.MONTH,
    Every.QUARTER,
    Every.TERM,
    Every.YEAR,
)
"""How often a round may be asked for, from often to seldom."""
Family = Literal[
    "canteen", "dormitory", "fire", "power", "gas", "bus", "water", "surroundings", "sports", "equipment", "term_opening",
    "holiday", "disaster", "fees", "property", "finance", "daily",
]  # fmt: skip


class Checklist(Entry):
    """A checklist (R-086, R-087). Versioned by the catalogue; a visit keeps the version by which it looked.

    ``grades`` from the best down, the last with ``least`` 0. ``self_check``: schools use it themselves. ``minutes`` is
    what a practised inspector takes.
    """

    family: Family
    applies: ForSchools = ForSchools()
    minutes: int = Field(gt=0, le=600)
    self_check: bool = True
    guide_zh: str = ""
    guide_en: str = ""
    sections: list[Section] = Field(min_length=1)
    grades: list[Grade] = Field(min_length=2)
    record_zh: str = Field(default="", description="the title of the printed record sheet, empty: 检查记录")

    @model_validator(mode="after")
    def _whole(self) -> "Checklist":
        codes = [item.code for item in self.items]
        if len(codes) != len(set(codes)):
            raise ValueError(f"{self.code}: an item's code stands twice")
        least = [grade.least for grade in self.grades]
        if least != sorted(least, reverse=True) or least[-1] != 0:
            raise ValueError(f"{self.code}: grades run from the best down to 0")
        return self

    @property
    def items(self) -> list[Item]:
        """All items in their order."""
        return [item for section in self.sections for item in section.items]

    def for_school(self, canteen_mode: str, boarders: int, school_type: str) -> list[Item]:
        """The items that are looked at in a school with these facts; none where the whole is not for it."""
        facts = (canteen_mode, boarders, school_type)
        return [item for item in self.items if item.applies.fits(*facts)] if self.applies.fits(*facts) else []

    def title(self, language: str) -> str:
        """Its name in a language."""
        return self.title_zh if language.startswith("zh") else self.title_en


class Round(Entry):
    """A round that Houqin proposes for a responsibility area (R-086): ``code`` is the use of the place, ``checklist`` what is
    looked at there, ``every`` how often. Nobody is asked to walk it until a unit takes it up.
    """

    checklist: str
    every: Every

    @model_validator(mode="after")
    def _known(self) -> "Round":
        if self.every not in ROUND_RHYTHMS:
            raise ValueError(f"{self.code}: {self.every} is no rhythm of a round")
        return self


Level = Literal["province", "city", "district", "town", "school"]


class Shown(Strict):
    """What shows a member: items of a checklist (none named: all of it), ledgers, credentials."""

    checklist: str = ""
    items: list[str] = Field(default_factory=list)
    ledger: str = ""
    credential: str = ""

    @model_validator(mode="after")
    def _one(self) -> "Shown":
        if sum(map(bool, (self.checklist, self.ledger, self.credential))) != 1 or (self.items and not self.checklist):
            raise ValueError("evidence is a checklist with items, a ledger or a credential")
        return self


class Member(Strict):
    """One member. ``spelled_out``: the founding document names it; else it is a proposal that each place replaces by its own."""

    code: str = Field(pattern=CODE)
    zh: str
    en: str
    spelled_out: bool
    shown: list[Shown] = Field(default_factory=list)

    def title(self, language: str) -> str:
        """Its name in a language."""
        return self.zh if language.startswith("zh") else self.en


class Framework(Entry):
    """A slogan with its members. ``level`` is who set it."""

    level: Level
    about_zh: str
    about_en: str
    members: list[Member] = Field(min_length=1)

    @model_validator(mode="after")
    def _once(self) -> "Framework":
        codes = [member.code for member in self.members]
        if len(codes) != len(set(codes)):
            raise ValueError(f"{self.code}: a member stands twice")
        return self

    @property
    def spelled_out(self) -> bool:
        """Whether the founding document names every member."""
        return all(member.spelled_out for member in self.members)

    def title(self, language: str) -> str:
        """Its name in a language."""
        return self.title_zh if language.startswith("zh") else self.title_en


area(AREA, Checklist)
area(ROUNDS, Round)
area(FRAMEWORKS, Framework)
