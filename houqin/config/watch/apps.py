"""The watch over requests, queries and jobs begins with the program."""

from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "houqin.config.watch"
    label = "watch"

    def ready(self) -> None:
        from django.core.signals import request_finished
        from django.db.backends.signals import connection_created
        from django_tasks.signals import task_finished, task_started

        from houqin.config.watch import jobs, pool, queries

        connection_created.connect(queries.watch, dispatch_uid="watch.queries")
        request_finished.connect(pool.look, dispatch_uid="watch.pool")
        task_started.connect(jobs.begun, dispatch_uid="watch.job_begun")
        task_finished.connect(jobs.ended, dispatch_uid="watch.job_ended")
