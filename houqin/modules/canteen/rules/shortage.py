"""What runs short in the days to come: needs in the order of their days, met from lots that still keep on that day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from houqin.modules.canteen.rules.issuing import Goods, bar_of, first_produced, split


@dataclass(frozen=True)
class Need:
    """Grams of a product group for one meal; ``key`` tells the meals apart."""

    day: date
    key: Any
    group: int
    grams: int


@dataclass(frozen=True)
class Short:
    """What a need lacks."""

    need: Need
    grams: int


def run_short(
    needs: Iterable[Need], lots: Mapping[int, Sequence[Goods]], left: Mapping[Any, int], coming: Mapping[int, int]
) -> list[Short]:
    """The needs that cannot be met, each with what it lacks; what an earlier meal takes is gone for the later ones.

    ``left`` says how much there is of each lot, ``coming`` what is under way of each group; it is used when the lots are not
    enough.
    """
    remaining, expected = dict(left), dict(coming)
    found = []
    for need in needs:
        usable = [lot for lot in first_produced(lots.get(need.group, ())) if bar_of(lot, need.day) is None]
        open_grams = need.grams
        for lot, grams in split(usable, need.grams, remaining):
            remaining[lot.pk] -= grams
            open_grams -= grams
        under_way = min(open_grams, expected.get(need.group, 0))
        expected[need.group] = expected.get(need.group, 0) - under_way
        if open_grams > under_way:
            found.append(Short(need, open_grams - under_way))
    return found
