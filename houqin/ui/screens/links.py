"""Related rows, linked to their pages as far as the viewer may open them."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.utils.html import conditional_escape, format_html

from houqin.ui.screens.columns import Column, Day, Instant, Text, fields_along
from houqin.ui.screens.look import Look


class Link(Column):
    """A related row, linked to its page where the viewer may open it; ``to`` makes the address otherwise."""

    def __init__(
        self, name: str, label: Text | None = None, *, to: Callable[[Any], str] | None = None, **options: Any
    ) -> None:
        super().__init__(name, label, **options)
        self.to = to

    def html(self, row: Any, look: Look) -> str:
        text = self.text(row, look)
        url = self.address(row, look)
        return format_html('<a href="{}">{}</a>', url, text) if url else conditional_escape(text)

    def joins(self, model: type[Model]) -> list[str]:
        """Also the unit of the linked row, since it decides whether the link leads anywhere."""
        found = super().joins(model)
        along = fields_along(model, self.name)
        scope = getattr(along[-1].related_model, "SCOPE_PATH", "") if along and self.to is None else ""
        owner = str(scope).rpartition("__")[0]
        return [*found, f"{self.name}__{owner}"] if owner else found

    def address(self, row: Any, look: Look) -> str:
        """Where the link leads, empty when there is nowhere to go."""
        if self.to is not None:
            return self.to(row) or ""
        target = self.raw(row)
        return page_of(target, look) if target is not None else ""


Locator = Callable[[Any, Look], str]
LOCATORS: dict[type[Any], Locator] = {}


def page_of(row: Any, look: Look) -> str:
    """The page of any row that has a screen the viewer may use, else nothing."""
    locator = LOCATORS.get(type(row))
    return locator(row, look) if locator else ""


_BY_FIELD: dict[str, type[Column]] = {"DateField": Day, "DateTimeField": Instant}


def column_for(model: type[Model], name: str) -> Column:
    """The column that suits a field: days and moments as such, related rows as links, the rest as text."""
    along = fields_along(model, name)
    if not along:
        return Column(name)
    if along[-1].related_model is not None:
        return Link(name)
    return _BY_FIELD.get(along[-1].get_internal_type(), Column)(name)
