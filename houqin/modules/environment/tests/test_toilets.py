"""Toilets: places against the standard, six goals, judgements with reasons, and what is tapped at the door."""

from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from houqin.core.audit.models import AuditEntry
from houqin.core.catalogues.loading import load_catalogues
from houqin.core.people.actions.staff import RosterLine, record_roster
from houqin.core.places.actions import name_owner, record_place, take_out_of_use
from houqin.core.places.models import Place
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import system_viewer
from houqin.flows.duties.actions.doing import do_duty
from houqin.flows.duties.models import Duty
from houqin.flows.ledgers.actions.entering import record_entry
from houqin.modules.environment import limits
from houqin.modules.environment.actions.toilets import hear, judge_toilets, record_fittings
from houqin.modules.environment.models import Fittings, Judgement, Word
from houqin.modules.environment.queries.goals import SchoolScore, goals_on, scores
from houqin.modules.environment.rules import needed, points
from tests.world import NOON, TODAY, World

COUNTS = {"boys_squats": 3, "boys_urinals": 8, "girls_squats": 6, "basins": 7}


@pytest.fixture
def toilet(world: World) -> Place:
    load_catalogues(by=world.system)
    return record_place(world.school_a, by=world.system, kind="room", use="toilet", name="一楼厕所")


@pytest.fixture(autouse=True)
def _quiet() -> None:
    cache.clear()


def score(world: World, year: int = TODAY.year) -> SchoolScore:
    (found,) = scores([world.school_a], year, world.viewer("gao"))
    return found


def share(found: SchoolScore, code: str) -> tuple[int, int, Decimal | None]:
    return next(
        (one.part, one.whole, one.earned) for goal in found.goals for one in goal.scored if one.evidence.code == code
    )


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_standard_is_kept_by_what_is_needed_and_by_nothing_less(boys: int, girls: int) -> None:
    need = needed(boys, girls)
    for count, people, ratio in (
        (need.boys_squats, boys, 40), (need.boys_urinals, boys, 20), (need.girls_squats, girls, 13),
        (need.basins, boys + girls, 45),
    ):  # fmt: skip
        assert count * ratio >= people > (count - 1) * ratio or people == count == 0
        assert count == ceil(people / ratio)


@given(st.integers(1, 30), st.integers(0, 100), st.integers(0, 100))
def test_points_are_never_more_than_all(most: int, part: int, whole: int) -> None:
    earned = points(most, part, whole)
    assert (earned is None) == (whole == 0)
    if earned is not None:
        assert 0 <= earned <= most
        assert earned == most or part < whole


def test_the_catalogue_has_the_six_goals_of_the_document_and_a_hundred_points(world: World) -> None:
    goals = goals_on(TODAY)
    assert [goal.title_zh for goal in goals] == ["数量充足", "分布合理", "管理有效", "服务到位", "卫生环保", "如厕文明"]
    assert sum(one.points for goal in goals for one in goal.evidence) == 100


def test_places_are_compared_with_what_the_pupils_need(world: World, toilet: Place) -> None:
    record_fittings(toilet, by=world.viewer("gao"), **COUNTS)
    found = score(world)
    # 300 pupils, none told by sex: 150 boys and 150 girls
    assert (found.need.boys_squats, found.need.boys_urinals, found.need.girls_squats, found.need.basins) == (
        4,
        8,
        12,
        7,
    )
    assert share(found, "girls_squats") == (6, 12, Decimal("4.0"))
    assert share(found, "boys_squats") == (3, 4, Decimal("3.0"))
    assert share(found, "boys_urinals") == (8, 8, Decimal("4.0"))
    assert (found.toilets, found.uncounted) == (1, 0)
    before = AuditEntry.objects.count()
    record_fittings(toilet, by=world.viewer("gao"), **COUNTS)
    assert (Fittings.objects.count(), AuditEntry.objects.count()) == (1, before)


def test_what_nothing_is_known_of_neither_earns_nor_costs(world: World, toilet: Place) -> None:
    found = score(world)
    assert found.of + found.unknown == 100
    assert share(found, "owners") == (0, 1, Decimal("0.0"))
    assert found.of == 5
    assert found.earned == 0


