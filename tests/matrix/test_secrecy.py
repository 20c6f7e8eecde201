"""Nobody sees an unannounced visit early (issue 5, must hold 7).

Whatever somebody outside the secret can open is read before the secret is made and after: every list and every page that is no list, the page of a row of
every kind, the pages of the units, the boards, the search, the notices, the trail; of inspections, findings, cases and the console also every form, file, print,
paper and deed, of campaigns, draws and visits every saved view. Not one character may differ: neither a name nor a count, a total or a gap in numbers.
The same reading then finds the visit once it has begun, so that it would have found it before. There is no other door: whatever answers in
JSON or as a file is an address like any other and is read with them.
"""

import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.apps import apps
from django.db import transaction
from django.db.models import F, Model
from django.test import Client
from django.urls import reverse

from houqin.core.audit.models import AuditEntry
from houqin.core.grants.viewers import viewer_for
from houqin.core.jobs.registry import PERIODIC
from houqin.core.people.models import Account
from houqin.modules.inspections.actions.drawing import commit_draw, draw
from houqin.modules.inspections.actions.inspectors import register_inspector
from houqin.modules.inspections.actions.planning import Brief, name_schools, plan_campaign, start_campaign
from houqin.modules.inspections.actions.visiting import begin_visit
from houqin.modules.inspections.models import Campaign, Draw, Inspector, Visit, VisitInspector, VisitState
from houqin.modules.inspections.tests.kept import make_checklist
from tests.jobs import run_jobs
from tests.matrix.furnished import ADDRESSES, SCREENS, screen_of
from tests.matrix.secrecy import (
    BEYOND,
    NOBODY,
    OUTSIDERS,
    TITLE,
    Secret,
    differing,
    keep_announced,
    keep_secret,
    plain,
    readable,
    reading,
    signed_in,
    staff,
)
from tests.world import NOON, TODAY, World, make_school, make_world


@dataclass
class Town:
    """A town where it is known who inspects, and everybody in it by name."""

    world: World
    people: dict[str, Account]


@pytest.fixture(scope="module")
def town_once(standing: None) -> Town:
    """Made once for all the tests here: who inspects is no secret, nor is what was announced."""
    with time_machine.travel(NOON, tick=False):
        world = make_world()
        make_checklist()
        make_school(world.town, "柳河二小", 3)
        people = {**world.cast, **staff(world)}
        for name in ("dai", "dan"):
            register_inspector(world.district, by=viewer_for(people["ding"], now=NOON), account=people[name])
        keep_announced(world, people)
        for account in people.values():
            signed_in(account)  # that somebody was here is no news later
    return Town(world, people)


@pytest.fixture
def town(town_once: Town, db: None) -> Town:
    """The same, for one test."""
    return deepcopy(town_once)


@pytest.fixture
def world(town: Town) -> World:
    return town.world


@pytest.fixture
def people(town: Town) -> dict[str, Account]:
    return town.people


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize("where", OUTSIDERS)
def test_nothing_that_anybody_outside_reads_changes(world: World, people: dict[str, Account], where: str) -> None:
    names = OUTSIDERS[where]
    asked = {name: readable(people[name], world) for name in names}
    before = {name: reading(people[name], asked[name]) for name in names}
    known = {name: seen_by(people[name]) for name in names}
    secret = keep_secret(world, people)
    assert {name: differing(before[name], reading(people[name], asked[name])) for name in names} == {
        name: [] for name in names
    }
    begun = begin_visit(secret.visits[world.school_a.name], by=viewer_for(people["dai"], now=NOON))
    for name in names:
        paths = tuple(one.path for one in viewer_for(people[name], now=NOON).reaches)
        may = name != "du" and begun.org.path.startswith(paths)
        assert seen_by(people[name]) - known[name] == ({begun} if may else set())
        after = plain(signed_in(people[name]).get(reverse("inspections:visits")))
        assert (after != before[name][f"{reverse('inspections:visits')} {{}}"]) == may, "the same reading finds it now"
        assert TITLE not in after


def seen_by(account: Account) -> set[Visit]:
    return set(Visit.objects.visible_to(viewer_for(account, now=NOON)))


def addresses_of(secret: Secret, address: str) -> list[Any]:
    """The rows that are a secret of the screen to which an address belongs."""
    screen = SCREENS.get(screen_of(address)[0])
    rows = {Campaign: [secret.campaign], Draw: [secret.draw], Visit: list(secret.visits.values())}
    return rows.get(screen.model, []) if screen else []  # type: ignore[arg-type]


