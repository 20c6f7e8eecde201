"""Which lots a meal's goods come from: first produced first, what may not be used left out. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, TypeVar


class Bar(StrEnum):
    """Why goods in store may not go to the pot."""

    FROZEN = "frozen"
    EXPIRED = "expired"
    UNSIGNED = "unsigned"


class Goods(Protocol):
    """What is asked of a lot; read-only."""

    @property
    def pk(self) -> Any: ...
    @property
    def received_on(self) -> date: ...
    @property
    def produced_on(self) -> date | None: ...
    @property
    def expires_on(self) -> date | None: ...
    @property
    def is_frozen(self) -> bool: ...


G = TypeVar("G", bound=Goods)


def first_produced(lots: Iterable[G]) -> list[G]:
    """The oldest produced first; an unknown production day counts from the day of receipt."""
    return sorted(lots, key=lambda lot: (lot.produced_on or lot.received_on, lot.received_on, lot.pk))


def bar_of(lot: Goods, day: date, unsigned: Collection[Any] = ()) -> Bar | None:
    """Why the lot may not be used on a day; None when it may."""
    if lot.is_frozen:
        return Bar.FROZEN
    if lot.expires_on is not None and lot.expires_on < day:
        return Bar.EXPIRED
    return Bar.UNSIGNED if lot.pk in unsigned else None


def split(lots: Sequence[G], grams: int, left: Mapping[Any, int]) -> list[tuple[G, int]]:
    """Take from the lots in turn, from each no more than is left of it. What cannot be had is missing from the answer."""
    parts = []
    for lot in lots:
        part = min(grams, left[lot.pk])
        if part > 0:
            parts.append((lot, part))
            grams -= part
    return parts
