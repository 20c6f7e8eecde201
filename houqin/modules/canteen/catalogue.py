"""The canteen's catalogues: what a food's name usually means, and which papers a supplier shows with it."""

from typing import Literal

from pydantic import Field, model_validator

from houqin.core.catalogues.loading import Entry, area
from houqin.modules.canteen.models import Category

AREA = "foods"
CERTIFICATES = "certificates"


class FoodEntry(Entry):
    """A food under its usual name, with other names for the same thing. Only a proposal: people decide."""

    category: Category
    shelf_life_days: int | None = Field(default=None, gt=0)
    synonyms: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _names_once(self) -> "FoodEntry":
        names = [self.title_zh, *self.synonyms]
        if len(set(names)) < len(names):
            raise ValueError("a name stands twice")
        return self


class CertificateEntry(Entry):
    """A paper of 索证索票: for which goods, and how long one showing lasts.

    Empty ``categories`` mean any goods; ``words`` narrow them to goods whose name holds one of them. Any one paper of a
    ``group`` will do for all of it. Only what is ``asked`` for makes an acceptance conditional when it is missing.
    """

    categories: list[Category] = Field(default_factory=list)
    words: list[str] = Field(default_factory=list)
    per: Literal["supplier", "product", "batch"]
    group: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    asked: bool = False

    @model_validator(mode="after")
    def _only_law_asks(self) -> "CertificateEntry":
        if self.asked and self.confidence != "A":
            raise ValueError("only what the text of law asks for may make an acceptance conditional")
        return self


area(AREA, FoodEntry)
area(CERTIFICATES, CertificateEntry)
