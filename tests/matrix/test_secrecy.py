"""Nobody sees an unannounced visit early (issue 5, must hold 7).

Whatever somebody outside the secret can open is read before the secret is made and after: every list and every page that is no list, the page of a row of
every kind, the pages of the units, the boards, the search, the notices, the trail; of inspections, findings, cases and the console also every form, file, print,
paper and deed, of campaigns, draws and visits every saved view. Not one character may differ: neither a name nor a count, a total or a gap in numbers.
The same reading then finds the visit once it has begun, so that it would have found it before. There is no other door: whatever answers in
JSON or as a file is an address like any other and is read with them.
"""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import pytest
import time_machine
from django.apps import apps
from django.db import transaction
from django.db.models import F, Model
from django.test import Client
from django.urls import NoReverseMatch, reverse

from houqin.core.audit.models import AuditEntry
from houqin.core.grants.viewers import viewer_for
from houqin.core.jobs.registry import PERIODIC
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.flows.rectify.actions.opening import Found, report_finding
from houqin.modules.inspections.actions.drawing import commit_draw, draw
from houqin.modules.inspections.actions.inspectors import register_inspector
from houqin.modules.inspections.actions.planning import Brief, name_schools, plan_campaign, start_campaign
from houqin.modules.inspections.actions.reporting import issue_report
from houqin.modules.inspections.actions.visiting import begin_visit, call_off_visit, depart
from houqin.modules.inspections.models import Campaign, Draw, Inspector, Visit, VisitInspector, VisitState
from houqin.modules.inspections.tests.kept import make_checklist
from tests.jobs import run_jobs
from tests.matrix.doors import ODD_ARGS, ODD_PAGES
from tests.matrix.test_doors import ADDRESSES, SCREENS, screen_of
from tests.world import NOON, TODAY, World, make_account, make_school

TITLE = "夜查小灶"
NOBODY = UUID(int=9)
TOLD_ANEW = [
    re.compile(pattern)
    for pattern in (
        r'name="csrfmiddlewaretoken" value="[^"]*"', r'name="_key" value="[^"]*"', r'nonce="[^"]*"', r'"X-CSRFToken": "[^"]*"',
    )
]  # fmt: skip
CLOSE = [f"inspections:{name}" for name in ("campaigns", "draws", "inspectors", "unvisited", "visits")]
"""Lists of which every view is read, as page, print and both kinds of file."""
NEAR = ("inspections:", "rectify:", "cases:", "console:")
"""Parts of which every file and form is read; elsewhere the list stands for its file: one function chooses the rows of both."""
BEYOND = 770_000_000
"""Keys that no page shows by chance."""
Asked = tuple[str, dict[str, str]]
OUTSIDERS = {
    "school": ["an", "gao", "shi", "lin", "wu", "du"],
    "beside": ["hu", "chen", "bai"],
    "town": ["bo", "dong"],
    "district": ["deng", "op", "eve"],
}
"""The target school with a parent; the school beside it, another city and the town's office; its director and the district's uninvolved
staff; the district's director, the operator and the auditor. Read a few at a time, so that tests may run beside one another."""


@dataclass
class Secret:
    """What must not be known: visits to school A (departed), B (called off) and a third (planned), drawn in one campaign."""

    world: World
    planner: Account
    campaign: Campaign
    draw: Draw
    visits: dict[str, Visit]


def staff(world: World) -> dict[str, Account]:
    """The district office: Ding plans, Dai and Dan inspect, Deng directs and Dong works there, both outside the secret."""
    roles = {
        "ding": "office_staff",
        "dai": "office_staff",
        "dan": "office_staff",
        "deng": "office_director",
        "dong": "office_staff",
    }
    return {name: make_account(name, f"区局{name}", role, world.district) for name, role in roles.items()}


@pytest.fixture
def people(world: World) -> dict[str, Account]:
    """Everybody by name, with the inspectors registered already: who inspects is no secret."""
    make_checklist()
    make_school(world.town, "柳河二小", 3)
    found = {**world.cast, **staff(world)}
    for name in ("dai", "dan"):
        register_inspector(world.district, by=viewer_for(found["ding"], now=NOON), account=found[name])
    keep_announced(world, found)
    return found


