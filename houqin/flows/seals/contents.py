"""How the content of a kind of sealed item is read back: the rooms above say it, the checks here use it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from houqin.core.orgs.models import OrgUnit
from houqin.flows.seals.rules import Header


class Problem(NamedTuple):
    """What a room finds about its own record: a column that disagrees with what was sealed, a photo that is not the one.

    ``kind`` is column, personal, personal_gone, photo or photo_gone; ``what`` names it.
    """

    kind: str
    what: str


@dataclass(frozen=True)
class Content:
    """The stored content of one sealed item, and what already disagrees with it or with the header."""

    item: UUID
    text: str
    problems: Sequence[Problem] = ()


Read = Callable[[OrgUnit, Sequence[Header]], Iterator[Content]]
Unsealed = Callable[[OrgUnit], Iterator[UUID]]


@dataclass(frozen=True)
class Kind:
    """``read`` gives what is stored of some items, in any order, none twice; ``unsealed`` items that no seal names."""

    code: str
    read: Read
    unsealed: Unsealed


KINDS: dict[str, Kind] = {}


def contents(kind: str, *, unsealed: Unsealed) -> Callable[[Read], Read]:
    """Say how the content of a kind is read."""

    def declare(read: Read) -> Read:
        KINDS[kind] = Kind(kind, read, unsealed)
        return read

    return declare
