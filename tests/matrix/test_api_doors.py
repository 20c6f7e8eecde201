"""Every address of the API as a program of every member of the cast, and as a program of nobody."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from houqin.core.audit.models import AuditEntry
from houqin.edge.api.description import described
from houqin.edge.api.tests.caller import Caller, caller
from tests.matrix.doors import EVERYBODY, HOLDERS
from tests.world import NOON, World

NONE = UUID(int=7)
AT_B_OR_ABOVE = {"units", "suppliers", "products", "visits", "readings"}
"""Lists whose rows are not all of school A, or of which the furnished world holds none there."""

UNKNOWN_RULE = {"duties": 5}
"""Queries that ask once a page for the name of a rule which is gone; houqin/edge/api/tests/test_lists.py counts 300 duties."""


def operations() -> Iterator[tuple[str, str, str]]:
    """Method, address and permission of everything that the API describes."""
    for path, found in described()["paths"].items():
        for method, operation in found.items():
            scope = re.search(r"`([a-z_.]+)`", operation["description"])
            assert scope, path
            yield method, path.removeprefix("/api/v1/"), scope[1]


@pytest.fixture
def furnished(furnished_once: World, db: None) -> Iterator[World]:
    with time_machine.travel(NOON, tick=False):
        yield deepcopy(furnished_once)


def ask(program: Caller, method: str, path: str) -> Any:
    return program.get(path) if method == "get" else program.post(path, {})


@pytest.mark.parametrize("person", sorted(EVERYBODY))
def test_a_program_of_everybody_meets_the_right_door(furnished: World, person: str) -> None:
    """Held: the list, 404 of what is not there, 422 of an empty body. Not held: 403, and nothing has changed."""
    program, wrong = caller(getattr(furnished, person)), []
    for method, path, permission in operations():
        before = AuditEntry.objects.count()
        status = ask(program, method, re.sub(r"\{[^}]*\}", str(NONE), path)).status_code
        if person not in HOLDERS[permission]:
            right = {403} if method == "get" else {403, 422}
        elif method == "get":
            right = {404} if "{" in path else {200}
        else:
            right = {404, 422}
        if status not in right or AuditEntry.objects.count() != before:
            wrong.append(f"{person} {method} {path}: {status}, not {sorted(right)}")
    assert wrong == []


def test_without_a_key_every_address_is_closed(furnished: World) -> None:
    for method, path, _permission in operations():
        address = f"/api/v1/{re.sub('{[^}]*}', str(NONE), path)}"
        answer = (
            Client().get(address) if method == "get" else Client().post(address, b"{}", content_type="application/json")
        )
        assert answer.status_code in {401, 429}, path


def lists() -> list[str]:
    return sorted({path for method, path, _permission in operations() if method == "get" and "/" not in path})


def test_a_row_of_school_a_is_a_404_for_another_city_and_school(furnished: World) -> None:
    near, others = caller(furnished.gao), [caller(furnished.chen), caller(furnished.hu)]
    checked = 0
    for path in lists():
        own = near.items(path) if path not in {"readings"} else []
        ids = [one["id"] for one in own if "id" in one and path not in AT_B_OR_ABOVE]
        details = {path for _m, path, _p in operations()}
        for other in others:
            answer = other.get(path, limit=200)
            if answer.status_code == 403:
                continue
            seen = {one.get("id") for one in answer.json()["items"]}
            assert not seen & set(ids), path
            if f"{path}/{{ref}}" in details:
                for ref in ids[:3]:
                    assert other.get(f"{path}/{ref}").status_code == 404, path
                    checked += 1
    assert checked > 20


def test_another_school_named_in_a_question_is_a_404(furnished: World) -> None:
    program = caller(furnished.hu)
    for path in lists():
        answer = program.get(path, unit=str(furnished.school_a.public_id))
        assert answer.status_code in {403, 404}, path


def test_lists_hold_nothing_of_the_town_for_another_city(furnished: World) -> None:
    program = caller(furnished.chen)
    names = [furnished.school_a.name, furnished.school_b.name, furnished.town.name, "王桂英", "安师傅"]
    for path in lists():
        text = program.get(path, limit=200).content.decode()
        assert not [name for name in names if name in text], path


@pytest.mark.parametrize("path", lists())
def test_a_page_of_a_list_costs_the_same_for_one_row_and_for_many(furnished: World, path: str) -> None:
    program = caller(furnished.bo)
    program.get(path, limit=200)
    counts = []
    for limit in (1, 200):
        with CaptureQueriesContext(connection) as queries:
            assert program.get(path, limit=limit).status_code == 200
        counts.append(len(queries))
    assert counts[1] <= counts[0] + UNKNOWN_RULE.get(path, 1), [query["sql"][:120] for query in queries]
    assert counts[1] <= 16


@pytest.mark.parametrize("path", lists())
def test_pages_hold_every_row_once_in_order(furnished: World, path: str) -> None:
    program = caller(furnished.bo)
    whole = program.items(path, limit=200)
    found, cursor = [], ""
    for _page in range(300):
        page = program.get(path, limit=1, cursor=cursor).json()
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == whole


def test_no_answer_holds_a_key_of_the_database_or_what_identifies_a_person(furnished: World) -> None:
    """No identity number, no telephone in full, no birth year, no name of a pupil; ids are public ones."""
    program = caller(furnished.bo)
    for path in lists():
        for row in program.items(path, limit=200):
            text = json.dumps(row, ensure_ascii=False)
            assert furnished.child.name not in text
            assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", text), path
            assert not re.search(r'"(pk|birth_year|sex|phone_number|id)": \d', text), path
