"""The houqin command answers in words or in one JSON object, and refuses with exit code 2 and no traceback."""

import json
from typing import Any

import pytest
from django.db import connection
from typer.testing import CliRunner

from houqin.config.cli import app
from houqin.config.commands.database import MIGRATION_LOCK
from houqin.core.orgs.models import OrgUnit

TOWN = "湖北省/襄阳市/襄州区/双南镇"


def houqin(*words: str) -> Any:
    """One call of the command, as a shell would make it."""
    return CliRunner().invoke(app, list(words))


@pytest.mark.django_db
def test_org_ensure_creates_what_is_missing_and_then_nothing() -> None:
    first = houqin("org", "ensure", TOWN, "--json")
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout) == {"name": "双南镇", "kind": "town", "path": "0001000100010001"}
    again = houqin("org", "ensure", TOWN, "--json")
    assert json.loads(again.stdout) == json.loads(first.stdout)
    assert [unit.name for unit in OrgUnit.objects.order_by("path")] == TOWN.split("/")


@pytest.mark.django_db
def test_a_path_with_too_many_levels_is_refused_and_nothing_is_created() -> None:
    answer = houqin("org", "ensure", "省/市/区/镇/校/多", "--json")
    assert answer.exit_code == 2
    assert set(json.loads(answer.stdout)) == {"error"}
    assert not OrgUnit.objects.exists()


@pytest.mark.django_db
def test_a_refusal_without_json_goes_to_stderr_alone() -> None:
    answer = houqin("org", "ensure", "省/市/区/镇/校/多")
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr.strip()
    assert "Traceback" not in answer.stderr


@pytest.mark.django_db
def test_a_folder_that_is_not_there_is_named(tmp_path: Any) -> None:
    answer = houqin("sheets", "import", str(tmp_path / "nowhere"), "--under", TOWN, "--json")
    assert answer.exit_code == 2
    assert "nowhere" in json.loads(answer.stdout)["error"]


@pytest.mark.django_db
def test_a_unit_that_is_not_there_is_named_with_the_command_that_creates_it() -> None:
    answer = houqin(
        "recall",
        "preview",
        "--supplier",
        "甲",
        "--product",
        "乙",
        "--produced",
        "2024-03-04",
        "--under",
        TOWN,
        "--json",
    )
    assert answer.exit_code == 2
    assert f'houqin org ensure "{TOWN}"' in json.loads(answer.stdout)["error"]


@pytest.mark.django_db
def test_an_account_that_does_not_exist_is_named(tmp_path: Any) -> None:
    answer = houqin("sheets", "import", str(tmp_path), "--under", TOWN, "--as", "nobody", "--json")
    assert answer.exit_code == 2
    assert "nobody" in json.loads(answer.stdout)["error"]


def test_a_date_that_does_not_exist_is_refused_before_anything_runs() -> None:
    answer = houqin(
        "recall", "preview", "--supplier", "甲", "--product", "乙", "--produced", "2024-02-31", "--under", TOWN
    )
    assert answer.exit_code == 2
    assert "2024-02-31" in answer.stderr


@pytest.mark.django_db
def test_changes_to_the_database_do_not_go_through_pgbouncer(settings: Any) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("PgBouncer stands before PostgreSQL")
    settings.PGBOUNCER = True
    answer = houqin("migrate", "--json")
    assert answer.exit_code == 2
    assert "HOUQIN_PGBOUNCER=0" in json.loads(answer.stdout)["error"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [MIGRATION_LOCK],
        )
        assert cursor.fetchone()[0] == 0


def test_help_names_every_command() -> None:
    shown = houqin("--help").stdout
    for name in (
        "serve",
        "worker",
        "migrate",
        "demo",
        "doctor",
        "certificate",
        "keys",
        "org",
        "privacy",
        "sheets",
        "recall",
    ):
        assert name in shown