def keep_announced(world: World, people: dict[str, Account]) -> None:
    """What everybody may know: a campaign with its draw, a visit of it that has begun at school A, a finding, a report."""
    by = viewer_for(people["dong"], now=NOON)
    brief = Brief("term_opening", "春季开学检查", ["kitchen"], TODAY, TODAY + timedelta(days=4))
    campaign = start_campaign(plan_campaign(world.district, by=by, brief=brief), by=by)
    draw(commit_draw(campaign, by=by, wanted=3), by=by)
    visit = campaign.visits.select_related("org").get(org=world.school_a)
    begin_visit(visit, by=viewer_for(people["dai"], now=NOON))
    report_finding(world.school_a, by=world.viewer("bo"), found=Found("地面有积水"))
    issue_report(world.school_a, by=world.viewer("gao"), month=TODAY)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def keep_secret(world: World, people: dict[str, Account]) -> Secret:
    """Plan, start, commit and draw; one inspector sets out, one visit is called off, one still waits."""
    by = viewer_for(people["ding"], now=NOON)
    brief = Brief("unannounced", TITLE, ["kitchen"], TODAY, TODAY + timedelta(days=4))
    campaign = start_campaign(plan_campaign(world.district, by=by, brief=brief), by=by)
    drawn = draw(commit_draw(campaign, by=by, wanted=3), by=by)
    visits = {one.org.name: one for one in campaign.visits.select_related("org")}
    for one in visits.values():
        Visit.objects.filter(pk=one.pk).update(planned_on=TODAY)
    depart(visits[world.school_a.name], by=viewer_for(people["dai"], now=NOON))
    call_off_visit(visits[world.school_b.name], by=by, reason="校长已知情")
    for one in visits.values():
        one.refresh_from_db()
    take_out(people["ding"], world)
    return Secret(world, people["ding"], campaign, drawn, visits)


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def take_out(planner: Account, world: World) -> None:
    """Whoever is let in looks at it, prints it and takes it out as a file; that stands on the trail."""
    client = signed_in(planner)
    for screen in ("campaigns", "draws", "visits"):
        asked = {"under": world.district.path}
        assert client.get(reverse(f"inspections:{screen}"), asked | {"print": "1"}).status_code == 200
        for form in ("csv", "xlsx"):
            assert client.get(reverse(f"inspections:{screen}-export"), asked | {"format": form}).status_code == 200


def plain(answer: Any) -> str:
    """What was answered, without what is new at every reading; of a workbook the cells."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in sorted(book.namelist()) if not name.startswith("docProps"))
    text = content.decode("utf-8", "replace").replace(answer.headers.get("X-Request-ID", "-"), "")
    for pattern in TOLD_ANEW:
        text = pattern.sub("", text)
    return f"{answer.status_code}\n{text}"


def readable(account: Account, world: World) -> list[Asked]:
    """Every address that somebody can ask for, with what is asked of it. Files come last: that they were taken stands on the trail."""
    found = [*of_addresses(), *of_rows(account), *of_units(), *of_words(world)]
    return sorted(found, key=lambda one: one[0].endswith("/export/"))


def of_addresses() -> Iterator[Asked]:
    """Lists, files, forms and pages that need no row."""
    for address in ADDRESSES:
        name, what = screen_of(address)
        if not name and address in ODD_PAGES:
            yield reverse(address, args=ODD_ARGS.get(address)), {}
        elif what == "list" or (what == "new" and address.startswith(NEAR)):
            yield reverse(address), {}
        elif what == "export" and address.startswith(NEAR):
            yield reverse(address), {"format": "csv"}
        if address in CLOSE:
            yield reverse(address), {"print": "1"}
            yield reverse(address), {"q": TITLE}
            yield reverse(f"{address}-export"), {"format": "xlsx"}
            for view in SCREENS[name].views:
                yield reverse(address), {"view": view}


def of_rows(account: Account) -> Iterator[Asked]:
    """A row of every screen as far as the reader sees one: its page, its print, its papers, the forms of its deeds."""
    viewer = viewer_for(account, now=NOON)
    rows = {name: screen().rows_for(viewer).order_by("pk").first() for name, screen in SCREENS.items()}
    for address in ADDRESSES:
        name, what = screen_of(address)
        row = rows.get(name)
        if row is None or what in {"list", "export", "new", "labels"} or what.endswith("-many"):
            continue
        try:
            url = reverse(address, args=[SCREENS[name].ref(row)])
        except NoReverseMatch:
            continue
        if what == "detail" or address.startswith(NEAR):
            yield url, {}
        if what == "detail" and address.startswith(NEAR):
            yield url, {"print": "1"}


def of_units() -> Iterator[Asked]:
    """The page of each unit, and coverage, board, glance and report as they are of it."""
    for unit in OrgUnit.objects.filter(kind__in=["district", "town", "school"]):
        yield reverse("console:units-detail", args=[unit.public_id]), {}
        yield reverse("inspections:coverage"), {"under": unit.path}
        if unit.kind != "school":
            yield reverse("inspections:board"), {"under": unit.path}
            yield reverse("inspections:report-draft"), {"under": unit.path}


def of_words(world: World) -> Iterator[Asked]:
    """What is looked for."""
    for word in (TITLE, world.school_a.name, "区局", "inspection", "检查"):
        yield reverse("ui:search"), {"q": word}
        yield reverse("inspections:published"), {"q": word}


def reading(account: Account, asked: Iterable[Asked]) -> dict[str, str]:
    """All of it, by address. That the reader took lists out stands on the trail: it is no news to them and goes again."""
    client = signed_in(account)
    client.get("/")
    found = {f"{url} {more}": plain(client.get(url, more)) for url, more in asked}
    AuditEntry.objects.filter(actor_id=account.public_id, event="ui.list_exported").delete()
    return found


def differing(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [address for address in before if before[address] != after.get(address)]


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
