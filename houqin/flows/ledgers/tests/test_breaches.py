"""A value out of limits waits half an hour; put right it was a slip, else it stands, once. Erasing leaves the chain whole."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from houqin.core.events.models import Event
from houqin.core.people.models import Person
from houqin.core.people.posts import post_kinds
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import system_viewer
from houqin.flows.duties.climbing import climb
from houqin.flows.duties.models import Duty, DutyState, Step
from houqin.flows.duties.registry import url_of
from houqin.flows.ledgers.actions.entering import amend_entry, record_entry
from houqin.flows.ledgers.actions.erasing import erase_person
from houqin.flows.ledgers.actions.settling import answer_breach, confirm_breach, settle_breaches
from houqin.flows.ledgers.definitions import definitions
from houqin.flows.ledgers.duties import ANSWER
from houqin.flows.ledgers.models import Breach, LedgerEntry
from houqin.flows.ledgers.reading import read
from houqin.flows.ledgers.telling import in_question
from houqin.flows.ledgers.tests import kept
from houqin.flows.ledgers.words import HIDDEN
from houqin.flows.seals.models import Seal
from houqin.flows.seals.rules import digest_of
from houqin.ui.today import gather
from tests.world import NOON, PASSWORD, TODAY, World

LATER = NOON + timedelta(minutes=31)


def warm(world: World, **more: Any) -> LedgerEntry:
    kept.declare(kept.COLD)
    given = {"values": {"temperature": 92, "clean": False, "remark": "已清洁"}} | more
    return record_entry(world.school_a, by=world.viewer("an"), ledger="cold-store", slot="am", **given)


def states() -> dict[str, str]:
    return dict(Breach.objects.order_by("key").values_list("key", "state"))


def test_a_slip_put_right_in_time_closes_and_what_is_still_wrong_stands(world: World) -> None:
    first = warm(world)
    assert states() == {"clean": "pending", "temperature": "pending"}
    right = amend_entry(
        first, by=world.viewer("an"), why="看错", values={"temperature": 29, "clean": False, "remark": "已清洁"}
    )
    assert states() == {"clean": "pending", "temperature": "corrected"}
    assert Breach.objects.get(key="temperature").settled_by == right.public_id
    assert settle_breaches(by=system_viewer(now=NOON + timedelta(minutes=29))) == 0
    assert settle_breaches(by=system_viewer(now=LATER)) == 1
    assert settle_breaches(by=system_viewer(now=LATER)) == 0
    assert states() == {"clean": "stands", "temperature": "corrected"}
    event = Event.objects.get(name="ledgers.breached")
    assert (event.payload["ledger"], event.payload["entry"]) == ("cold-store", str(first.public_id))


def test_another_value_out_of_limits_is_no_correction(world: World) -> None:
    first = warm(world)
    amend_entry(first, by=world.viewer("an"), why="看错", values={"temperature": 95, "clean": True})
    assert states() == {"clean": "corrected", "temperature": "pending"}
    settle_breaches(by=system_viewer(now=LATER))
    assert states() == {"clean": "corrected", "temperature": "stands"}


def test_what_is_put_right_too_late_stands(world: World) -> None:
    first = warm(world)
    amend_entry(first, by=world.viewer("an", LATER), why="看错", values={"temperature": 29, "clean": True})
    settle_breaches(by=system_viewer(now=LATER))
    assert set(states().values()) == {"stands"}
    assert Event.objects.filter(name="ledgers.breached").count() == 2


def test_who_is_sure_confirms_at_once(world: World) -> None:
    warm(world)
    breach = Breach.objects.get(key="temperature")
    for who, error in (("hu", NotVisible), ("bo", PermissionDenied)):
        with pytest.raises(error):
            confirm_breach(breach, by=world.viewer(who), remark="已转移")
    with pytest.raises(Refused):
        confirm_breach(breach, by=world.viewer("an"), remark=" ")
    with pytest.raises(Refused):
        settle_breaches(by=world.viewer("an"))
    assert set(states().values()) == {"pending"}
    assert confirm_breach(breach, by=world.viewer("an"), remark="已转移").state == "stands"
    with pytest.raises(Refused):
        confirm_breach(breach, by=world.viewer("an"), remark="已转移")
    assert Event.objects.filter(name="ledgers.breached").count() == 1


def test_today_asks_who_wrote_it_and_the_head_to_confirm_or_correct(world: World) -> None:
    warm(world)

    def asked(who: str) -> int:
        rows = [row for rows in gather(world.viewer(who)).values() for row in rows]
        return sum("92" in str(row.what) or "9.2" in str(row.what) for row in rows)

    assert [asked(who) for who in ("an", "gao", "shi", "hu")] == [1, 1, 0, 0]


def test_the_pages_show_what_waits_and_what_a_wish_costs(world: World, client: Client) -> None:
    warm(world)
    breach = Breach.objects.get(key="temperature")
    client.login(username="gao", password=PASSWORD)
    page = client.get(reverse("ledgers:breaches-detail", args=[breach.public_id]))
    assert "9.2 °C" in page.content.decode()
    assert client.get(reverse("ledgers:breaches")).status_code == 200
    listed = client.get(reverse("ledgers:asked")).content.decode()
    assert "冷藏冷冻温度" in listed
    ask = reverse("ledgers:ask", args=["cold-store"])
    given = {
        "why": "夏季加严", "most-temperature": "5", "columns-TOTAL_FORMS": "1", "columns-INITIAL_FORMS": "0",
        "columns-0-name": "门封", "columns-0-kind": "yes_no", "columns-0-where": "head",
    }  # fmt: skip
    assert client.get(ask).status_code == 200
    told = client.post(ask, given)
    assert (told.status_code, "0.2" in told.content.decode()) == (200, True)
    from houqin.flows.ledgers.models import Adoption

    assert not Adoption.objects.exists()
    assert client.post(ask, given | {"most-temperature": "9", "sure": "1"}).status_code in (200, 422)
    assert not Adoption.objects.exists()
    assert client.post(ask, given | {"sure": "1"}).status_code == 302
    made = Adoption.objects.get()
    assert (made.limits["temperature"][0]["max"], made.columns[0]["zh"]) == ("5", "门封")
    assert client.get(ask).status_code == 200
    end = reverse("ledgers:end-asking", args=["cold-store"])
    assert client.post(end, {"why": "秋天了"}).status_code == 302
    assert client.get(end).status_code == 404
    client.login(username="hu", password=PASSWORD)
    assert client.get(reverse("ledgers:breaches-detail", args=[breach.public_id])).status_code == 404


def test_a_person_is_erased_and_every_seal_still_fits(world: World) -> None:
    kept.declare(kept.MORNING)
    people = [Person.objects.create(org=world.school_a, name=name) for name in ("石师傅", "孔师傅")]
    lines = [{"line": {"id": str(one.public_id), "name": one.name}, "fit": True, "body": 365} for one in people]
    entry = record_entry(world.school_a, by=world.viewer("an"), ledger="morning-check", values={}, lines=lines)
    for who, error in (("an", PermissionDenied), ("hu", NotVisible)):
        with pytest.raises(error):
            erase_person(world.school_a, by=world.viewer(who), why="本人申请", name="石师傅")
    for given in ({"why": " ", "name": "石师傅"}, {"why": "本人申请"}, {"why": "本人申请", "name": "无此人"}):
        with pytest.raises(Refused):
            erase_person(world.school_a, by=world.viewer("gao"), **given)
    body = entry.body
    assert erase_person(world.school_a, by=world.viewer("gao"), why="本人申请", person_id=people[0].public_id) == 1
    entry = LedgerEntry.objects.get(public_id=entry.public_id)
    assert set(json.loads(entry.personal)) == {"by", "lines/1/line", "lines/1/fit", "lines/1/body"}
    assert entry.body == body
    assert bytes(Seal.objects.get(item_id=entry.public_id).digest) == digest_of(entry.body)
    assert Seal.objects.count() == 2
    first, second = read([entry], world.viewer("gao"))[0].lines
    assert (first.cells[0].value, second.cells[0].words) == (None, "36.5 °C")
    again = record_entry(
        world.school_a, by=replace(world.viewer("an"), captured_at=NOON), ledger="morning-check", values={}, lines=lines
    )
    assert again.public_id != entry.public_id


def test_today_repeats_nothing_personal_and_the_page_of_the_value_leads_to_the_correction(
    world: World, client: Client
) -> None:
    first = warm(world)
    client.login(username="an", password=PASSWORD)
    breach = Breach.objects.get(key="temperature")
    told = client.get(reverse("ledgers:breaches-detail", args=[breach.public_id])).content.decode()
    assert reverse("ledgers:amend", args=[first.public_id]) in told
    assert in_question(Breach(ledger="cold-store", column="症状", value=HIDDEN)).endswith("症状）")
    assert "应为" not in in_question(Breach(ledger="cold-store", column="鼠迹", value="发现"))
    settle_breaches(by=system_viewer(now=LATER))
    told = client.get(reverse("ledgers:breaches-detail", args=[breach.public_id])).content.decode()
    assert reverse("ledgers:amend", args=[first.public_id]) not in told


def test_what_stands_is_answered_by_the_post_above_and_unanswered_it_climbs(world: World) -> None:
    warm(world)
    settle_breaches(by=system_viewer(now=LATER))
    breach = Breach.objects.get(key="temperature")
    duty = Duty.objects.get(rule=ANSWER, slot=str(breach.pk))
    ledger = next(one for one in definitions(TODAY) if one.code == "cold-store")
    assert (duty.post, duty.opens_at, duty.due_at) == (
        post_kinds(TODAY)[ledger.post].superior, LATER, LATER + timedelta(hours=2)
    )  # fmt: skip
    told = climb(duty.due_at + timedelta(hours=2, minutes=1))
    assert told
    assert Step.objects.filter(kind=Step.Kind.CLIMBED, org=world.school_a).count() == 1
    done = answer_breach(breach, by=world.viewer("gao", LATER), words="已换温控器，复测正常")
    duty.refresh_from_db()
    assert (done.answer, done.answered_at, done.answered_by) == ("已换温控器，复测正常", LATER, world.gao)
    assert (duty.state, duty.done_at, duty.evidence_id) == (DutyState.DONE, LATER, breach.public_id)
    assert Duty.objects.open().filter(rule=ANSWER).count() == 1


def test_an_answer_that_is_refused_changes_nothing(world: World) -> None:
    warm(world)
    breach = Breach.objects.get(key="temperature")
    gao = world.viewer("gao", LATER)
    with pytest.raises(Refused):
        answer_breach(breach, by=gao, words="太早")
    settle_breaches(by=system_viewer(now=LATER))
    for who, error in (("hu", NotVisible), ("bo", PermissionDenied), ("an", Refused)):
        with pytest.raises(error):
            answer_breach(breach, by=world.viewer(who, LATER), words="自己答复")
    with pytest.raises(Refused):
        answer_breach(breach, by=gao, words="  ")
    breach.refresh_from_db()
    assert (breach.answer, breach.answered_at) == ("", None)
    assert Duty.objects.open().filter(rule=ANSWER).count() == 2
    answer_breach(breach, by=gao, words="已处理")
    with pytest.raises(Refused):
        answer_breach(breach, by=gao, words="再答")
    breach.refresh_from_db()
    assert breach.answer == "已处理"


def test_the_duty_leads_to_the_value(world: World, client: Client) -> None:
    warm(world)
    settle_breaches(by=system_viewer(now=LATER))
    breach = Breach.objects.get(key="temperature")
    duty = Duty.objects.get(rule=ANSWER, slot=str(breach.pk))
    for who, status in (("gao", 302), ("hu", 404)):
        client.force_login(getattr(world, who))
        answer = client.get(url_of(duty))
        assert answer.status_code == status
    client.force_login(world.gao)
    page = client.get(f"/ledgers/breaches/{breach.public_id}/")
    assert "answer-breach" in page.content.decode()
