"""Declaring jobs and periodic jobs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django_tasks import task


@dataclass(frozen=True)
class Periodic:
    """A job that runs once in each slot of time."""

    name: str
    every: timedelta
    task: Any


JOBS: dict[str, Any] = {}
PERIODIC: dict[str, Periodic] = {}


def job(label: Any, *, queue: str = "default", priority: int = 0) -> Callable[[Callable[..., Any]], Any]:
    """Make a function a job: ``f.enqueue(**kwargs)`` in a verb runs it after that verb has committed.

    The function takes JSON values by keyword and must be safe to run twice.
    """

    def declare(function: Callable[..., Any]) -> Any:
        made = task(queue_name=queue, priority=priority)(function)
        JOBS[made.module_path] = label
        return made

    return declare


def periodic(name: str, *, every: timedelta) -> Callable[[Any], Any]:
    """Enqueue a job (that takes no arguments) once in every slot."""

    def declare(made: Any) -> Any:
        PERIODIC[name] = Periodic(name, every, made)
        return made

    return declare