def test_evidence_of_the_year_equals_a_hand_count(world: World, toilet: Place) -> None:
    named = {"line": {"id": str(toilet.public_id), "name": toilet.name}}
    fine = {"clean": True, "disinfected": True, "supplies": True, "works": True}
    for days_ago, line in (
        (0, fine),
        (1, fine | {"supplies": False, "remark": "纸已补"}),
        (4, fine | {"clean": False, "remark": "已重扫"}),
    ):
        by = world.viewer("gao", NOON - timedelta(days=days_ago))
        record_entry(world.school_a, by=by, ledger="toilet-cleaning", slot="am", values={}, lines=[named | line])
    for saying in ("good", "good", "bad", "good"):
        hear(toilet, by=world.system, saying=saying)
    judge_toilets(world.school_a, by=world.viewer("gao"), year=2024, evidence="floors", percent=80, reason="三楼缺男厕")
    found = score(world)
    assert share(found, "clean") == (2, 3, Decimal("9.3"))
    assert share(found, "supplied") == (2, 3, Decimal("4.7"))
    assert share(found, "satisfied") == (3, 4, Decimal("6.0"))
    assert share(found, "floors") == (80, 100, Decimal("8.0"))
    assert found.earned == Decimal("28.0")
    assert found.of == 5 + 14 + 7 + 8 + 10
    last_year = score(world, 2023)
    assert share(last_year, "clean") == (0, 0, None)
    assert share(last_year, "floors") == (0, 0, None)


def test_what_is_wrong_becomes_a_duty_of_who_answers_for_it_and_a_second_report_none(
    world: World, toilet: Place
) -> None:
    (owner,) = record_roster(
        world.school_a, by=world.system, lines=[RosterLine("钱阿姨", post="保洁员")], from_on=date(2024, 2, 1)
    )
    hear(toilet, by=world.system, saying="no-paper")
    hear(toilet, by=world.system, saying="no-paper")
    duty = Duty.objects.get(rule="toilet:no-paper")
    assert (duty.post, duty.about_id, duty.opens_at, duty.due_at) == (
        "cleaner",
        toilet.subject_id,
        NOON,
        NOON + timedelta(hours=2),
    )
    assert Word.objects.wrong().count() == 2
    do_duty(duty, by=world.viewer("wu", NOON + timedelta(minutes=20)))
    later = system_viewer(now=NOON + timedelta(hours=1))
    name_owner(toilet, by=world.viewer("gao"), person=owner)
    hear(toilet, by=later, saying="no-paper")
    again = Duty.objects.open().get(rule="toilet:no-paper")
    assert (again.person, again.slot) == (owner, "2")
    hear(toilet, by=later, saying="good")
    assert Duty.objects.filter(rule__startswith="toilet:").count() == 2
    assert share(score(world), "reports_in_time") == (1, 1, Decimal("8.0"))


def test_what_is_refused_changes_nothing(world: World, toilet: Place) -> None:
    gate = record_place(world.school_a, by=world.system, kind="room", use="gate", name="校门")
    gao = world.viewer("gao")
    judged: dict[str, Any] = {"year": 2024, "evidence": "floors", "percent": 80, "reason": "三楼缺男厕"}
    before = AuditEntry.objects.count()
    with pytest.raises(Refused):
        record_fittings(gate, by=gao, **COUNTS)
    with pytest.raises(PermissionDenied):
        record_fittings(toilet, by=world.viewer("wu"), **COUNTS)
    with pytest.raises(Http404):
        record_fittings(toilet, by=world.viewer("hu"), **COUNTS)
    with pytest.raises(ValidationError):
        record_fittings(toilet, by=gao, **COUNTS | {"basins": 201})
    for wrong in ({"evidence": "girls_squats"}, {"evidence": "x"}, {"year": 2025}, {"year": 2000}, {"reason": " "}):
        with pytest.raises(Refused):
            judge_toilets(world.school_a, by=gao, **judged | wrong)
    with pytest.raises(ValidationError):
        judge_toilets(world.school_a, by=gao, **judged | {"percent": 101})
    with pytest.raises(Http404):
        judge_toilets(world.school_b, by=gao, **judged)
    with pytest.raises(Refused):
        hear(toilet, by=gao, saying="smell")
    with pytest.raises(Refused):
        hear(gate, by=world.system, saying="smell")
    with pytest.raises(ValidationError):
        hear(toilet, by=world.system, saying="rubbish")
    assert not Fittings.objects.exists() | Judgement.objects.exists() | Word.objects.exists()
    assert AuditEntry.objects.count() == before


