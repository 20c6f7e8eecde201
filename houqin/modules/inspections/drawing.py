"""双随机: schools and inspectors drawn by lot, so that anybody can repeat it. Pure: the same seed and list give the same, everywhere.

Only SHA-256 and whole numbers: ``number(seed, words)`` is the digest of the seed and some words, read as a number of 256
bits. A school is taken ``wanted`` times from those left over in the order of their ids, each with as many lots as its weight; those that have waited too
long (``first``) are drawn before all others. Inspectors: whoever has fewest visits, then the smallest number. The stand-alone
``verify_draw.py`` does the same in its own words.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

RULE = "houqin-draw-1"
FEWEST = 2
"""So many inspect a school together, at least."""
BITS = 256


class CannotDraw(ValueError):
    """No draw can be made of this list; ``school`` is the id of the one for which there are too few inspectors."""

    def __init__(self, school: str) -> None:
        super().__init__(school)
        self.school = school


@dataclass(frozen=True)
class Candidate:
    """A school with its lots: ``why`` gives for each reason its count and the lots it brings; ``weight`` is their sum.

    ``met``: who inspected it in earlier rounds of cross-checks, and how often.
    """

    id: str
    name: str
    weight: int
    why: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    first: bool = False
    met: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Hand:
    """An inspector: ``of`` is the school they work at, ``not_at`` are the schools they never inspect."""

    id: str
    of: str = ""
    not_at: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing:
    """What is drawn from. Its text is published and hashed together with the seed. ``cross``: schools inspect one another."""

    campaign: str
    wanted: int
    per_visit: int
    schools: Sequence[Candidate]
    inspectors: Sequence[Hand]
    cross: bool = False
    rule: str = RULE

    @property
    def text(self) -> str:
        """The canonical text: schools and inspectors in the order of their ids."""
        held = asdict(self)
        held["schools"] = sorted(held["schools"], key=lambda one: str(one["id"]))
        held["inspectors"] = sorted(
            ({**one, "not_at": sorted(one["not_at"])} for one in held["inspectors"]), key=lambda one: str(one["id"])
        )
        return json.dumps(held, ensure_ascii=False, sort_keys=True, indent=1)

    @classmethod
    def read(cls, text: str) -> "Listing":
        """The list of a canonical text."""
        held = json.loads(text)
        schools = [
            Candidate(**{**one, "why": {code: (n, lots) for code, (n, lots) in one["why"].items()}})
            for one in held.pop("schools")
        ]
        inspectors = [Hand(**{**one, "not_at": tuple(one["not_at"])}) for one in held.pop("inspectors")]
        return cls(schools=schools, inspectors=inspectors, **held)


@dataclass(frozen=True)
class Taken:
    """A school that was drawn, who inspects it (the first leads), and in cross-checks from which school they come."""

    school: str
    inspectors: tuple[str, ...]
    checker: str = ""


def commitment_of(seed: str, text: str) -> str:
    """SHA-256 of seed and list: published before, it shows that neither was changed."""
    return hashlib.sha256(f"{seed}\n{text}".encode()).hexdigest()


def number(seed: str, *words: str) -> int:
    """A number of 256 bits that nobody who does not know the seed can know."""
    return int(hashlib.sha256("\n".join((seed, *words)).encode()).hexdigest(), 16)


def draw_of(seed: str, listing: Listing) -> list[Taken]:
    """Schools in the order drawn, each with its inspectors. Raises CannotDraw where there are too few inspectors."""
    duty = _Roster(seed, listing)
    if listing.cross:
        return [Taken(one, duty.take(one, checker), checker) for one, checker in pairs_of(seed, listing)]
    return [Taken(one, duty.take(one)) for one in schools_of(seed, listing.schools, listing.wanted)]


def schools_of(seed: str, schools: Iterable[Candidate], wanted: int) -> list[str]:
    """``wanted`` schools by lot, none twice; those of ``first`` before all others."""
    left = sorted(schools, key=lambda one: one.id)
    found: list[str] = []
    while left and len(found) < wanted:
        pool = [one for one in left if one.first] or left
        lot = number(seed, "school", str(len(found))) * sum(one.weight for one in pool) >> BITS
        for one in pool:
            lot -= one.weight
            if lot < 0:
                found.append(one.id)
                left.remove(one)
                break
    return found


def pairs_of(seed: str, listing: Listing) -> list[tuple[str, str]]:
    """Each school with the one that inspects it: never itself, pairs that have not met first, no two one another if it can be.

    All schools stand in a ring; the inspecting one stands so many places further on, the same for all in a round.
    """
    ring = sorted(listing.schools, key=lambda one: one.id)
    count = len(ring)
    eligible = {one.id: _staff(listing, one.id) for one in ring}
    best: tuple[tuple[int, bool, int], list[tuple[str, str]]] | None = None
    short = ""
    for step in range(1, count):
        pairs = [(one.id, ring[(place + step) % count].id) for place, one in enumerate(ring)]
        lacking = next(
            (who for who, by in pairs if sum(who not in hand.not_at for hand in eligible[by]) < listing.per_visit), ""
        )
        if lacking:
            short = short or lacking
            continue
        met = sum(one.met.get(by, 0) for one, (_who, by) in zip(ring, pairs, strict=True))
        rank = (met, count > 2 and 2 * step == count, number(seed, "step", str(step)))
        if best is None or rank < best[0]:
            best = (rank, pairs)
    if best is None:
        raise CannotDraw(short or (ring[0].id if ring else ""))
    return best[1]


def _staff(listing: Listing, school: str) -> list[Hand]:
    return [hand for hand in listing.inspectors if hand.of == school]


class _Roster:
    """Who inspects next: visits and leads are spread evenly, ties fall by lot."""

    def __init__(self, seed: str, listing: Listing) -> None:
        self.seed, self.listing = seed, listing
        self.visits: Counter[str] = Counter()
        self.leads: Counter[str] = Counter()

    def take(self, school: str, checker: str = "") -> tuple[str, ...]:
        """The inspectors of one school, the one who leads first."""
        hands = _staff(self.listing, checker) if checker else self.listing.inspectors
        fit = sorted(
            (hand.id for hand in hands if school not in hand.not_at),
            key=lambda one: (self.visits[one], number(self.seed, "inspector", school, one)),
        )
        chosen = fit[: self.listing.per_visit]
        if len(chosen) < max(FEWEST, self.listing.per_visit):
            raise CannotDraw(school)
        chosen.sort(key=lambda one: (self.leads[one], number(self.seed, "lead", school, one)))
        self.visits.update(chosen)
        self.leads[chosen[0]] += 1
        return tuple(chosen)
