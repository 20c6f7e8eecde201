"""Kinds of cases: the steps that are worked through, who does each, until when, and how one may end."""

from pydantic import BaseModel, ConfigDict, Field, model_validator

from houqin.core.catalogues.loading import Entry, area

AREA = "cases"
CODE = r"^[a-z0-9][a-z0-9-]*$"


class Strict(BaseModel):
    """A part of a kind: nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StepKind(Strict):
    """One step. Its time runs from the opening, or from when the step ``after`` was done.

    It is ``minutes`` or working ``days``, or what the local rule ``policy`` says (a rule in minutes, else working days).
    ``deed``: it is done by a deed of its own, not by ticking.
    """

    code: str = Field(pattern=CODE)
    title_zh: str
    title_en: str
    asks_zh: str = ""
    asks_en: str = ""
    post: str = ""
    after: str = ""
    minutes: int | None = Field(default=None, gt=0)
    days: int | None = Field(default=None, gt=0)
    policy: str = ""
    note: bool = False
    photo: bool = False
    deed: bool = False

    @model_validator(mode="after")
    def _one_time(self) -> "StepKind":
        if sum((self.minutes is not None, self.days is not None, bool(self.policy))) > 1:
            raise ValueError("a step has one time: minutes, working days or a local rule")
        return self


class Outcome(Strict):
    """One way in which a case of the kind may end; an ``early`` one leaves out the steps that are not done."""

    code: str = Field(pattern=CODE)
    title_zh: str
    title_en: str
    early: bool = False


class CaseKind(Entry):
    """A kind of case. ``prefix`` begins its numbers; a ``restricted`` one is seen by its members and by who may lead it."""

    prefix: str = Field(pattern=r"^[A-Z]{2,4}$")
    restricted: bool = False
    drills: bool = False
    steps: list[StepKind] = Field(default_factory=list)
    outcomes: list[Outcome] = Field(min_length=1)

    @model_validator(mode="after")
    def _steps_in_order(self) -> "CaseKind":
        known: set[str] = set()
        for step in self.steps:
            if step.code in known or (step.after and step.after not in known):
                raise ValueError(f"step {step.code}: its code stands twice, or it follows a step that comes later")
            known.add(step.code)
        return self


area(AREA, CaseKind)
