"""Which papers goods need (standards §1.7). Pure."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class PaperKind:
    """One paper of the catalogue. Any one of a ``group`` will do; only those ``asked`` for can be missing."""

    code: str
    group: str
    per: str
    categories: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    asked: bool = False

    def concerns(self, category: str, name: str) -> bool:
        """Whether it is a paper of these goods."""
        fits = not self.categories or category in self.categories
        return fits and (not self.words or any(word in name for word in self.words))


def asked_for(kinds: Iterable[PaperKind], category: str, name: str) -> Iterator[PaperKind]:
    """The papers that these goods need, one of each group: the first that the catalogue names."""
    seen: set[str] = set()
    for kind in kinds:
        if kind.asked and kind.group not in seen and kind.concerns(category, name):
            seen.add(kind.group)
            yield kind


def missing(kinds: Collection[PaperKind], category: str, name: str, held: Collection[str]) -> list[PaperKind]:
    """The papers that these goods need and that nobody showed; ``held`` are codes."""
    groups = {kind.group for kind in kinds if kind.code in held}
    return [kind for kind in asked_for(kinds, category, name) if kind.group not in groups]
