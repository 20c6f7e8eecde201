"""The log says what happened, where and to which request, and nothing about a person."""

import json
import logging
import logging.config
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django_tasks_db.models import DBTaskResult

from houqin.config.watch import lines, now, queries
from houqin.core.people.models import Account
from houqin.ui.gate import SignInGate
from tests.jobs import run_jobs
from tests.world import PASSWORD

NAME, PHONE, IDENTITY, MAIL = "欧阳小红", "13800138000", "42060119900307123X", "xiaohong@school.example"
Written = Callable[[], list[dict[str, Any]]]


@pytest.fixture(params=[True, False], ids=["json", "line"])
def either(request: pytest.FixtureRequest) -> Iterator[StringIO]:
    """The log as the settings make it, written into a text."""
    with written(as_json=request.param) as text:
        yield text


@pytest.fixture
def told() -> Iterator[Written]:
    with written(as_json=True) as text:
        yield lambda: [json.loads(line) for line in text.getvalue().splitlines()]


class written:  # noqa: N801 used as a with-block
    def __init__(self, *, as_json: bool) -> None:
        wanted = lines.logging_settings(as_json=as_json, level="WARNING")
        factory = logging.config.DictConfigurator(wanted)
        self.text = StringIO()
        self.handler = logging.StreamHandler(self.text)
        self.handler.setFormatter(factory.configure_formatter(wanted["formatters"]["json" if as_json else "line"]))
        self.handler.addFilter(lines.Where())

    def __enter__(self) -> StringIO:
        logging.getLogger().addHandler(self.handler)
        self.level = logging.getLogger("houqin.access").level
        logging.getLogger("houqin.access").setLevel("INFO")
        return self.text

    def __exit__(self, *error: object) -> None:
        logging.getLogger().removeHandler(self.handler)
        logging.getLogger("houqin.access").setLevel(self.level)


@pytest.mark.django_db
def test_each_request_has_one_line_with_its_number_page_and_account(world: Any, told: Written) -> None:
    client = Client()
    client.force_login(world.gao)
    answer = client.get("/")
    [line] = [line for line in told() if line["logger"] == "houqin.access"]
    assert line["request_id"] == answer["X-Request-ID"]
    assert (line["view"], line["status"], line["method"]) == ("ui:home", 200, "GET")
    assert line["account"] == str(world.gao.public_id)
    assert line["queries"] > 0
    assert {"time", "level", "logger", "message", "ms", "query_ms"} <= set(line)


@pytest.mark.django_db
def test_neither_name_nor_query_nor_address_nor_password_is_written(world: Any, told: Written) -> None:
    Account.objects.filter(pk=world.gao.pk).update(display_name=NAME, email=MAIL)
    client = Client()
    client.post("/accounts/login/", {"login": "gao", "password": PASSWORD})
    client.get(f"/people/no-such-page-{NAME}/", {"q": PHONE})
    client.get("/", {"name": NAME})
    text = json.dumps(told(), ensure_ascii=False)
    for word in (NAME, PHONE, MAIL, PASSWORD, '"gao"', "q=", "%E6"):
        assert word not in text, word
    assert len([line for line in told() if line["logger"] == "houqin.access"]) == 3


def test_an_error_keeps_where_it_was_and_loses_whom_it_quotes(either: StringIO) -> None:
    for error in (
        IntegrityError(f'duplicate key value "people_name"\nDETAIL:  Key (name, phone)=(Zhang San, {PHONE}) already exists.'),
        IntegrityError("null value\nDETAIL:  Failing row contains (7, Zhang San, 3 (b), null)."),
        ValueError(f"invalid literal for int() with base 10: '{NAME}'"),
        KeyError("Zhang San"),
        RuntimeError(f"{NAME} {IDENTITY} {MAIL} +86{PHONE}"),
    ):  # fmt: skip
        try:
            raise error
        except Exception:
            logging.getLogger("houqin.ui").exception("error page %s", "/people/欧阳小红/")
    text = either.getvalue()
    for word in (NAME, PHONE, IDENTITY, MAIL, "Zhang San"):
        assert word not in text, word
    for word in ("test_lines.py", "IntegrityError", "duplicate key value", "KeyError", "raise error", "RuntimeError"):
        assert word in text, word