def test_judged_again_the_newest_counts_and_the_trail_keeps_both(world: World, toilet: Place) -> None:
    gao = world.viewer("gao")
    for percent in (80, 100):
        judge_toilets(world.school_a, by=gao, year=2024, evidence="floors", percent=percent, reason="已补建")
    assert Judgement.objects.get().percent == 100
    assert AuditEntry.objects.filter(event="environment.judged").count() == 2


def test_few_and_many_cost_the_same_queries(world: World, toilet: Place) -> None:
    both = [world.school_a, world.school_b]
    record_fittings(toilet, by=world.viewer("gao"), **COUNTS)
    with CaptureQueriesContext(connection) as few:
        scores(both, TODAY.year, world.viewer("bo"))
    for number in range(20):
        more = record_place(world.school_b, by=world.system, kind="room", use="toilet", name=f"厕所{number}")
        record_fittings(more, by=world.viewer("hu"), **COUNTS)
        hear(more, by=world.system, saying="good")
    with CaptureQueriesContext(connection) as many:
        assert [one.toilets for one in scores(both, TODAY.year, world.viewer("bo"))] == [1, 20]
    assert len(few) == len(many)


def test_at_the_door_nobody_signs_in_and_nothing_of_the_visitor_is_kept(world: World, toilet: Place) -> None:
    client = Client(enforce_csrf_checks=True)
    address = f"/environment/door/{toilet.label_code}/"
    page = client.get(address)
    assert page.status_code == 200
    assert toilet.name in page.content.decode()
    assert client.post(address, {"saying": "smell"}).status_code == 403  # no token
    token = client.cookies["csrftoken"].value
    for saying in ("smell", "smell", "good", "bad"):
        assert client.post(address, {"saying": saying, "csrfmiddlewaretoken": token}).status_code == 200
    assert sorted(Word.objects.values_list("saying", flat=True)) == ["good", "smell"]
    assert client.post(address, {"saying": "x", "csrfmiddlewaretoken": token}).status_code == 422
    assert {field.name for field in Word._meta.get_fields()} == {"id", "org", "place", "saying", "day", "at"}
    trail = AuditEntry.objects.filter(event="environment.told")
    assert trail.count() == 2
    assert set(trail.values_list("actor_id", flat=True)) == {None}


def test_another_telephone_is_heard_and_a_machine_is_not(
    world: World, toilet: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/environment/door/{toilet.label_code}/"
    for number in range(3):
        Client(REMOTE_ADDR=f"10.0.0.{number}").post(address, {"saying": "blocked"})
    assert Word.objects.count() == 3
    monkeypatch.setattr(limits, "MOST_AN_HOUR", 3)
    assert Client(REMOTE_ADDR="10.0.0.9").post(address, {"saying": "blocked"}).status_code == 429
    assert Word.objects.count() == 3


def test_a_door_that_is_none_is_404(world: World, toilet: Place) -> None:
    gate = record_place(world.school_a, by=world.system, kind="room", use="gate", name="校门")
    for code in (gate.label_code, "0" * 16, "x"):
        assert Client().get(f"/environment/door/{code}/").status_code == 404
    take_out_of_use(toilet, by=world.viewer("gao"), on=TODAY, reason="拆除")
    assert Client().get(f"/environment/door/{toilet.label_code}/").status_code == 404


def test_the_pages(world: World, toilet: Place, client: Client) -> None:
    def page(who: str, address: str) -> tuple[int, str]:
        client.force_login(getattr(world, who))
        answer = client.get(address)
        return answer.status_code, answer.content.decode()

    for who in ("gao", "bo"):
        status, text = page(who, "/environment/toilets/")
        assert status == 200
        assert "数量充足" in text
    assert page("gao", "/environment/toilets/?year=1999")[0] == 200
    assert page("eve", f"/environment/toilets/?under={world.school_a.public_id}")[0] == 409
    status, text = page("gao", "/environment/doors/")
    assert f"/environment/door/{toilet.label_code}/" in text
    assert page("wu", "/environment/doors/")[0] == 403
    form = page("gao", "/environment/judgements/new/")[1]
    assert "教学楼每层设男女厕所" in form
