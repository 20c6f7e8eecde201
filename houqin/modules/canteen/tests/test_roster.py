"""Who works with food on a day follows from posts, certificates and the morning check; the person changes, not the meal."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client

from houqin.core.audit.models import AuditEntry
from houqin.core.catalogues.loading import load_catalogues
from houqin.core.people.actions.staff import RosterLine, record_roster
from houqin.core.people.models import Person, Post
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import Refused
from houqin.core.subjects.finding import subject_of_person
from houqin.flows.credentials.actions.listing import ListLine, record_list
from houqin.flows.credentials.actions.recording import record_credential
from houqin.flows.ledgers.actions import amend_entry, record_entry
from houqin.modules.canteen.actions.roster import admit_to_post, arrange_relief, call_off_relief
from houqin.modules.canteen.models import Admission, Relief
from houqin.modules.canteen.policies import PUBLISH_CERTIFICATES
from houqin.modules.canteen.queries.roster import HEALTH, MORNING_CHECK, roster_of
from houqin.modules.canteen.rules.roster import OFF, Check, Verdict, verdict
from tests.world import NOON, TODAY, World

UNTIL = {"李师傅": date(2024, 3, 2), "王师傅": date(2024, 3, 4), "赵师傅": date(2025, 1, 9), "周师傅": date(2024, 9, 1)}
POSTS = {"李师傅": "厨师", "王师傅": "切配", "赵师傅": "保管", "周师傅": "电工"}


@pytest.fixture
def kitchen(world: World) -> dict[str, Person]:
    """Three in food posts, an electrician with a certificate, a school cleaner without one."""
    load_catalogues(by=world.system)
    lines = [RosterLine(name=name, post=post) for name, post in POSTS.items()]
    people = record_roster(
        world.school_a, by=world.system, lines=[*lines, RosterLine("孙师傅", "保洁")], from_on=date(2023, 9, 1)
    )
    papers = [
        ListLine(holder=subject_of_person(person), kind=HEALTH, number=f"JK{person.pk}", expires_on=UNTIL[person.name])
        for person in people
        if person.name in UNTIL
    ]
    record_list(world.school_a, by=world.system, lines=papers)
    return {person.name: person for person in people}


def verdicts(world: World, day: date = TODAY, today: date = TODAY) -> dict[str, Verdict]:
    return {place.person.name: place.fitness.verdict for place in roster_of(world.school_a, day, today).places}


def post_of(person: Person) -> Post:
    return person.holdings.get().post


def check(world: World, **unwell: dict[str, Any]) -> Any:
    """The morning check of everybody in a food post."""
    people = Person.objects.filter(org=world.school_a, name__in=["李师傅", "王师傅", "赵师傅"])
    lines = [
        {"line": {"id": str(person.public_id), "name": person.name}, "attire": True, "result": "on_post"}
        | unwell.get(person.name, {})
        for person in people
    ]
    return record_entry(world.school_a, by=world.viewer("an"), ledger=MORNING_CHECK, values={}, lines=lines, day=TODAY)


SICK = {"symptoms": ["fever"], "result": "off_post", "remark": "回家休息"}


def test_only_food_posts_are_rostered_and_an_ended_certificate_keeps_off(
    world: World, kitchen: dict[str, Person]
) -> None:
    assert verdicts(world) == {"李师傅": Verdict.ENDED, "王师傅": Verdict.UNCHECKED, "赵师傅": Verdict.UNCHECKED}
    assert verdicts(world, date(2024, 3, 2)) == dict.fromkeys(["李师傅", "王师傅", "赵师傅"], Verdict.UNCHECKED)
    assert verdicts(world, date(2024, 3, 5)) == {"李师傅": Verdict.ENDED, "王师傅": Verdict.ENDED, "赵师傅": Verdict.ON}


def test_the_morning_check_keeps_off_who_is_unwell_and_its_correction_lets_them_work(
    world: World, kitchen: dict[str, Person]
) -> None:
    entry = check(world, 赵师傅=SICK)
    assert verdicts(world) == {"李师傅": Verdict.ENDED, "王师傅": Verdict.ON, "赵师傅": Verdict.UNWELL}
    lines = [{"line": {"id": str(kitchen["赵师傅"].public_id), "name": "赵师傅"}, "attire": True, "result": "on_post"}]
    amend_entry(entry, by=world.viewer("an"), why="点错了人", values={}, lines=lines)
    assert verdicts(world) == {"李师傅": Verdict.ENDED, "王师傅": Verdict.UNCHECKED, "赵师傅": Verdict.ON}


def test_the_relief_list_holds_who_has_a_valid_certificate_and_is_free(
    world: World, kitchen: dict[str, Person]
) -> None:
    assert [one.person.name for one in roster_of(world.school_a, TODAY, TODAY).candidates] == ["周师傅"]
    row = arrange_relief(
        world.school_a, by=world.viewer("an"), post=post_of(kitchen["李师傅"]), person=kitchen["周师傅"], day=TODAY,
        instead_of=kitchen["李师傅"],
    )  # fmt: skip
    found = roster_of(world.school_a, TODAY, TODAY)
    assert ({place.person.name for place in found.working}, found.unrelieved) == ({"王师傅", "赵师傅", "周师傅"}, [])
    assert found.candidates == []
    call_off_relief(row, by=world.viewer("an"))
    assert not Relief.objects.exists()
    assert AuditEntry.objects.filter(event="canteen.relief_ended").count() == 1


@pytest.mark.parametrize(
    ("name", "post", "days", "field"),
    [("李师傅", "切配", 0, "person"), ("孙师傅", "厨师", 0, "person"), ("周师傅", "厨师", -1, "day"), ("周师傅", "厨师", 40, "day"),
     ("周师傅", "电工", 0, "post"), ("王师傅", "切配", 0, "person"), ("王师傅", "厨师", 1, "person")],
)  # fmt: skip
def test_who_may_not_stand_in_is_refused(
    world: World, kitchen: dict[str, Person], name: str, post: str, days: int, field: str
) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(Refused) as caught:
        arrange_relief(
            world.school_a, by=world.viewer("an"), post=Post.objects.get(org=world.school_a, title=post), person=kitchen[name],
            day=TODAY + timedelta(days=days),
        )  # fmt: skip
    assert caught.value.field == field
    assert (Relief.objects.count(), AuditEntry.objects.count()) == (0, before)


def test_the_refusal_says_until_when_the_certificate_was(world: World, kitchen: dict[str, Person]) -> None:
    with pytest.raises(Refused) as caught:
        arrange_relief(
            world.school_a,
            by=world.viewer("an"),
            post=Post.objects.get(title="切配"),
            person=kitchen["李师傅"],
            day=TODAY,
        )
    assert "李师傅" in str(caught.value.message)
    assert any(words in str(caught.value.message) for words in ("3 月 2 日", "2 三月", "2 March"))


def test_the_head_admits_in_spite_of_the_check_but_never_without_a_certificate(
    world: World, kitchen: dict[str, Person]
) -> None:
    check(world, 赵师傅=SICK)
    gao = world.viewer("gao")
    for deed, error in (
        (lambda: admit_to_post(kitchen["李师傅"], by=gao, day=TODAY, reason="没有别人"), Refused),
        (lambda: admit_to_post(kitchen["王师傅"], by=gao, day=TODAY, reason="没有别人"), Refused),
        (lambda: admit_to_post(kitchen["赵师傅"], by=gao, day=TODAY, reason=" "), Refused),
        (lambda: admit_to_post(kitchen["赵师傅"], by=gao, day=TODAY + timedelta(days=1), reason="x"), Refused),
        (lambda: admit_to_post(kitchen["赵师傅"], by=world.viewer("an"), day=TODAY, reason="x"), PermissionDenied),
        (lambda: admit_to_post(kitchen["赵师傅"], by=world.viewer("hu"), day=TODAY, reason="x"), Http404),
    ):
        with pytest.raises(error):
            deed()
    assert not Admission.objects.exists()
    admit_to_post(kitchen["赵师傅"], by=gao, day=TODAY, reason="咽部复查正常")
    assert verdicts(world)["赵师傅"] == Verdict.ADMITTED
    with pytest.raises(Refused):
        admit_to_post(kitchen["赵师傅"], by=gao, day=TODAY, reason="再来")


def test_another_school_arranges_nothing_here(world: World, kitchen: dict[str, Person]) -> None:
    post, person = post_of(kitchen["李师傅"]), kitchen["周师傅"]
    with pytest.raises(Http404):
        arrange_relief(world.school_a, by=world.viewer("hu"), post=post, person=person, day=TODAY)
    with pytest.raises(Http404):
        arrange_relief(world.school_b, by=world.viewer("hu"), post=post, person=person, day=TODAY)
    with pytest.raises(PermissionDenied):
        arrange_relief(world.school_a, by=world.viewer("shi"), post=post, person=person, day=TODAY)
    assert not Relief.objects.exists()


def test_a_new_certificate_brings_the_person_back(world: World, kitchen: dict[str, Person]) -> None:
    record_credential(
        subject_of_person(kitchen["李师傅"]),
        by=world.viewer("an"),
        kind="health-check-passed",
        number="T1",
        issued_on=TODAY,
    )
    assert verdicts(world)["李师傅"] == Verdict.UNCHECKED


def test_the_page_arranges_and_refuses_in_words(
    world: World, kitchen: dict[str, Person], time_machine_noon: None
) -> None:
    client = Client()
    client.force_login(world.an)
    page = client.get("/canteen/roster/")
    assert page.status_code == 200
    assert "周师傅" in page.content.decode()
    posted = {
        "deed": "relief",
        "day": TODAY.isoformat(),
        "post": post_of(kitchen["李师傅"]).pk,
        "instead_of": kitchen["李师傅"].public_id,
    }
    wrong = client.post("/canteen/roster/", posted | {"person": kitchen["孙师傅"].public_id})
    assert wrong.status_code == 422
    assert "孙师傅" in wrong.content.decode()
    assert client.post("/canteen/roster/", posted | {"person": kitchen["周师傅"].public_id}).status_code == 302
    assert Relief.objects.get().person == kitchen["周师傅"]
    assert client.get("/canteen/roster/?print=1").status_code == 200
    assert client.get("/canteen/roster/?day=bad").status_code == 200


def test_certificates_are_public_only_where_the_school_says_so(
    world: World, kitchen: dict[str, Person], time_machine_noon: None
) -> None:
    url = f"/canteen/card/{world.school_a.public_id}/staff/"
    assert Client().get(url).status_code == 404
    set_policy(world.school_a, by=world.viewer("gao"), code=PUBLISH_CERTIFICATES, value=True, reason="家长要求公示")
    shown = Client().get(url).content.decode()
    assert "王**" in shown
    assert "王师傅" not in shown
    assert "李" not in shown.split("<table")[1]


@pytest.fixture
def time_machine_noon(monkeypatch: pytest.MonkeyPatch) -> Any:
    import time_machine

    with time_machine.travel(NOON, tick=False):
        yield


def test_every_combination_comes_to_one_verdict() -> None:
    for valid in (True, False):
        for had in (True, False):
            for one in Check:
                for admitted in (True, False):
                    found = verdict(is_valid=valid, has_had=had, check=one, admitted=admitted)
                    assert (found in OFF) == (not valid or (one == Check.FAILED and not admitted))


def test_the_queries_do_not_grow_with_the_people(
    world: World, kitchen: dict[str, Person], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(14):
        roster_of(world.school_a, TODAY, TODAY)
    lines = [RosterLine(name=f"{n}号", post="厨师") for n in range(30)]
    record_roster(world.school_a, by=world.system, lines=lines, from_on=date(2023, 9, 1))
    with django_assert_max_num_queries(14):
        assert len(roster_of(world.school_a, TODAY, TODAY).places) == 33
