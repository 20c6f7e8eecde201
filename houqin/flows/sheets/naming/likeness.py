"""Names that are known, and what a new name probably means."""

from __future__ import annotations

from dataclasses import dataclass

from houqin.lib.notes import Note


@dataclass(frozen=True)
class KnownName:
    """A name that is recorded already, and what it stands for."""

    name: str
    canonical: str
    goods: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Likeness:
    """`name` probably means `same_as`; `sure` ones are accepted unless someone objects, others are only shown."""

    name: str
    same_as: str
    sure: bool
    why: Note
