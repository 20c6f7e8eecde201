"""From YAML to entries: checked by the area's schema, versioned, idempotent; a removed entry is closed, not deleted."""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from houqin.core.audit.trail import record, titled, verb
from houqin.core.catalogues.citing import cited
from houqin.core.catalogues.models import CatalogueItem
from houqin.core.scope.remembering import remembered
from houqin.core.scope.viewer import Viewer

titled({"catalogues.loaded": _("Catalogue loaded")})


class Entry(BaseModel):
    """What every entry states, whatever its area."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title_zh: str
    title_en: str
    source: str
    clause: str = ""
    confidence: str = Field(pattern=r"^(A|A\*|B|C)$")
    region: str = ""
    effective_from: date = date(2000, 1, 1)
    effective_to: date | None = None

    @property
    def basis(self) -> str:
        """The document and its clause."""
        return cited(self.source, self.clause)


SCHEMAS: dict[str, type[Entry]] = {}
# libyaml where PyYAML was built with it: ten times as fast.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
COMMON = frozenset(Entry.model_fields)


class CatalogueError(Exception):
    """A catalogue file does not meet its schema; the message names file and entry."""


AFTER_LOADING: list[Callable[[Viewer], Any]] = []


def after_loading(step: Callable[[Viewer], Any]) -> Callable[[Viewer], Any]:
    """Register what rows take over from entries that have just been loaded; it must be safe to run at every start."""
    AFTER_LOADING.append(step)
    return step


def area(name: str, schema: type[Entry]) -> None:
    """Declare the schema of an area."""
    SCHEMAS[name] = schema


def read(root: Path, only: str = "*") -> Iterator[tuple[str, Entry]]:
    """Every entry of ``catalogues/<area>/*.yaml``, checked; ``only`` one area."""
    for path in sorted(root.glob(f"{only}/*.yaml")):
        schema = SCHEMAS.get(path.parent.name)
        if schema is None:
            raise CatalogueError(f"{path}: no app declares the area {path.parent.name}")
        for raw in yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER):  # noqa: S506 - safe, either one
            try:
                yield path.parent.name, schema.model_validate(raw)
            except ValidationError as error:
                raise CatalogueError(f"{path}, {raw.get('code')}: {error}") from error


def _digest(entry: Entry) -> str:
    content = json.dumps(entry.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def _columns(entry: Entry) -> dict[str, Any]:
    values = entry.model_dump()
    body = {key: value for key, value in entry.model_dump(mode="json").items() if key not in COMMON}
    return {name: values[name] for name in COMMON if name != "code"} | {"body": body}


@verb
def load_catalogues(*, by: Viewer, root: Path | None = None) -> dict[str, int]:
    """Bring the entries in step with the files. Returns counts: added, changed, closed."""
    newest: dict[tuple[str, str], CatalogueItem] = {}
    for item in CatalogueItem.objects.order_by("version"):
        newest[item.area, item.code] = item
    counts = {"added": 0, "changed": 0, "closed": 0}
    seen, made = set(), []
    for name, entry in read(root or settings.ROOT / "catalogues"):
        key, digest = (name, entry.code), _digest(entry)
        seen.add(key)
        known = newest.get(key)
        if known and known.digest == digest and known.effective_to == entry.effective_to:
            continue
        version = known.version + 1 if known else 1
        made.append(CatalogueItem(area=name, code=entry.code, version=version, digest=digest, **_columns(entry)))
        counts["changed" if known else "added"] += 1
    CatalogueItem.objects.bulk_create(made)
    for key, item in newest.items():
        if key not in seen and item.effective_to is None:
            open_ones = CatalogueItem.objects.filter(area=item.area, code=item.code, effective_to__isnull=True)
            open_ones.update(effective_to=by.today)
            counts["closed"] += 1
    if any(counts.values()):
        record("catalogues.loaded", None, by=by, org=None, **counts)
    for step in AFTER_LOADING:
        step(by)
    return counts


def entry(area_name: str, code: str, on: date) -> CatalogueItem | None:
    """The newest version of an entry that holds on a day."""
    found: CatalogueItem | None = (
        CatalogueItem.objects.in_force(area_name, on).filter(code=code).order_by("-version").first()
    )
    return found


@remembered
def newest_entries(area_name: str, on: date) -> list[CatalogueItem]:
    """The newest version of every entry of an area that holds on a day, by code."""
    newest: dict[str, CatalogueItem] = {}
    for item in CatalogueItem.objects.in_force(area_name, on).order_by("code", "version"):
        newest[item.code] = item
    return list(newest.values())