@pytest.mark.django_db
def test_a_server_error_says_nothing_of_the_values_in_it(
    world: Any, either: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*words: Any) -> None:
        raise ValueError(f"no such person: {NAME}, {PHONE}")

    monkeypatch.setattr(SignInGate, "process_view", broken)
    client = Client(raise_request_exception=False)
    client.force_login(world.gao)
    answer = client.get("/")
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in either.getvalue()
    assert "ValueError" in either.getvalue()
    for word in (NAME, PHONE):
        assert word not in either.getvalue()


def test_a_line_for_people_names_the_request(told: Written) -> None:
    with written(as_json=False) as text:
        logging.getLogger("houqin.ui").warning("something")
    assert text.getvalue().rstrip().endswith("WARNING houqin.ui [-] something")
    assert [line["message"] for line in told()] == ["something"]


@pytest.mark.django_db
def test_a_slow_query_is_told_with_its_shape_page_and_request_without_values(
    world: Any, told: Written, settings: Any
) -> None:
    settings.SLOW_QUERY_MS, settings.SLOW_REQUEST_MS = 0, 600_000
    client = Client()
    client.force_login(world.gao)
    answer = client.get("/")
    slow = [line for line in told() if line["logger"] == "houqin.slow" and line["request_id"] == answer["X-Request-ID"]]
    accounts = [line for line in slow if '"people_account"."id" = %s' in line["sql"]]
    assert accounts
    assert {line["view"] for line in slow} <= {"ui:home", "no-view"}
    assert str(world.gao.public_id) not in json.dumps([line["sql"] for line in slow])


@pytest.mark.django_db
def test_a_slow_request_is_told_with_its_queries(world: Any, told: Written, settings: Any) -> None:
    settings.SLOW_REQUEST_MS = 0
    Client().get("/accounts/login/")
    [line] = [line for line in told() if line["message"].startswith("slow request")]
    assert (line["view"], line["status"]) == ("account_login", 200)


@pytest.mark.django_db
def test_the_usual_query_and_request_are_not_told_of(world: Any, told: Written, settings: Any) -> None:
    settings.SLOW_QUERY_MS = settings.SLOW_REQUEST_MS = 600_000
    Client().get("/accounts/login/")
    assert not [line for line in told() if line["logger"] == "houqin.slow"]


def test_a_shape_holds_no_value_and_does_not_grow_with_a_list() -> None:
    assert queries.shape("SELECT 1 FROM t WHERE a IN (%s, %s, %s, %s) AND b = '张''三'") == (
        "SELECT 1 FROM t WHERE a IN (%s, …) AND b = ?"
    )
    assert queries.shape('SELECT "t"."a",\n "t"."b" AS "c", "t"."d" FROM t WHERE "t"."a" = %s') == (
        'SELECT "t"."a", … FROM t WHERE "t"."a" = %s'
    )
    assert queries.shape("INSERT INTO t VALUES (%s, %s), (%s, %s)").count("%s") <= 4
    assert len(queries.shape("SELECT " + "x, " * 9_000)) == queries.LONGEST_SHAPE


@pytest.mark.django_db
def test_a_job_and_its_queries_are_named(told: Written, settings: Any) -> None:
    from houqin.core.files.jobs import sweep_files

    settings.SLOW_QUERY_MS = 0
    sweep_files.enqueue()
    run_jobs()
    done = DBTaskResult.objects.get()
    [line] = [line for line in told() if line["logger"] == "houqin.access"]
    assert (line["job"], line["job_id"], line["outcome"]) == (sweep_files.module_path, str(done.pk), "done")
    assert any(
        one["job"] == sweep_files.module_path for one in told() if one["logger"] == "houqin.slow" and "job" in one
    )
    assert now.current().job == ""


@pytest.mark.django_db
def test_a_statement_that_fails_is_timed_too() -> None:
    token = now.begin(now.Work(view="here"))
    try:
        with connection.cursor() as cursor, pytest.raises(Exception, match="no_such_table"):
            cursor.execute("SELECT 1 FROM no_such_table")
        assert now.current().queries == 1
    finally:
        now.end(token)
