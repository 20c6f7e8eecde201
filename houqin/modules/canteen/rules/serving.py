"""The rules of cooking, serving and samples (standards §1.2, §1.3). Pure: figures in, decision out.

Temperatures are tenths of a degree Celsius, weights grams. All of these figures are A* or B: they warn, they never block.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from houqin.lib.notes import Note
from houqin.lib.notes import mark as _

COLDEST, HOTTEST = -300, 1200  # tenths; food outside of these was not measured but mistyped
REFRIGERATOR = (0, 80)  # FS-34: 0–8 °C
MOST_GRAMS = 5000  # no box holds more; a larger number is grams mistaken for another unit
SHORTEST = timedelta(hours=48)  # FS-32


def is_temperature(tenths: int) -> bool:
    """Whether food can be that warm."""
    return COLDEST <= tenths <= HOTTEST


def is_cooked_through(tenths: int, least: int) -> bool:
    """Whether the core was hot enough (FS-40)."""
    return tenths >= least


def degrees(tenths: int) -> str:
    """Tenths as people say them: ``72.5``."""
    return f"{tenths / 10:.1f}"


def to_be_eaten_by(hot_at: datetime, within_minutes: int) -> datetime:
    """Until when a dish that was hot at this moment is eaten (FS-42)."""
    return hot_at + timedelta(minutes=within_minutes)


def eaten_late(hot_at: Mapping[str, datetime], until: datetime, within_minutes: int) -> list[str]:
    """Dishes that stood too long between their last core temperature and this moment."""
    return [dish for dish, at in hot_at.items() if to_be_eaten_by(at, within_minutes) < until]


def keep_until(taken_at: datetime, hours: int) -> datetime:
    """The earliest moment at which a sample may go (FS-36): never before 48 hours, whatever is set."""
    return taken_at + max(SHORTEST, timedelta(hours=hours))


def sample_warnings(grams: int, least: int, refrigerator: int | None = None) -> Iterator[Note]:
    """What is not as it should be about a sample that is kept all the same."""
    if grams < least:
        text = _("%(grams)s g is less than the %(least)s g that are asked for.")
        yield Note("sample-too-small", text, {"grams": grams, "least": least})
    if refrigerator is not None and not REFRIGERATOR[0] <= refrigerator <= REFRIGERATOR[1]:
        text = _("The refrigerator is at %(degrees)s °C, not between 0 and 8 °C.")
        yield Note("sample-too-warm", text, {"degrees": degrees(refrigerator)})


class Step(StrEnum):
    """What is done for a meal, in the order in which it comes."""

    ISSUE = "issue"
    CHECK = "check"
    SAMPLE = "sample"
    BEGIN = "begin"
    END = "end"


@dataclass(frozen=True)
class Progress:
    """How far a meal has come. ``cores`` tells of each dish measured whether its last core temperature was in order.

    ``uncooked`` are dishes that go to the table as they were bought.
    """

    dishes: tuple[str, ...]
    is_issued: bool = False
    cores: Mapping[str, bool] = field(default_factory=dict)
    is_tasted: bool = False
    sampled: Collection[str] = ()
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    uncooked: Collection[str] = ()

    @property
    def unmeasured(self) -> list[str]:
        """Dishes whose core nobody has measured."""
        return [dish for dish in self.dishes if dish not in self.cores and dish not in self.uncooked]

    @property
    def not_through(self) -> list[str]:
        """Dishes to be cooked on and measured again."""
        return [dish for dish in self.dishes if self.cores.get(dish) is False]

    @property
    def missing_samples(self) -> list[str]:
        """Dishes of which no sample is kept."""
        return [dish for dish in self.dishes if dish not in self.sampled]

    def is_done(self, step: Step) -> bool:
        """Whether nothing is left of a step."""
        return {
            Step.ISSUE: self.is_issued,
            Step.CHECK: not self.unmeasured and not self.not_through and self.is_tasted,
            Step.SAMPLE: not self.missing_samples,
            Step.BEGIN: self.begun_at is not None,
            Step.END: self.ended_at is not None,
        }[step]

    def next_of(self, steps: Collection[Step]) -> Step | None:
        """The first of these steps that is not done; None when all are, or when nothing is cooked."""
        return next((step for step in Step if step in steps and not self.is_done(step)), None) if self.dishes else None
