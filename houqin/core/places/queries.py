"""What places are for, as the catalogue says it."""

from datetime import date
from functools import cache

from django.conf import settings
from django.utils.translation import get_language

from houqin.core.catalogues.loading import COMMON, newest_entries, read
from houqin.core.catalogues.models import CatalogueItem
from houqin.core.places.catalogue import AREA, PlaceUse
from houqin.core.places.rules import Plan

_typed_once: dict[tuple[str, str], PlaceUse] = {}


def uses_on(day: date) -> dict[str, PlaceUse]:
    """Every use in force on a day, by code; the files where none has been loaded. One query."""
    items = sorted(newest_entries(AREA, day), key=lambda item: item.pk)
    return {item.code: _typed(item) for item in items} if items else dict(_from_files())


def _typed(item: CatalogueItem) -> PlaceUse:
    key = (item.code, item.digest)
    if key not in _typed_once:
        common = {name: getattr(item, name) for name in COMMON}
        _typed_once[key] = PlaceUse.model_validate({**common, "code": item.code, **item.body})
    return _typed_once[key]


@cache
def _from_files() -> dict[str, PlaceUse]:
    return {entry.code: entry for _area, entry in read(settings.ROOT / "catalogues") if isinstance(entry, PlaceUse)}


def use_title(use: PlaceUse) -> str:
    """A use in the reader's language."""
    return use.title_zh if (get_language() or "").startswith("zh") else use.title_en


def plan_of(use: PlaceUse | None) -> Plan | None:
    """The service of a use; None when it has none."""
    service = use.service if use else None
    return Plan(service.at_months, service.then_months, service.scrap_months) if service else None
