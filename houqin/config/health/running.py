"""What runs and what is in the database: the job worker, jobs that failed, demo data."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from houqin.config.health.findings import Finding

LONG_WAIT = timedelta(minutes=10)


def examine() -> Iterator[Finding]:
    """All that is read from the tables."""
    yield from _worker()
    yield from _jobs()
    yield from _demo()


def _worker() -> Iterator[Finding]:
    from houqin.core.jobs.models import Worker

    alive = Worker.objects.alive().count()
    if alive:
        yield Finding("worker", "fine", _("%d job workers are at work.") % alive)
    else:
        yield Finding(
            "worker", "mend", _("No job worker gives a sign of life: imports, notices and reminders wait."),
            _("Run: houqin serve (it starts one), or houqin worker."),
        )  # fmt: skip


def _jobs() -> Iterator[Finding]:
    from django_tasks import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    now = timezone.now()
    week = now - timedelta(days=7)
    failed = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, finished_at__gte=week).count()
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=now - LONG_WAIT).count()
    if failed:
        yield Finding(
            "jobs",
            "note",
            _("%d jobs failed in the last seven days.") % failed,
            _("See Governance → Jobs for the reasons."),
        )
    if waiting:
        yield Finding(
            "jobs",
            "note",
            _("%d jobs have waited for more than ten minutes.") % waiting,
            _("Start more workers: houqin worker"),
        )


def _demo() -> Iterator[Finding]:
    from houqin.core.orgs.models import OrgUnit

    if OrgUnit.objects.filter(is_demo=True).exists():
        yield Finding(
            "demo", "note", _("Demo data is loaded, with accounts whose passwords are public."),
            _("Before real work: houqin demo --remove"),
        )  # fmt: skip
