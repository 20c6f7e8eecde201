"""Who ate what and fell ill: attack rates, relative risk with its 95 % interval, and how easily chance would do the same.

A table of two by two for each dish. With *a* ill who ate it, *b* well who ate it, *c* ill and *d* well who did not:

    attack rate of those who ate = a / (a + b), of those who did not = c / (c + d)
    relative risk = their quotient; interval = exp(ln RR ± 1.96 · √(1/a − 1/(a+b) + 1/c − 1/(c+d)))  (Katz et al. 1978)

A cell that is zero makes the quotient 0 or without bounds; the interval is then reckoned with half a person added to each
cell. The probability of so uneven a table by chance is Fisher's exact one, of both sides, where a cell would be expected to
hold fewer than five (Cochran), else that of Pearson's χ² with one degree of freedom.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import comb, erfc, exp, log, sqrt

Z95 = 1.959963984540054
FEW = 5  # expected in a cell: below, Fisher's exact probability; ill altogether: below, numbers say little
CHANCE = 0.05


@dataclass(frozen=True)
class Cells:
    """Of one dish: who ate it and who did not, ill and well. Those who were not asked are in no cell."""

    ill_ate: int
    well_ate: int
    ill_not: int
    well_not: int

    def __post_init__(self) -> None:
        if min(self.ill_ate, self.well_ate, self.ill_not, self.well_not) < 0:
            raise ValueError("nobody can be counted less than not at all")

    @property
    def ate(self) -> int:
        """Those asked who ate it."""
        return self.ill_ate + self.well_ate

    @property
    def did_not(self) -> int:
        """Those asked who did not."""
        return self.ill_not + self.well_not

    @property
    def ill(self) -> int:
        """The ill who were asked."""
        return self.ill_ate + self.ill_not

    @property
    def asked(self) -> int:
        """Everybody who was asked."""
        return self.ate + self.did_not

    @property
    def compares(self) -> bool:
        """Whether both groups hold somebody: what everybody ate, or nobody, can be neither accused nor cleared."""
        return self.ate > 0 and self.did_not > 0

    @property
    def least_expected(self) -> float:
        """The smallest count that chance alone would lead to expect in a cell."""
        if not self.asked:
            return 0.0
        return min(self.ate, self.did_not) * min(self.ill, self.asked - self.ill) / self.asked

    @property
    def is_small(self) -> bool:
        """Whether the numbers are so small that one person more would change the picture."""
        return self.least_expected < FEW or self.ill < FEW


def rate(ill: int, all_of_them: int) -> float | None:
    """Attack rate, 0 to 1; None of nobody."""
    return ill / all_of_them if all_of_them else None


def relative_risk(cells: Cells) -> float | None:
    """How many times as often those who ate it fell ill; infinite where only they did, None where nothing compares."""
    if not cells.compares or not cells.ill:
        return None
    if not cells.ill_not:
        return float("inf")
    return (cells.ill_ate / cells.ate) / (cells.ill_not / cells.did_not)


def interval(cells: Cells) -> tuple[float, float] | None:
    """Within which the relative risk lies with 95 %, by the logarithm; None where nothing compares."""
    if not cells.compares or not cells.ill:
        return None
    a, b, c, d = (float(n) for n in (cells.ill_ate, cells.well_ate, cells.ill_not, cells.well_not))
    if not (a and c):
        a, b, c, d = a + 0.5, b + 0.5, c + 0.5, d + 0.5
    middle = log((a / (a + b)) / (c / (c + d)))
    wide = Z95 * sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
    return exp(middle - wide), exp(middle + wide)


def fisher(cells: Cells) -> float:
    """The exact probability, by chance, of this table or one as unlikely, with the same sums. Whole numbers throughout."""
    ate, did_not, ill = cells.ate, cells.did_not, cells.ill

    def ways(ill_ate: int) -> int:
        return comb(ate, ill_ate) * comb(did_not, ill - ill_ate)

    here = ways(cells.ill_ate)
    least, most = max(0, ill - did_not), min(ill, ate)
    rare = sum(count for count in map(ways, range(least, most + 1)) if count <= here)
    return rare / comb(cells.asked, ill)


def chi_square(cells: Cells) -> float:
    """Pearson's probability with one degree of freedom, without correction; 1 where a sum is nothing."""
    a, b, c, d = cells.ill_ate, cells.well_ate, cells.ill_not, cells.well_not
    sums = (a + b) * (c + d) * (a + c) * (b + d)
    if not sums:
        return 1.0
    return erfc(sqrt(cells.asked * (a * d - b * c) ** 2 / sums / 2))


def by_chance(cells: Cells) -> float:
    """How likely chance would do as much: exact where a cell is expected to hold few."""
    return fisher(cells) if cells.least_expected < FEW else chi_square(cells)


@dataclass(frozen=True)
class Finding:
    """A dish with all that is reckoned of it."""

    dish: str
    cells: Cells
    risk: float | None
    bounds: tuple[float, float] | None
    chance: float

    @property
    def accuses(self) -> bool:
        """Whether those who ate it fell ill more often, and chance hardly does so."""
        return self.risk is not None and self.risk > 1 and self.chance < CHANCE

    @property
    def ill_who_ate(self) -> float | None:
        """The share of the ill who ate it: a guilty dish explains most of them."""
        return rate(self.cells.ill_ate, self.cells.ill)


def judged(dish: str, cells: Cells) -> Finding:
    """All figures of a dish."""
    return Finding(dish, cells, relative_risk(cells), interval(cells), by_chance(cells))


def ranked(tables: Iterable[tuple[str, Cells]]) -> list[Finding]:
    """The dishes, the most suspicious first: by the lower end of the interval, then by how many of the ill it explains."""
    found = [judged(dish, cells) for dish, cells in tables]
    return sorted(found, key=lambda one: (-(one.bounds[0] if one.bounds else 0.0), -(one.ill_who_ate or 0.0), one.dish))


def points_at(found: Iterable[Finding]) -> list[Finding]:
    """The dish that the figures point at; several where the same people ate them, so that figures cannot tell them apart."""
    guilty = [one for one in found if one.accuses]
    return [one for one in guilty if one.cells == guilty[0].cells]
