"""How the log is written: lines for people or JSON for machines, both with the number of the request and without names."""

import logging
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from houqin.config.watch import now
from houqin.lib.redacting import redacted, redacted_trace
from houqin.ui import request_id

SAID = frozenset(
    "time level logger message exc_info request_id view account job job_id method status ms queries query_ms place sql outcome".split()
)
"""All that a JSON line may hold: whatever else libraries attach (the request with its address and fields) stays out."""


class Where(logging.Filter):
    """Puts on every line which request, page, account or job it is about."""

    def filter(self, record: logging.LogRecord) -> bool:
        work = now.current()
        record.request_id = request_id.current()
        record.view, record.account, record.job, record.job_id = work.view, work.account, work.job, work.job_id
        return True


class Lines(logging.Formatter):
    """For people who read a console or the journal."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 logging's own name
        return redacted_trace(str(super().formatException(ei)))


def _said(value: Any) -> Any:
    return value if isinstance(value, int | float | None) else redacted(str(value))


class Json(JsonFormatter):
    """One object a line, for whatever collects logs."""

    def jsonify_log_record(self, log_data: dict[str, Any]) -> str:
        said = {name: value for name, value in log_data.items() if name in SAID and value != ""}
        # Value by value: what hides a secret may take the quotation mark behind it.
        return super().jsonify_log_record({name: _said(value) for name, value in said.items()})

    def formatException(self, ei: Any) -> str:  # noqa: N802 logging's own name
        return redacted_trace(str(super().formatException(ei)))


def logging_settings(*, as_json: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING. A line for every request and job only where machines read it, or when asked for by the level."""
    fields = "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s %(view)s %(account)s %(job)s %(job_id)s"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"where": {"()": Where}},
        "formatters": {
            "line": {"()": Lines, "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
            "json": {
                "()": Json, "fmt": fields, "json_ensure_ascii": False, "datefmt": "%Y-%m-%dT%H:%M:%S%z",
                "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
            },
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler", "formatter": "json" if as_json else "line", "filters": ["where"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # At every stop it would ask for a second Ctrl-C; jobs that fail are on the page of jobs with their reason.
            "django_tasks_db": {"level": "ERROR"},
            **({"houqin.access": {"level": "INFO"}} if as_json else {}),
        },
    }  # fmt: skip
