"""A finding of the doctor."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["fine", "note", "mend"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at: fine, worth knowing, or to be mended, and how."""

    check: str
    level: Level
    message: str
    mend: str = ""
