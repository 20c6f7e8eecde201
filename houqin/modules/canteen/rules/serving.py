"""The rules of cooking, serving and samples (standards §1.2, §1.3). Pure: figures in, decision out.

Temperatures are tenths of a degree Celsius, weights grams. All of these figures are A* or B: they warn, they never block.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

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
