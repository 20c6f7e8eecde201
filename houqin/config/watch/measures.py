"""Figures that each process counts while it works; with several processes they are summed (PROMETHEUS_MULTIPROC_DIR).

Labels are names that stand in the program (views, jobs) and classes of status, never addresses or anything that people type.
"""

from prometheus_client import Counter, Gauge, Histogram

REQUEST_SECONDS = Histogram(
    "houqin_request_seconds", "Time until an answer begins, by view and class of status.", ["view", "status"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip
QUERIES = Counter("houqin_queries", "Database queries, by the view or job that asked.", ["place"])
QUERY_SECONDS = Counter("houqin_query_seconds", "Time in the database, by the view or job that asked.", ["place"])
SLOW_QUERIES = Counter("houqin_slow_queries", "Queries slower than HOUQIN_SLOW_QUERY_MS.", ["place"])
JOB_SECONDS = Histogram(
    "houqin_job_seconds", "Time that a run of a job took, by job and outcome.", ["job", "outcome"],
    buckets=(0.1, 0.5, 1, 5, 15, 60, 300, 1800),
)  # fmt: skip
POOL = Gauge(
    "houqin_database_pool", "Connections of the pools when each process last finished a request, and who waits for one.",
    ["state"], multiprocess_mode="livesum",
)  # fmt: skip
