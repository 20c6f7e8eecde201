"""When a deed was done that a phone kept while it had no network. Pure: moments in, moment out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WAITED = timedelta(minutes=2)
"""What was sent sooner counts as done when it arrived."""
LONGEST_WAIT = timedelta(days=14)
"""What waited longer counts as done when it arrived: nobody can tell any more what the phone's clock did meanwhile."""
TOLERANCE = timedelta(minutes=5)
"""A clock that is wrong by no more than this counts as right."""


@dataclass(frozen=True)
class Capture:
    """When a deed was done (None: just now), and by how much the phone's clock is ahead (zero: it is right)."""

    at: datetime | None = None
    clock_off: timedelta = timedelta()


def capture(captured: datetime, clock: datetime, now: datetime) -> Capture:
    """The true time of a deed from the phone's clock at the deed, the phone's clock at sending, and ours at arrival.

    Only what passed between the phone's two times counts, so a clock that is days off tells the right moment. A
    moment in the future is impossible: a phone whose clock went backwards in between counts as having just done it.
    """
    waited, off = clock - captured, clock - now
    return Capture(
        at=now - waited if WAITED < waited <= LONGEST_WAIT else None,
        clock_off=off if abs(off) > TOLERANCE else timedelta(),
    )
