"""What this thread is doing: the page or job, for whom, and what its queries cost. Read by the log and the figures."""

from contextvars import ContextVar, Token
from dataclasses import dataclass


@dataclass
class Work:
    """A request or a job. ``account`` is a public id, never a name."""

    view: str = ""
    account: str = ""
    job: str = ""
    job_id: str = ""
    queries: int = 0
    query_seconds: float = 0.0

    @property
    def place(self) -> str:
        """What it is called in figures: the view's or the job's name, of which there are as many as the program has."""
        return self.view or self.job or "other"


_current: ContextVar[Work | None] = ContextVar("houqin_work", default=None)


def current() -> Work:
    """The work of this thread; an empty one outside requests and jobs."""
    return _current.get() or Work()


def begin(work: Work) -> Token[Work | None]:
    """From here on queries and log lines are those of this work."""
    return _current.set(work)


def end(token: Token[Work | None]) -> None:
    """It is over."""
    _current.reset(token)
