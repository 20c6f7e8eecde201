"""Pages that a phone keeps for the time without network: every floor names its own."""

from collections.abc import Callable, Iterable

from django.urls import reverse

from houqin.core.scope.viewer import Viewer

Source = Callable[[Viewer], Iterable[str]]
_sources: list[Source] = []


def kept_pages(function: Source) -> Source:
    """Register a function that names the addresses of entry forms that this viewer needs without network today."""
    _sources.append(function)
    return function


def pages_for(viewer: Viewer) -> list[str]:
    """All addresses that the viewer's phone keeps: Today, what waits, and what the floors above name."""
    shell = [reverse("ui:home"), reverse("ui:waiting"), reverse("ui:offline")]
    named = [address for function in _sources for address in function(viewer)]
    return list(dict.fromkeys([*shell, *named]))
