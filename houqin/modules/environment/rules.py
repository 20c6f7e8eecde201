"""Waste a pupil and day, the share removed the same day, places that toilets need, points of a goal. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil

KINDS = ("recyclable", "hazardous", "food", "other")
"""The four kinds of waste (WA-01), as the ledger calls them."""


@dataclass
class Waste:
    """What was weighed in some days: grams by kind, on how many days of a kind it was there, on how many it stayed.

    ``pupil_days`` are the pupils on the roll, summed over the days that were written; ``income_fen`` what was sold.
    """

    grams: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    days: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    left: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    written: int = 0
    pupil_days: int = 0
    income_fen: int = 0

    def add(self, grams: Mapping[str, int], left: Collection[str], pupils: int, income_fen: int = 0) -> None:
        """One more day of one school. A kind of which there was nothing and nothing stayed counts no day."""
        self.written += 1
        self.pupil_days += pupils
        self.income_fen += income_fen
        for kind in KINDS:
            self.grams[kind] += grams.get(kind, 0)
            if grams.get(kind, 0) or kind in left:
                self.days[kind] += 1
                self.left[kind] += kind in left

    def join(self, other: "Waste") -> None:
        """Take another school's figures in."""
        for mine, theirs in ((self.grams, other.grams), (self.days, other.days), (self.left, other.left)):
            for kind in KINDS:
                mine[kind] += theirs[kind]
        self.written += other.written
        self.pupil_days += other.pupil_days
        self.income_fen += other.income_fen

    @property
    def total_grams(self) -> int:
        """All four kinds."""
        return sum(self.grams.values())

    @property
    def all_days(self) -> int:
        """Days of a kind: how many times a kind had to be removed."""
        return sum(self.days.values())

    @property
    def removed(self) -> int:
        """How many times it was removed the same day."""
        return self.all_days - sum(self.left.values())

    def grams_each(self, kind: str = "") -> Decimal | None:
        """Grams a pupil and day, of one kind or of all; None where nobody was on the roll."""
        grams = self.grams[kind] if kind else self.total_grams
        return Decimal(grams) / self.pupil_days if self.pupil_days else None


BOYS_A_SQUAT, BOYS_A_URINAL, GIRLS_A_SQUAT, PUPILS_A_BASIN = 40, 20, 13, 45
"""GB 50099-2011, 6.2.8 (A*): at least one squat for 40 boys and one for 13 girls, a urinal for 20 boys, a basin for 40–45 pupils."""


@dataclass(frozen=True)
class Places:
    """Squats, urinals and basins: as they are, or as they must be at least."""

    boys_squats: int = 0
    boys_urinals: int = 0
    girls_squats: int = 0
    basins: int = 0


def needed(boys: int, girls: int) -> Places:
    """What so many pupils need at least: the number divided by the ratio, rounded up (WC-14)."""
    return Places(
        ceil(boys / BOYS_A_SQUAT),
        ceil(boys / BOYS_A_URINAL),
        ceil(girls / GIRLS_A_SQUAT),
        ceil((boys + girls) / PUPILS_A_BASIN),
    )


def points(most: int, part: int, whole: int) -> Decimal | None:
    """Points of so many for a share, never more than all; one decimal. None: nothing to count."""
    if whole <= 0:
        return None
    return (Decimal(most) * min(part, whole) / whole).quantize(Decimal("0.1"))
