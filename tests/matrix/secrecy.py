"""A visit that is a secret, and everything that somebody can read."""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID
from zipfile import ZipFile

from django.test import Client
from django.urls import NoReverseMatch, reverse

from houqin.core.audit.models import AuditEntry
from houqin.core.grants.viewers import viewer_for
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.flows.rectify.actions.opening import Found, report_finding
from houqin.modules.inspections.actions.drawing import commit_draw, draw
from houqin.modules.inspections.actions.planning import Brief, plan_campaign, start_campaign
from houqin.modules.inspections.actions.reporting import issue_report
from houqin.modules.inspections.actions.visiting import begin_visit, call_off_visit, depart
from houqin.modules.inspections.models import Campaign, Draw, Visit
from tests.matrix.doors import ODD_ARGS, ODD_PAGES
from tests.matrix.furnished import ADDRESSES, SCREENS, screen_of
from tests.world import NOON, TODAY, World, make_account

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
EVERYBODYS = (*(f"/{name.rstrip(':')}/" for name in NEAR), "/insight/", "/notices/", "/search/")
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
THOROUGH = {"gao", "du", "bo", "eve"}
"""One of each kind reads the parts that never heard of an inspection, too; their colleagues read what is near, and what everybody opens."""


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
    if account.username not in THOROUGH:
        found = [one for one in found if one[0] == "/" or one[0].startswith(EVERYBODYS)]
    return sorted(found, key=lambda one: one[0].endswith(("/export/", "/copy/")))


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


TAKEN_OUT = ("ui.list_exported", "people.copied")


def reading(account: Account, asked: Iterable[Asked]) -> dict[str, str]:
    """All of it, by address. That the reader took files out stands on the trail: it is no news to them and goes again."""
    client = signed_in(account)
    client.get("/")
    found = {f"{url} {more}": plain(client.get(url, more)) for url, more in asked}
    AuditEntry.objects.filter(actor_id=account.public_id, event__in=TAKEN_OUT).delete()
    return found


def differing(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [address for address in before if before[address] != after.get(address)]
