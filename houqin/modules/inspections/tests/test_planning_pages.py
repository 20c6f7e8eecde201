"""Pages of campaigns, draws, inspectors and coverage: what they say, to whom, and what they cost."""

import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from houqin.flows.rectify.actions.opening import Found, open_finding
from houqin.flows.rectify.models import Finding
from houqin.modules.inspections import verify_draw
from houqin.modules.inspections.actions.answering import answer_items
from houqin.modules.inspections.actions.drawing import commit_draw, draw
from houqin.modules.inspections.actions.inspectors import register_inspector
from houqin.modules.inspections.actions.planning import Brief, name_schools, plan_campaign, start_campaign
from houqin.modules.inspections.actions.signing import sign_visit
from houqin.modules.inspections.actions.visiting import begin_visit
from houqin.modules.inspections.models import Campaign, Draw, Inspector, Visit
from houqin.modules.inspections.progress import Found as FoundInAll
from houqin.modules.inspections.progress import findings_of
from houqin.modules.inspections.tests.kept import given, make_checklist, signs
from tests.world import NOON, TODAY, World, make_account

BRIEF = Brief("term_opening", "春季开学检查", ["kitchen"], TODAY, TODAY + timedelta(days=11))


@pytest.fixture(autouse=True)
def _checklist(db: None) -> Iterator[None]:
    make_checklist()
    with time_machine.travel(NOON, tick=False):
        yield


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(getattr(world, name), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(client: Client, url: str, status: int = 200, **asked: str) -> str:
    answer = client.get(url, asked)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.fixture
def campaign(world: World) -> Campaign:
    bo = world.viewer("bo")
    for account in (world.bo, world.bai):
        register_inspector(world.town, by=bo, account=account)
    return start_campaign(plan_campaign(world.town, by=bo, brief=BRIEF), by=bo)


def test_a_campaign_is_planned_started_committed_and_drawn_in_the_browser(world: World, campaign: Campaign) -> None:
    client = signed_in(world, "bo")
    given = {
        "org": world.town.pk, "kind": "special", "title": "食堂专项检查", "checklists": ["kitchen"], "from_on": TODAY,
        "until_on": TODAY + timedelta(days=5), "_key": uuid4(),
    }  # fmt: skip
    assert client.post(reverse("inspections:campaigns-new"), given).status_code == 302
    row = Campaign.objects.get(title="食堂专项检查")
    assert (
        client.post(reverse("inspections:campaigns-start", args=[row.public_id]), {"_key": uuid4()}).status_code == 302
    )
    answer = client.post(reverse("inspections:campaigns-commit", args=[row.public_id]), {"wanted": 2, "_key": uuid4()})
    made = Draw.objects.get()
    assert answer["Location"] == reverse("inspections:draws-detail", args=[made.public_id])
    before = text(client, answer["Location"])
    assert made.commitment in before
    assert made.seed not in before
    assert client.post(reverse("inspections:draws-draw", args=[made.public_id]), {"_key": uuid4()}).status_code == 302
    after = text(client, answer["Location"])
    assert made.seed in after
    assert world.school_a.name in after
    told = text(client, reverse("inspections:campaigns-detail", args=[row.public_id]))
    assert Visit.objects.filter(campaign=row).count() == 2
    assert "白干事" in told


def test_what_is_refused_keeps_what_was_typed(world: World, campaign: Campaign) -> None:
    client = signed_in(world, "bo")
    given = {"org": world.town.pk, "kind": "joint", "title": "联合检查", "checklists": ["kitchen"], "from_on": TODAY,
             "until_on": TODAY, "_key": uuid4()}  # fmt: skip
    answer = client.post(reverse("inspections:campaigns-new"), given)
    assert answer.status_code == 422
    assert "联合检查" in answer.content.decode()
    assert not Campaign.objects.filter(kind="joint").exists()


def test_schools_are_ticked_with_their_inspectors(world: World, campaign: Campaign) -> None:
    client, url = signed_in(world, "bo"), reverse("inspections:campaigns-choose", args=[campaign.public_id])
    shown = text(client, url)
    assert world.school_a.name in shown
    team = [one.pk for one in Inspector.objects.all()]
    answer = client.post(url, {"schools": [world.school_a.pk], "inspectors": team, "_key": uuid4()})
    assert answer.status_code == 302
    assert Visit.objects.get().org == world.school_a


def test_candidates_tell_why_in_the_order_of_their_names(world: World, campaign: Campaign) -> None:
    shown = text(signed_in(world, "bo"), reverse("inspections:campaigns-candidates", args=[campaign.public_id]))
    assert shown.index(world.school_a.name) < shown.index(world.school_b.name)
    assert "+100" in shown
    assert "+600" in shown


def test_a_school_takes_the_record_and_verifies_it(world: World, campaign: Campaign) -> None:
    bo, client = world.viewer("bo"), signed_in(world, "gao")
    made = commit_draw(campaign, by=bo, wanted=1)
    page = reverse("inspections:published-draw", args=[made.public_id])
    record = reverse("inspections:published-record", args=[made.public_id])
    shown = text(client, page)
    assert made.commitment in shown
    assert made.seed not in shown
    text(client, record, 404)
    draw(made, by=bo)
    shown = text(client, page)
    assert made.seed in shown
    assert verify_draw.check(json.loads(text(client, record))) == []
    assert made.commitment[:16] in text(client, reverse("inspections:published"), q=made.commitment[:8])
    assert made.commitment[:16] not in text(client, reverse("inspections:published"), q="没有这个检查")
    text(signed_in(world, "chen"), page, 404)


def test_the_verifier_that_is_handed_out_runs_alone(world: World) -> None:
    answer = Client().get(reverse("inspections:verifier"))
    assert answer["Content-Disposition"] == 'attachment; filename="verify_draw.py"'
    held: dict[str, object] = {"__name__": "alone"}
    exec(compile(answer.content, "verify_draw.py", "exec"), held)
    assert callable(held["check"])
    assert "import houqin" not in answer.content.decode()


def test_an_inspector_sets_out_from_today(world: World) -> None:
    bo = world.viewer("bo")
    team = [register_inspector(world.town, by=bo, account=one) for one in (world.bo, world.bai)]
    brief = Brief("unannounced", "夜查", ["kitchen"], TODAY, TODAY + timedelta(days=1))
    row = start_campaign(plan_campaign(world.town, by=bo, brief=brief), by=bo)
    (visit,) = name_schools(row, by=bo, schools=[world.school_a], inspectors=team)
    Visit.objects.filter(pk=visit.pk).update(planned_on=TODAY)
    client = signed_in(world, "bai")
    assert reverse("inspections:assignments") in text(client, reverse("ui:home"))
    assert reverse("inspections:set-out", args=[visit.public_id]) in text(client, reverse("inspections:assignments"))
    assert client.post(reverse("inspections:set-out", args=[visit.public_id]), {"_key": uuid4()}).status_code == 302
    assert reverse("inspections:set-out", args=[visit.public_id]) not in text(
        client, reverse("inspections:assignments")
    )


def test_a_campaign_leads_to_its_findings_and_three_lists(world: World, campaign: Campaign) -> None:
    client, bo = signed_in(world, "bo"), world.viewer("bo")
    (visit,) = name_schools(campaign, by=bo, schools=[world.school_a], inspectors=list(Inspector.objects.all()))
    page = reverse("inspections:campaigns-detail", args=[campaign.public_id])
    assert reverse("rectify:problems") not in text(client, page)
    begin_visit(visit, by=bo)
    answer_items(visit, by=bo, answers=given(floor={"outcome": "failed", "remark": "积水"}))
    sign_visit(visit, by=bo, signs=signs())
    open_finding(world.school_a, by=bo, found=Found("灯不亮"), unit=world.town, ordered=True)
    found = Finding.objects.get(title="项目floor")
    assert findings_of(campaign, bo) == FoundInAll(1, 1)
    shown = text(client, page)
    for name in ("findings", "problems", "responsibilities", "fixes"):
        url = f"{reverse(f'rectify:{name}')}?campaign={campaign.public_id}"
        assert url in shown
        listed = text(client, url)
        assert found.number in listed
        assert "灯不亮" not in listed
        assert campaign.title in listed, "the chip names it"
        assert found.number in text(client, url, print="1")
    assert visit.org.name in text(client, reverse("inspections:visits"), campaign=str(campaign.public_id))


def test_a_school_is_offered_no_campaigns_to_choose_from(world: World, campaign: Campaign) -> None:
    for name in ("rectify:findings", "inspections:visits"):
        assert 'name="campaign"' not in text(signed_in(world, "gao"), reverse(name))
        assert 'name="campaign"' in text(signed_in(world, "bo"), reverse(name))


def test_coverage_opens_the_schools_behind_each_count(world: World) -> None:
    Visit.objects.create(
        org=world.school_a, office=world.town, kind="routine", state="underway", day=TODAY, began_at=NOON
    )
    client = signed_in(world, "bo")
    assert "?view=never" in text(client, reverse("inspections:coverage"))
    never = text(client, reverse("inspections:unvisited"), view="never")
    assert world.school_b.name in never
    assert f"{world.school_a.name}</" not in never


def test_lists_cost_the_same_for_three_rows_and_for_thirty(world: World, campaign: Campaign) -> None:
    client, bo = signed_in(world, "bo"), world.viewer("bo")
    draw(commit_draw(campaign, by=bo, wanted=2), by=bo)
    pages = [reverse(f"inspections:{name}") for name in ("campaigns", "inspectors", "draws", "published", "unvisited")]
    pages += [reverse("inspections:campaigns-detail", args=[campaign.public_id])]

    def cost(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    few = [(cost(url), cost(url))[1] for url in pages]
    for number in range(27):
        one = make_account(f"inspector-{number}", f"检查员{number}", "office_staff", world.town)
        register_inspector(world.town, by=bo, account=one, stays_off=[world.school_b] if number % 2 else [])
        other = start_campaign(plan_campaign(world.town, by=bo, brief=BRIEF), by=bo)
        draw(commit_draw(other, by=bo, wanted=2), by=bo)
    assert [cost(url) for url in pages] == few
