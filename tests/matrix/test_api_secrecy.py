"""No program sees an unannounced visit early: whatever the keys of outsiders read is the same before the secret is made and after."""

import re
from typing import Any

import pytest
import time_machine

from houqin.core.grants.viewers import viewer_for
from houqin.edge.api.tests.caller import Caller, caller
from houqin.modules.inspections.actions.inspectors import register_inspector
from houqin.modules.inspections.actions.visiting import begin_visit
from houqin.modules.inspections.tests.kept import make_checklist
from tests.matrix.secrecy import keep_announced, keep_secret, staff
from tests.matrix.test_api_doors import lists
from tests.world import NOON, World, make_school

FEW = 5
OUTSIDERS = ["an", "gao", "hu", "bo", "bai", "chen", "eve", "op"]


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def read(program: Caller) -> dict[str, str]:
    """Every list, and every row of it that has an address of its own; cursors and numbers of requests are new each time."""
    found = {}
    for path in lists():
        answer = program.get(path, limit=200)
        found[path] = _plain(answer)
        for row in answer.json()["items"][:FEW] if answer.status_code == 200 else []:
            if "id" in row:
                found[f"{path}/{row['id']}"] = _plain(program.get(f"{path}/{row['id']}"))
    return found


def _plain(answer: Any) -> str:
    return re.sub(r'"(request_id|next)": ("[^"]*"|null)', "", answer.content.decode())


def test_outsiders_read_the_same_before_and_after_and_the_visit_once_it_began(world: World) -> None:
    make_checklist()
    make_school(world.town, "柳河二小", 3)
    people = staff(world)
    for name in ("dai", "dan"):
        register_inspector(world.district, by=viewer_for(people["ding"], now=NOON), account=people[name])
    keep_announced(world, people)
    programs = {name: caller(getattr(world, name)) for name in OUTSIDERS}
    programs |= {name: caller(people[name]) for name in ("deng", "dong")}
    before = {name: read(program) for name, program in programs.items()}
    secret = keep_secret(world, people)
    for name, program in programs.items():
        assert read(program) == before[name], name
    visit = secret.visits[world.school_a.name]
    address = f"visits/{visit.public_id}"
    assert {program.get(address).status_code for program in programs.values()} <= {403, 404}
    assert caller(people["ding"]).get(address).status_code == 200
    assert caller(people["dai"]).get(address).status_code == 200
    assert caller(people["dai"], ["orgs.view"]).get(address).status_code == 403
    begin_visit(visit, by=viewer_for(people["dai"], now=NOON))
    assert programs["gao"].get(address).status_code == 200
    assert programs["hu"].get(address).status_code == 404
