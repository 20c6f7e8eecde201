"""The canteen's catalogue of foods: what a name usually means. Papers of suppliers are kinds of credentials."""

from pydantic import Field, model_validator

from houqin.core.catalogues.loading import Entry, area
from houqin.modules.canteen.models import Category

AREA = "foods"


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


area(AREA, FoodEntry)
