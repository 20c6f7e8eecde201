"""What a food's name usually means: its category, how long it keeps, and other names for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.conf import settings
from django.utils import timezone

from houqin.core.catalogues.loading import newest_entries, read
from houqin.modules.canteen.catalogue import AREA, FoodEntry


@dataclass(frozen=True)
class Food:
    """A common food."""

    code: str
    name: str
    category: str
    shelf_life_days: int | None
    synonyms: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, the usual one first."""
        return (self.name, *self.synonyms)


def foods(on: date | None = None) -> tuple[Food, ...]:
    """The foods of the loaded catalogue, or of its files where none has been loaded yet."""
    items = newest_entries(AREA, on or timezone.localdate())
    if not items:
        return _from_files()
    return tuple(
        Food(
            item.code,
            item.title_zh,
            item.value("category"),
            item.value("shelf_life_days"),
            tuple(item.value("synonyms")),
        )
        for item in items
    )


@cache
def _from_files() -> tuple[Food, ...]:
    root = settings.ROOT / "catalogues"
    return tuple(
        Food(entry.code, entry.title_zh, str(entry.category), entry.shelf_life_days, tuple(entry.synonyms))
        for _name, entry in read(root)
        if isinstance(entry, FoodEntry)
    )


def foods_by_name() -> Mapping[str, Food]:
    """Each name → the food it usually means."""
    return {name: food for food in foods() for name in food.names}


def food_named(name: str) -> Food | None:
    """The common food of this name."""
    return foods_by_name().get(name)


def synonym_groups() -> tuple[tuple[str, ...], ...]:
    """Names that usually mean one food, the usual one first: for proposing merges, never for deciding them."""
    return tuple(food.names for food in foods() if food.synonyms)
