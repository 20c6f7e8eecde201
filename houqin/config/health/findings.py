"""A finding of the doctor and the order of examination."""

from collections.abc import Callable, Iterator
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


Check = Callable[[], Iterator[Finding]]


def examine() -> list[Finding]:
    """All checks in order; those that read tables only when the database answers and is up to date."""
    from houqin.config.health import databases, running, serving

    findings = [*serving.examine(), *databases.examine()]
    if not any(f.check in {"database", "migrations"} and f.level == "mend" for f in findings):
        findings += running.examine()
    return findings
