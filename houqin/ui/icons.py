"""Tabler's outline icons, drawn into the page so that no font and no second request is needed."""

import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.safestring import SafeString

_ATTRIBUTES = re.compile(r"<svg\b[^>]*>", re.S)
_COMMENTS = re.compile(r"<!--.*?-->", re.S)
_OPEN = (
    '<svg class="icon" aria-hidden="true" focusable="false" viewBox="0 0 24 24" fill="none" '
    'stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">'
)
_UNKNOWN = f'{_OPEN}<circle cx="12" cy="12" r="8"/></svg>'


def _file(name: str) -> Path | None:
    """Where the drawing lies: in the sources while developing, among the collected files when served."""
    relative = f"vendor/icons/{name}.svg"
    found = finders.find(relative)
    if isinstance(found, str):
        return Path(found)
    location = getattr(staticfiles_storage, "location", None)
    collected = Path(location) / relative if location else None
    return collected if collected and collected.is_file() else None


@cache
def svg(name: str) -> SafeString:
    """The drawing itself, decoration only: the word beside it carries the meaning."""
    path = _file(name)
    if path is None:
        return SafeString(_UNKNOWN)
    drawing = _COMMENTS.sub("", path.read_text(encoding="utf-8"))
    return SafeString(re.sub(r">\s+<", "><", _ATTRIBUTES.sub(_OPEN, drawing, count=1)).strip())
