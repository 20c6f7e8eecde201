"""One box that finds everything: apps say how their things are found, the page only asks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from houqin.core.scope.viewer import Viewer

Text = str | Promise
SHORTEST = 2


@dataclass(frozen=True)
class Hit:
    """One thing found: its name, what tells it from its namesakes, and where it is."""

    label: Text
    detail: Text
    url: str


Finder = Callable[[Viewer, str, int], Iterable[Hit]]


@dataclass(frozen=True)
class Source:
    """One kind of thing that can be found, and the permission that its page needs."""

    kind: str
    label: Text
    permission: str
    find: Finder


_sources: dict[str, Source] = {}


def source(kind: str, label: Text, permission: str) -> Callable[[Finder], Finder]:
    """Register how one kind of thing is found."""

    def register(function: Finder) -> Finder:
        _sources[kind] = Source(kind, label, permission, function)
        return function

    return register


def find(viewer: Viewer, text: str, limit: int) -> list[tuple[Source, list[Hit]]]:
    """What every source that the viewer may ask found, kinds without a hit left out."""
    words = text.strip()
    if len(words) < SHORTEST:
        return []
    found = []
    for one in _sources.values():
        if viewer.may_anywhere(one.permission) and (hits := list(one.find(viewer, words, limit))):
            found.append((one, hits))
    return found
