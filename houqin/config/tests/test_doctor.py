"""The doctor finds what is wrong with an installation and says what to mend."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from houqin.config.cli import app
from houqin.config.health import databases, examine, running, serving
from houqin.config.health.findings import Finding
from houqin.core.jobs.models import Worker


def of(findings: Any, check: str) -> list[Finding]:
    """The findings of one check."""
    return [finding for finding in findings if finding.check == check]


def test_debug_must_be_mended(settings: Any) -> None:
    settings.DEBUG = True
    [found] = of(serving.examine(), "debug")
    assert found.level == "mend"
    assert found.mend


def test_a_short_secret_must_be_mended(settings: Any) -> None:
    settings.SECRET_KEY = "short"
    [found] = of(serving.examine(), "secret")
    assert found.level == "mend"


def test_a_secret_that_others_can_read_must_be_mended(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    settings.SECRET_KEY = "x" * 50
    (tmp_path / "secret").write_text("x" * 50)
    (tmp_path / "secret").chmod(0o644)
    assert [found.level for found in of(serving.examine(), "secret")] == ["mend"]
    (tmp_path / "secret").chmod(0o600)
    assert [found.level for found in of(serving.examine(), "secret")] == ["fine"]


def test_any_host_must_be_mended(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert [found.level for found in of(serving.examine(), "hosts")] == ["mend"]


def test_without_https_it_says_that_phones_have_no_camera(settings: Any) -> None:
    settings.HTTPS = False
    [found] = of(serving.examine(), "https")
    assert found.level == "note"
    settings.HTTPS = True
    assert [found.level for found in of(serving.examine(), "https")] == ["fine"]


def test_missing_static_files_must_be_mended(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    assert [found.level for found in of(serving.examine(), "static")] == ["mend"]
    (tmp_path / "staticfiles.json").write_text("{}")
    assert [found.level for found in of(serving.examine(), "static")] == ["fine"]


def test_without_a_chinese_font_it_says_what_stamps_lack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("houqin.core.files.fonts.chinese_face", lambda: None)
    [found] = of(serving.examine(), "font")
    assert (found.level, "HOUQIN_FONT" in found.mend) == ("note", True)
    monkeypatch.setattr("houqin.core.files.fonts.chinese_face", lambda: ("/fonts/NotoSansCJK-Regular.ttc", 2))
    assert [found.level for found in of(serving.examine(), "font")] == ["fine"]


@pytest.mark.django_db
def test_this_database_is_up_to_date_and_orders_paths_byte_by_byte() -> None:
    found = list(databases.examine())
    assert [finding.check for finding in found] == ["database", "migrations", "collation"]
    assert {finding.level for finding in found} == {"fine"}


@pytest.mark.django_db
def test_a_database_that_lacks_changes_must_be_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "unapplied", lambda: ["orgs.0009_later"])
    [found] = of(databases.examine(), "migrations")
    assert found.level == "mend"
    assert "houqin migrate" in found.mend
    assert not of(examine(), "worker"), "tables that may not be there are not read"


@pytest.mark.django_db
def test_a_silent_worker_must_be_mended() -> None:
    now = timezone.now()
    worker = Worker.objects.create(id="w", started_at=now, seen_at=now - timedelta(minutes=5))
    assert [found.level for found in of(running.examine(), "worker")] == ["mend"]
    worker.seen_at = now
    worker.save()
    assert [found.level for found in of(running.examine(), "worker")] == ["fine"]


@pytest.mark.django_db
def test_the_command_prints_one_object_and_exits_1_when_something_must_be_mended() -> None:
    answer = CliRunner().invoke(app, ["doctor", "--json"])
    told = json.loads(answer.stdout)
    assert answer.exit_code == 1, "no worker runs in a test"
    assert told["healthy"] is False
    assert {"check", "level", "message", "mend"} == set(told["findings"][0])