def asking(client: Client, method: str, address: str, what: str, ref: UUID) -> str:
    """What an address answers to a reference, wherever it takes one: in its path or as a ticked row."""
    if what in {"list", "export", "new"}:
        return ""
    ticked = what == "labels" or what.endswith("-many")
    url = reverse(address) if ticked else reverse(address, args=[ref])
    return plain(getattr(client, method)(url, {"pick": str(ref)} if ticked else {})).replace(str(ref), "")


def narrowed(client: Client, address: str, key: str, ref: UUID) -> str:
    """A list narrowed by a guess, without the guess itself."""
    return plain(client.get(reverse(address), {key: str(ref)})).replace(str(ref), "")


@pytest.mark.parametrize("name", ["gao", "bo", "dong", "eve"])
def test_no_list_can_be_narrowed_by_a_campaign_that_is_a_secret(
    world: World, people: dict[str, Account], name: str
) -> None:
    """Whoever tries out its id gets what a made-up one gives."""
    secret, client = keep_secret(world, people), signed_in(people[name])
    begin_visit(secret.visits[world.school_a.name], by=viewer_for(people["dai"], now=NOON))
    lists = ["inspections:visits", "inspections:draws", "rectify:findings", "rectify:problems", "console:trail"]
    for address in lists:
        told, made_up = (narrowed(client, address, "campaign", ref) for ref in (secret.campaign.public_id, NOBODY))
        assert told == made_up, address


@pytest.mark.parametrize("where", OUTSIDERS)
def test_its_own_pages_answer_as_if_it_did_not_exist(world: World, people: dict[str, Account], where: str) -> None:
    """Whoever has the address learns no more from it than from one that was made up, neither by reading nor by a deed."""
    secret = keep_secret(world, people)
    deeds = AuditEntry.objects.exclude(event="ui.list_exported")
    before = deeds.count()
    for name in OUTSIDERS[where]:
        assert list(betrayed(signed_in(people[name]), secret)) == [], name
    assert deeds.count() == before
    states = {one.state for one in Visit.objects.filter(campaign=secret.campaign)}
    assert states == {VisitState.DEPARTED, VisitState.VOID, VisitState.PLANNED}


def betrayed(client: Client, secret: Secret) -> Iterator[str]:
    """The addresses of what is a secret that answer otherwise than when they name nothing."""
    asked = [(address, screen_of(address), row) for address in ADDRESSES for row in addresses_of(secret, address)]
    for address, (_screen, what), row in asked:
        for method in ("get", "post"):
            told, made_up = (asking(client, method, address, what, ref) for ref in (row.public_id, NOBODY))
            if told != made_up:
                yield f"{method} {address}: {told[:200]}, not {made_up[:200]}"
    for row in (secret.draw, *secret.visits.values()):
        for name, method in (("published-draw", "get"), ("published-record", "get"), ("set-out", "post")):
            answer = getattr(client, method)(reverse(f"inspections:{name}", args=[row.public_id]))
            if answer.status_code not in {403, 404}:
                yield f"{method} {name}: {answer.status_code}"


def test_a_visit_that_is_named_alone_is_as_secret_as_one_that_is_drawn(
    world: World, people: dict[str, Account]
) -> None:
    asked = readable(people["gao"], world)
    before = reading(people["gao"], asked)
    by = viewer_for(people["ding"], now=NOON)
    campaign = start_campaign(
        plan_campaign(world.district, by=by, brief=Brief("unannounced", TITLE, ["kitchen"], TODAY, TODAY)), by=by
    )
    name_schools(campaign, by=by, schools=[world.school_a], inspectors=list(Inspector.objects.all()))
    assert differing(before, reading(people["gao"], asked)) == []


def test_an_inspector_reads_the_day_and_not_the_school(world: World, people: dict[str, Account]) -> None:
    client, asked = signed_in(people["dai"]), readable(people["dai"], world)
    before = reading(people["dai"], asked)
    by = viewer_for(people["ding"], now=NOON)
    campaign = start_campaign(
        plan_campaign(world.district, by=by, brief=Brief("unannounced", TITLE, ["kitchen"], TODAY, TODAY)), by=by
    )
    draw(commit_draw(campaign, by=by, wanted=1), by=by)
    after = reading(people["dai"], asked)
    own = set(differing(before, after))
    assert {one.partition(" ")[0] for one in own} == {reverse("ui:home"), reverse("inspections:assignments")}
    visit = campaign.visits.get()
    for address in own:
        assert after[address].count(visit.org.name) == before[address].count(visit.org.name)
    assert client.post(reverse("inspections:set-out", args=[visit.public_id]), {"_key": uuid4()}).status_code == 302
    assert visit.org.name in plain(client.get(reverse("inspections:visits-detail", args=[visit.public_id])))


