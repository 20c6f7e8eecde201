"""The kinds of credentials in force on a day, typed."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from django.conf import settings
from django.db.models import Case, CharField, Value, When
from django.utils.translation import get_language

from houqin.core.catalogues.loading import COMMON, newest_entries, read
from houqin.core.catalogues.models import CatalogueItem
from houqin.flows.credentials.catalogue import AREA, CredentialKind
from houqin.flows.credentials.rules import accepted_for
from houqin.lib.text import squeezed

_typed_once: dict[tuple[str, str], CredentialKind] = {}


def kinds_on(day: date) -> dict[str, CredentialKind]:
    """Every kind in force on a day, by code, in the catalogue's order; the files where none has been loaded. One query."""
    items = sorted(newest_entries(AREA, day), key=lambda item: item.pk)
    return {item.code: _typed(item) for item in items} if items else dict(_from_files())


def _typed(item: CatalogueItem) -> CredentialKind:
    key = (item.code, item.digest)
    if key not in _typed_once:
        common = {name: getattr(item, name) for name in COMMON}
        _typed_once[key] = CredentialKind.model_validate({**common, "code": item.code, **item.body})
    return _typed_once[key]


@cache
def _from_files() -> dict[str, CredentialKind]:
    return {
        entry.code: entry for _area, entry in read(settings.ROOT / "catalogues") if isinstance(entry, CredentialKind)
    }


def title(kind: CredentialKind) -> str:
    """A kind in the reader's language."""
    return kind.title_zh if (get_language() or "").startswith("zh") else kind.title_en


def titles(day: date) -> dict[str, str]:
    """The names of all kinds in the reader's language."""
    return {code: title(kind) for code, kind in kinds_on(day).items()}


def title_case(kinds: Mapping[str, CredentialKind]) -> Case:
    """The name of a row's kind, as an annotation."""
    named = [When(kind=code, then=Value(title(kind))) for code, kind in kinds.items()]
    return Case(*named, default="kind", output_field=CharField())


def good_for(kinds: Iterable[str], day: date) -> dict[str, frozenset[str]]:
    """For each kind asked for, the kinds that are accepted in its place, itself among them."""
    stands_for = {code: kind.stands_for for code, kind in kinds_on(day).items()}
    return {code: accepted_for(code, stands_for) for code in kinds}


def kind_called(text: str, day: date) -> CredentialKind | None:
    """The kind that a list names: by its title, another name of it, or its code."""
    plain = squeezed(text)
    for kind in kinds_on(day).values():
        if plain in {kind.code, squeezed(kind.title_zh), *(squeezed(name) for name in kind.names)}:
            return kind
    return None
