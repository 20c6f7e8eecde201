"""Progress of long work, for the page and the command line."""

from dataclasses import dataclass

from houqin.core.jobs.models import Progress


@dataclass(frozen=True)
class Step:
    """How far it is: ``done`` of ``total``."""

    done: int
    total: int
    message: str = ""

    @property
    def percent(self) -> int:
        """0–100."""
        return 100 * self.done // self.total if self.total else 0


def report(key: str, done: int, total: int, message: str = "") -> None:
    """Say how far the work under this key is."""
    Progress.objects.update_or_create(key=key, defaults={"done": done, "total": total, "message": message[:200]})


def read(key: str) -> Step | None:
    """How far the work under this key is, or None when it has not begun."""
    row = Progress.objects.filter(key=key).first()
    return Step(row.done, row.total, row.message) if row else None


def forget(key: str) -> None:
    """The work is over."""
    Progress.objects.filter(key=key).delete()
