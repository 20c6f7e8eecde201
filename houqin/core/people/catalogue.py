"""Kinds of posts: who must have them, which may not lie in one hand, who touches food."""

from typing import Literal

from django.utils.translation import get_language
from pydantic import Field

from houqin.core.catalogues.loading import Entry, area

AREA = "posts"


class PostKind(Entry):
    """A kind of post (R-002, R-016). ``Post.kind`` holds its code.

    ``names`` are the titles that rosters use for it. ``mandatory`` says at which schools a vacancy counts: with a canteen,
    with boarders, with buses, or all. Posts of one person must not be among each other's ``separated_from``; where a school
    has two adults the head countersigns instead. ``roles`` are the roles of accounts that do its duties where nobody is
    appointed. ``supervisory`` posts watch (五员 of a region), they do not keep goods or money.
    """

    names: list[str] = Field(default_factory=list)
    mandatory: Literal["", "canteen", "boarding", "bus", "all"] = ""
    separated_from: list[str] = Field(default_factory=list)
    supervisory: bool = False
    handles_food: bool = False
    roles: list[str] = Field(default_factory=list)
    superior: str = ""
    requires: list[str] = Field(default_factory=list, description="credential kinds that a holder needs")

    def __str__(self) -> str:
        return self.title_zh if (get_language() or "").startswith("zh") else self.title_en


area(AREA, PostKind)
