"""The six goals for toilets, as ``catalogues/toilet-goals/*.yaml`` declares them: what evidences each, and its points."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from houqin.core.catalogues.loading import Entry, area

AREA = "toilet-goals"
Measure = Literal[
    "girls_squats", "boys_squats", "boys_urinals", "basins", "owners", "cleaned_in_time", "reports_in_time", "supplied",
    "clean", "satisfied",
]  # fmt: skip


class Evidence(BaseModel):
    """One thing that shows how far a goal is reached: computed by a ``measure``, else judged once a year with the reason."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    zh: str
    en: str
    points: int = Field(gt=0)
    measure: Measure | None = None
    standard: str = ""

    def title(self, language: str) -> str:
        """What it is in a language."""
        return self.zh if language.startswith("zh") else self.en


class Goal(Entry):
    """One of the six goals. ``points_source`` says where its points come from."""

    points_source: str
    evidence: list[Evidence] = Field(min_length=1)

    @model_validator(mode="after")
    def _codes_once(self) -> "Goal":
        codes = [one.code for one in self.evidence]
        if len(set(codes)) < len(codes):
            raise ValueError(f"{self.code}: evidence stands twice")
        return self


area(AREA, Goal)
