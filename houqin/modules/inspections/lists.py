"""The checklists and frameworks in force, and a checklist in the version by which a visit looked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.utils.translation import get_language

from houqin.core.catalogues.loading import COMMON, Entry, newest_entries
from houqin.core.catalogues.models import CatalogueItem
from houqin.core.scope.refusals import NotVisible
from houqin.modules.inspections.catalogue import AREA, FRAMEWORKS, ROUNDS, Checklist, Framework, Round

T = TypeVar("T", bound=Entry)


@dataclass(frozen=True)
class Held:
    """A checklist in one version."""

    checklist: Checklist
    version: int

    def __str__(self) -> str:
        return self.checklist.title(get_language() or "")


def lists_on(day: date) -> dict[str, Held]:
    """Every checklist in force on a day, by code, in the order of the files. One query."""
    items = sorted(newest_entries(AREA, day), key=lambda item: item.pk)
    return {item.code: Held(_typed(item, Checklist), item.version) for item in items}


def list_on(code: str, day: date) -> Held:
    """The checklist in force on a day; NotVisible (404) when there is none of this code."""
    found = lists_on(day).get(code)
    if found is None:
        raise NotVisible
    return found


def list_as(code: str, version: int) -> Checklist:
    """The checklist in the version by which a visit looked."""
    item = CatalogueItem.objects.filter(area=AREA, code=code, version=version).first()
    if item is None:
        raise NotVisible
    return _typed(item, Checklist)


def frameworks_on(day: date) -> Mapping[str, Framework]:
    """Every framework in force on a day, by code, in the order of the files. One query."""
    items = sorted(newest_entries(FRAMEWORKS, day), key=lambda item: item.pk)
    return {item.code: _typed(item, Framework) for item in items}


def rounds_on(day: date) -> dict[str, Round]:
    """The rounds that the catalogue proposes, by the use of the place. One query."""
    return {item.code: _typed(item, Round) for item in newest_entries(ROUNDS, day)}


_typed_once: dict[tuple[str, str, str], Entry] = {}


def _typed(item: CatalogueItem, schema: type[T]) -> T:
    """An entry as its schema says; typed once for each content."""
    key = (item.area, item.code, item.digest)
    if key not in _typed_once:
        common = {name: getattr(item, name) for name in COMMON}
        _typed_once[key] = schema.model_validate({**common, "code": item.code, **item.body})
    return _typed_once[key]  # type: ignore[return-value]
