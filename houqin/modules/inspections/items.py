"""What a checklist holds: items with their weight and limits, sections, grades. Pure: no database."""

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from houqin.core.catalogues.citing import cited
from houqin.flows.ledgers.columns import Limit

CODE = r"^[a-z0-9][a-z0-9-]*$"
NO_MEALS = "none"


class Strict(BaseModel):
    """A part of a checklist: nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ForSchools(Strict):
    """Which schools it is for; empty lists: all. ``canteen``: only where meals are served."""

    canteen: bool = False
    canteen_modes: list[str] = Field(default_factory=list)
    boarders: bool = False
    types: list[str] = Field(default_factory=list)

    def fits(self, canteen_mode: str, boarders: int, school_type: str) -> bool:
        """Whether it is for a school with these facts."""
        if (self.canteen or self.canteen_modes) and canteen_mode in ("", NO_MEALS):
            return False
        if self.canteen_modes and canteen_mode not in self.canteen_modes:
            return False
        if self.boarders and not boarders:
            return False
        return not self.types or school_type in self.types


class Photo(Strict):
    """When a photo is asked for and why; without a reason none is (PR-20)."""

    when: Literal["failed", "always"]
    why_zh: str = Field(min_length=1)
    why_en: str = Field(min_length=1)


class Item(Strict):
    """One thing that is looked at.

    ``yes_no`` is in order or not; ``graded`` has ``levels`` from 0 (worst) to levels - 1; ``measured`` a figure with unit
    and limits. ``weight`` counts in the score. ``red_line`` (一票否决): failed, the whole is failed, whatever the score.
    ``severity`` (1 minor, 2 general, 3 serious) and ``post`` are those of the finding that a failed one opens; ``days``
    are working days to put it right, none: as its severity says; a unit that has set fewer goes before. ``applies`` narrows it within its checklist.
    """

    code: str = Field(pattern=CODE)
    zh: str
    en: str
    kind: Literal["yes_no", "graded", "measured"] = "yes_no"
    weight: int = Field(default=1, ge=0, le=100)
    red_line: bool = False
    levels: int = Field(default=4, ge=2, le=6)
    unit: str = ""
    decimals: int = Field(default=0, ge=0, le=3)
    plausible: tuple[Decimal, Decimal] | None = None
    limits: list[Limit] = Field(default_factory=list)
    source: str = Field(min_length=1)
    clause: str = ""
    confidence: Literal["A", "A*", "B", "C"]
    how_zh: str = ""
    how_en: str = ""
    good_zh: str = ""
    good_en: str = ""
    photo: Photo | None = None
    severity: int = Field(default=1, ge=1, le=3)
    post: str = ""
    days: int | None = Field(default=None, ge=1)
    may_not_apply: bool = True
    applies: ForSchools = ForSchools()

    @model_validator(mode="after")
    def _whole(self) -> "Item":
        if (self.kind == "measured") != bool(self.limits) or (self.kind == "measured" and not self.unit):
            raise ValueError(f"{self.code}: what is measured has a unit and limits, and nothing else has")
        if self.red_line and self.confidence == "C":
            raise ValueError(f"{self.code}: a red line rests on a text, not on local custom")
        return self

    @property
    def basis(self) -> str:
        """The document and its clause."""
        return cited(self.source, self.clause)

    def title(self, language: str) -> str:
        """Its words in a language."""
        return self.zh if language.startswith("zh") else self.en

    def how(self, language: str) -> str:
        """How it is looked at, in a language."""
        return self.how_zh if language.startswith("zh") else self.how_en

    def good(self, language: str) -> str:
        """What good looks like, in a language."""
        return self.good_zh if language.startswith("zh") else self.good_en


class Section(Strict):
    """Items that are looked at together, at one place. ``service``: of which contracted service its score is (R-022)."""

    zh: str
    en: str
    service: Literal["", "cleaning", "green", "guards", "dining"] = ""
    items: list[Item] = Field(min_length=1)

    def title(self, language: str) -> str:
        """Its name in a language."""
        return self.zh if language.startswith("zh") else self.en


class Grade(Strict):
    """The name of a score from ``least`` on."""

    least: int = Field(ge=0, le=100)
    zh: str
    en: str