def test_whoever_is_let_in_reads_all_of_it(world: World, people: dict[str, Account]) -> None:
    """The reading of this file finds what is there to find."""
    asked = readable(people["ding"], world)
    before = reading(people["ding"], asked)
    keep_secret(world, people)
    found = differing(before, reading(people["ding"], asked))
    assert {reverse("inspections:campaigns"), reverse("inspections:draws"), reverse("inspections:visits")} <= {
        one.partition(" ")[0] for one in found
    }


SECRET_TABLES = {"inspections.campaign", "inspections.draw", "inspections.visit", "inspections.visitinspector"}


def rows() -> Counter[str]:
    """How many rows each table holds."""
    return Counter({one._meta.label_lower: one._base_manager.count() for one in apps.get_models()})


def test_it_leaves_rows_in_no_table_but_its_own_and_the_trail(world: World, people: dict[str, Account]) -> None:
    """No notice, event, job, duty, file, fact or number is made of it."""
    before = rows()
    keep_secret(world, people)
    grown = {name for name, count in rows().items() if count != before[name]}
    assert grown == SECRET_TABLES | {"audit.auditentry", "sessions.session"}


def test_no_job_of_the_day_tells_of_it(world: World, people: dict[str, Account]) -> None:
    """Every periodic job leaves the same rows and the same words, whether there is a secret or not."""
    without = what_jobs_leave()
    keep_secret(world, people)
    made = rows()
    assert what_jobs_leave() == without
    assert rows() == made


def what_jobs_leave() -> dict[str, Any]:
    """How many rows of each table all periodic jobs add, and what people read of them; then everything is as before."""
    before, read = rows(), ("notices.notice", "indicators.dailyfact", "inspections.flag", "inspections.report")
    with transaction.atomic():
        for one in PERIODIC.values():
            one.task.enqueue()
        run_jobs()
        grown = {name: count - before[name] for name, count in rows().items() if count != before[name]}
        words = {one._meta.label_lower: told(one) for one in apps.get_models() if one._meta.label_lower in read}
        transaction.set_rollback(True)
    return {"grown": grown, "words": words}


def told(model: type[Model]) -> list[str]:
    """The rows of a table without their keys."""
    names = [one.attname for one in model._meta.concrete_fields if one.attname not in {"id", "public_id"}]
    return sorted(repr(one) for one in model._base_manager.values_list(*names))


@pytest.mark.parametrize("name", ["dong", "gao", "eve"])
def test_no_key_that_counts_up_is_shown(world: World, people: dict[str, Account], name: str) -> None:
    """A gap in such keys would tell of rows that are not shown. What everybody may know of gets keys that stand out on any page."""
    later = (F("id") + BEYOND, F("campaign_id") + BEYOND)
    with transaction.atomic():
        Campaign._base_manager.update(id=later[0])
        Draw._base_manager.update(id=later[0], campaign_id=later[1])
        Visit._base_manager.update(id=later[0], campaign_id=later[1], draw_id=F("draw_id") + BEYOND)
        VisitInspector._base_manager.update(id=later[0], visit_id=F("visit_id") + BEYOND)
        AuditEntry._base_manager.update(id=later[0])
    asked = [one for one in readable(people[name], world) if "/inspections/" in one[0] or "/console/trail/" in one[0]]
    shown = [address for address, text in reading(people[name], asked).items() if re.search(r"\b77000\d{4}\b", text)]
    assert shown == []


def test_numbers_have_no_gap_where_a_secret_lies(world: World, people: dict[str, Account]) -> None:
    secret = keep_secret(world, people)
    by = viewer_for(people["dai"], now=NOON)
    assert secret.visits[world.school_b.name].number == ""
    first = begin_visit(Visit.objects.get(org=world.school_b, campaign__kind="term_opening"), by=by)
    assert first.number == "JC-20240304-0001"
    second = begin_visit(secret.visits[world.school_a.name], by=by)
    assert second.number == "JC-20240304-0002", "the one that was announced has the number before it"
