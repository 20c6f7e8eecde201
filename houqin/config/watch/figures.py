"""Figures read from the tables when they are asked for: each one short query along an index."""

import platform
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import version

from django.conf import settings
from django.db import Error, connection
from django.db.models import Case, Count, F, Min, Q, Sum, When
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from houqin.core.jobs.models import Worker
from houqin.core.notices.models import Notice
from houqin.flows.seals.models import Chain

FAILED_WITHIN = timedelta(days=7)
SIGNED_WITHIN = timedelta(days=2)
"""A chain is signed once a day."""


class Tables(Collector):
    """What all processes of the installation share. A database that does not answer is itself a figure."""

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily(
            "houqin_build", "The program that runs.",
            {"version": version("houqin"), "python": platform.python_version(), "database": connection.vendor},
        )  # fmt: skip
        yield GaugeMetricFamily(
            "houqin_web_processes", "Web processes that this server was asked for.", settings.WEB_WORKERS
        )
        try:
            found = [*_jobs(), *_workers(), *_notices(), *_seals()]
        except Error:
            yield GaugeMetricFamily("houqin_database_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("houqin_database_up", "Whether the database answers.", 1)
        yield from found


def _jobs() -> Iterator[Metric]:
    now, whenever = timezone.now(), get_date_max()
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY).order_by().aggregate(
        due=Count("pk", filter=Q(run_after=whenever) | Q(run_after__lte=now)),
        later=Count("pk", filter=Q(run_after__gt=now, run_after__lt=whenever)),
        oldest=Min(Case(When(run_after=whenever, then=F("enqueued_at")), When(run_after__lte=now, then=F("run_after")))),
    )  # fmt: skip
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).order_by().aggregate(
        number=Count("pk"), oldest=Min("started_at")
    )  # fmt: skip
    failed = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, finished_at__gte=now - FAILED_WITHIN).count()
    jobs = GaugeMetricFamily("houqin_jobs", "Jobs by state; failed ones of the last seven days.", labels=["state"])
    for state, number in (
        ("due", waiting["due"]),
        ("later", waiting["later"]),
        ("running", running["number"]),
        ("failed", failed),
    ):
        jobs.add_metric([state], number)
    yield jobs
    ages = GaugeMetricFamily(
        "houqin_oldest_job_seconds", "How long the oldest job has been due, or runs.", labels=["state"]
    )
    ages.add_metric(["due"], _age(now, waiting["oldest"]))
    ages.add_metric(["running"], _age(now, running["oldest"]))
    yield ages


def _workers() -> Iterator[Metric]:
    now = timezone.now()
    seen = list(Worker.objects.alive().values_list("seen_at", flat=True))
    yield GaugeMetricFamily("houqin_workers", "Job workers that gave a sign of life within a minute.", len(seen))
    beat = GaugeMetricFamily(
        "houqin_worker_silence_seconds", "Since the last sign of life, of the most silent of them."
    )
    if seen:
        beat.add_metric([], _age(now, min(seen)))
    yield beat


def _notices() -> Iterator[Metric]:
    now = timezone.now()
    urgent = Notice.objects.filter(level=Notice.Level.NOW, read_at__isnull=True).order_by()
    found = urgent.aggregate(number=Count("pk"), oldest=Min("at"))
    yield GaugeMetricFamily(
        "houqin_urgent_notices_unread", "Notices that need somebody now and that nobody opened.", found["number"]
    )
    yield GaugeMetricFamily(
        "houqin_urgent_notice_oldest_seconds", "Age of the oldest of them.", _age(now, found["oldest"])
    )


def _seals() -> Iterator[Metric]:
    chains = Chain.objects.filter(length__gt=F("held_number")).order_by().aggregate(
        seals=Sum(F("length") - F("held_number"), default=0),
        late=Count("pk", filter=Q(sealed_at__lt=timezone.now() - SIGNED_WITHIN)),
    )  # fmt: skip
    yield GaugeMetricFamily(
        "houqin_seals_unsigned", "Sealed records since the last signed end of their chain.", chains["seals"]
    )
    yield GaugeMetricFamily(
        "houqin_chains_late", "Chains with records that the daily signature missed for two days.", chains["late"]
    )


def _age(now: datetime, since: datetime | None) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
