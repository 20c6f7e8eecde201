"""Several web processes: bounded, replaced when one crashes, and counted together whichever of them is asked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from houqin.config.commands.serving import _shared_figures, web_command

COUNT = """
import os
from houqin.config.watch import measures
measures.REQUEST_SECONDS.labels("ui:home", "2xx").observe(0.2)
measures.QUERIES.labels("ui:home").inc(3)
measures.POOL.labels("in_use").set(2)
"""


def option(line: list[str], name: str) -> str:
    return line[line.index(name) + 1]


def test_processes_and_threads_are_those_that_were_asked_for() -> None:
    line = web_command("127.0.0.1", 8000, 5, workers=3)
    assert (option(line, "--workers"), option(line, "--blocking-threads")) == ("3", "5")
    assert "--respawn-failed-workers" in line
    assert "--respawn-failed-workers" in web_command("127.0.0.1", 8000, 5)


def test_the_folder_of_figures_goes_with_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    with _shared_figures():
        folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
        assert folder.is_dir()
    assert not folder.exists()
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ


def test_a_folder_that_the_operator_names_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    with _shared_figures():
        assert os.environ["PROMETHEUS_MULTIPROC_DIR"] == str(tmp_path)
    assert tmp_path.is_dir()


@pytest.mark.django_db
def test_figures_are_the_sum_of_all_processes_and_a_dead_one_holds_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shared = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _process in range(2):
        subprocess.run([sys.executable, "-c", COUNT], env=shared, check=True)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    told = Client().get("/metrics").content.decode()
    assert 'houqin_request_seconds_count{status="2xx",view="ui:home"} 2.0' in told
    assert 'houqin_queries_total{place="ui:home"} 6.0' in told
    assert "houqin_database_pool{" not in told, "both have ended"
    assert "houqin_jobs{" in told
