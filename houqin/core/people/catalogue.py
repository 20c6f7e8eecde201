"""Kinds of posts: who must have them, which may not lie in one hand, who touches food."""

from typing import Literal

from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, Field

from houqin.core.catalogues.loading import Entry, area

AREA = "posts"


class Threshold(BaseModel):
    """A figure of a school from which on it must have a post: ``at_least`` of a fact, at schools of these ``types``.

    Empty ``types`` mean any. With a ``region`` it holds there only, beside the national ones.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    fact: Literal["enrolment", "boarders", "staff", "classes"]
    at_least: int = Field(gt=0)
    types: list[str] = Field(default_factory=list)
    region: str = ""
    source: str
    confidence: Literal["A", "A*", "B", "C"]


class PostKind(Entry):
    """A kind of post (R-002, R-016). ``Post.kind`` holds its code.

    ``names`` are the titles that rosters use for it. ``mandatory`` says at which schools a vacancy counts: with a canteen,
    with boarders, with buses, or all; ``mandatory_from`` narrows that to schools that reach one of its figures. Posts of one person must not be among each other's ``separated_from``; where a school
    has two adults the head countersigns instead. ``roles`` are the roles of accounts that do its duties where nobody is
    appointed. ``gate``: who lacks what law ``requires`` is not even appointed; else the day's roster keeps them off.
    ``supervisory`` posts watch (五员 of a region), they do not keep goods or money.
    """

    names: list[str] = Field(default_factory=list)
    mandatory: Literal["", "canteen", "boarding", "bus", "all"] = ""
    mandatory_from: list[Threshold] = Field(default_factory=list)
    separated_from: list[str] = Field(default_factory=list)
    supervisory: bool = False
    handles_food: bool = False
    roles: list[str] = Field(default_factory=list)
    superior: str = ""
    requires: list[str] = Field(default_factory=list, description="credential kinds that a holder needs")
    gate: Literal["", "appointing"] = ""

    def __str__(self) -> str:
        return self.title_zh if (get_language() or "").startswith("zh") else self.title_en


area(AREA, PostKind)
