"""Background jobs."""

from importlib import import_module

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "houqin.core.jobs"
    label = "jobs"

    def ready(self) -> None:
        import_module("houqin.core.jobs.retries")
        import_module("houqin.core.jobs.housekeeping")
