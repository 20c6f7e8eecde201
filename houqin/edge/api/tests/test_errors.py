"""What goes wrong is told as a problem, in two languages, and never as a broken page."""

import json
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client, override_settings

from houqin.core.orgs.models import SchoolFacts
from houqin.edge.api.tests.caller import Caller, caller
from tests.world import World

PROBLEM = "application/problem+json"


@pytest.fixture
def program(world: World) -> Caller:
    return caller(world.gao)


def facts(world: World, **more: Any) -> dict[str, Any]:
    return {"unit": str(world.school_a.public_id), "valid_from": "2024-03-01", "enrolment": 310} | more


def send(program: Caller, body: bytes, content_type: str = "application/json") -> Any:
    headers = program.headers(**{"Idempotency-Key": "12345678"})
    return Client().post("/api/v1/school-facts", body, content_type=content_type, headers=headers)


@pytest.mark.parametrize(("language", "title"), [("en", "This does not exist"), ("zh-CN", None), ("fr", None)])
def test_problems_speak_the_language_of_the_caller(program: Caller, language: str, title: str | None) -> None:
    program.language = language
    answer = program.get("units/018e0000-0000-7000-8000-000000000000")
    found = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
    assert found["status"] == 404
    assert answer["Content-Language"] == ("en" if language == "en" else "zh-hans")
    assert title is None or found["title"] == title
    assert found["request_id"] == answer["X-Request-ID"]


def test_what_is_not_right_is_named_entry_by_entry(world: World, program: Caller) -> None:
    answer = program.post("school-facts", facts(world, enrolment=-1, boarders="viele", principal="x"))
    assert answer.status_code == 422
    assert {one["field"]: one["message"] for one in answer.json()["errors"]} == {
        "enrolment": "This is at least 0.",
        "boarders": "Write a whole number.",
        "principal": "There is no such entry here.",
    }


def test_a_refusal_of_the_rules_is_a_conflict_in_their_words(world: World, program: Caller) -> None:
    answer = program.post("school-facts", facts(world, boarders=400))
    assert answer.status_code in {409, 422}
    assert answer["Content-Type"] == PROBLEM
    assert SchoolFacts.objects.filter(org=world.school_a).count() == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400), (b"\xff\xfe", 400), (b"NaN", 400), (b"[" * 100_000, 400), (b'{"a":' * 20 + b"1" + b"}" * 20, 400),
        (b'{"unit": "\\u0000"}', 400), (b'{"unit": "\\ud800"}', 400), (b'{"enrolment": 99999999999999999999}', 400),
        (b"null", 422), (b"[]", 422), (b"{}", 422), (b'"x"', 422), (b'{"enrolment": 1e400}', 422),
    ],
)  # fmt: skip
def test_a_body_that_makes_no_sense_is_no_break(program: Caller, body: bytes, status: int) -> None:
    answer = send(program, body)
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)


def test_what_is_no_json_and_what_is_too_large_are_told_so(program: Caller) -> None:
    assert send(program, b"a=b", "application/x-www-form-urlencoded").status_code == 415
    assert send(program, b'{"a": "' + b"x" * 1_100_000 + b'"}').status_code == 413
    with override_settings(API_BODY_BYTES=10**9):
        assert send(program, b'{"a": "' + b"x" * 6_000_000 + b'"}').status_code == 413


def test_other_methods_and_addresses_are_problems_too(program: Caller) -> None:
    answer = Client().put("/api/v1/units", b"", headers=program.headers())
    assert (answer.status_code, answer["Content-Type"], answer["Allow"]) == (405, PROBLEM, "GET")
    for path in ("/api/v1/", "/api/v1/nothing", "/api/v1/units/7", "/api/v1/units/%00", "/api/v1/units/%0A%08.%7C%03"):
        answer = Client().get(path, headers=program.headers())
        assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM), path


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "unit=x",
        "kind=moon",
        "cursor=abc",
        "cursor=%00",
        "code=%00",
        "kind=%ED%A0%80",
    ],
)
def test_a_query_that_makes_no_sense_is_no_break(program: Caller, query: str) -> None:
    answer = Client().get(f"/api/v1/units?{query}", headers=program.headers())
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == PROBLEM


def test_a_cursor_of_another_list_is_refused(world: World, program: Caller) -> None:
    following = caller(world.op).get("units", limit=1).json()["next"]
    assert program.get("people", cursor=following).status_code == 422
    assert json.loads(program.get("people", cursor=following).content)["field"] == "cursor"


@override_settings(API_RATE=3)
def test_a_key_has_so_many_requests_a_minute(program: Caller) -> None:
    answers = [program.get("units") for _number in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"key";q=3;w=60'
    assert answers[0]["RateLimit"].startswith('"key";r=2;t=')
    assert int(answers[3]["Retry-After"]) <= 60
    assert answers[3]["Content-Type"] == PROBLEM


@override_settings(API_STRANGERS_RATE=2)
def test_guessing_is_slowed_and_locks_nobody_out(program: Caller) -> None:
    guess = {"Authorization": "Bearer hq_guess"}
    answers = [Client().get("/api/v1/units", headers=guess) for _number in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert "Retry-After" in answers[2]
    assert program.get("units").status_code == 200


def test_who_comes_without_an_address_is_counted_too(world: World) -> None:
    """As behind a server that listens on a socket of the machine."""
    answer = Client(REMOTE_ADDR="").get("/api/v1/units")
    assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)
    assert Client(REMOTE_ADDR="").get("/api/v1/openapi.json").status_code == 200


@pytest.mark.parametrize(
    "error", [OperationalError("the connection is lost"), InterfaceError("connection already closed")]
)
def test_a_database_that_is_away_is_told_as_that(
    world: World, program: Caller, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def away(*_what: Any, **_more: Any) -> Any:
        raise error

    monkeypatch.setattr("houqin.edge.api.resources.orgs.record_school_facts", away)
    body = json.dumps(facts(world)).encode()
    answer = send(program, body)
    assert (answer.status_code, answer["Retry-After"], answer["Content-Type"]) == (503, "30", PROBLEM)
    assert str(error) not in answer.content.decode()
    monkeypatch.undo()
    assert send(program, body).status_code == 201, "the key was not used up"
