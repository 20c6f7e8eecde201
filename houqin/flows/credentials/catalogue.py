"""Kinds of credentials: who holds them, how their number is built, how long they hold, what depends on them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from houqin.core.catalogues.loading import Entry, area

AREA = "credentials"
Holder = Literal["person", "party", "lot", "place", "unit"]
Family = Literal["staff", "food", "goods", "equipment", "premises", "bus", "insurance"]


class Strict(BaseModel):
    """A part of a kind: nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Validity(Strict):
    """How long one holds from its issue, with the source of that figure; only an A figure refuses a longer one."""

    months: int = Field(gt=0)
    source: str
    clause: str = ""
    confidence: Literal["A", "A*", "B", "C"]


class Photo(Strict):
    """Why a photo of the paper is asked for; without a reason none is (PR-20)."""

    why_zh: str = Field(min_length=1)
    why_en: str = Field(min_length=1)


class Goods(Strict):
    """A paper of 索证索票: for which goods, and how long one showing lasts.

    Empty ``categories`` mean any goods; ``words`` narrow them to goods whose name holds one of them. Any one paper of a
    ``group`` will do for all of it. Only what is ``asked`` for makes an acceptance conditional when it is missing.
    """

    categories: list[str] = Field(default_factory=list)
    words: list[str] = Field(default_factory=list)
    per: Literal["supplier", "product", "batch"]
    group: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    asked: bool = False


class CredentialKind(Entry):
    """A licence, certificate, permit, insurance or inspection (R-051 … R-155).

    ``number`` names how its number is built (standards §18): food business licence, food production licence, social credit
    code; empty: as written. ``reminders`` are the days before its end at which it is brought to mind. ``verified``: a
    second person looks at it. ``personal`` numbers are covered. ``gate`` says what an expired one stops, A marks only:
    its holder's post, or the use of the equipment. ``stands_for`` names kinds in whose place it is accepted. Of ``several`` a holder may have more than one at a time; else
    one that ends later comes after the one before.
    """

    holders: list[Holder] = Field(min_length=1)
    family: Family
    number: Literal["", "jy", "sc", "uscc"] = ""
    validity: Validity | None = None
    reminders: list[int] = Field(default_factory=lambda: [60, 30, 7])
    verified: bool = True
    photo: Photo | None = None
    personal: bool = False
    gate: Literal["", "post", "use"] = ""
    post: str = Field(default="", description="who renews it; empty: the post above the one that asks for it")
    stands_for: list[str] = Field(default_factory=list)
    several: bool = False
    names: list[str] = Field(default_factory=list, description="other names that lists use for it")
    goods: Goods | None = None

    @model_validator(mode="after")
    def _only_law_stops(self) -> "CredentialKind":
        if self.confidence != "A" and (self.gate or (self.goods and self.goods.asked)):
            raise ValueError("only what the text of law asks for may stop anybody or make an acceptance conditional")
        if "person" in self.holders and not self.personal:
            raise ValueError("a person's certificate is personal")
        return self


area(AREA, CredentialKind)
