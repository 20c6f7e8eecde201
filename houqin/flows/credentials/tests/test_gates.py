"""Who lacks a paper that law asks of a post is not appointed to it; what only practice asks is passed with a reason."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.catalogues.loading import load_catalogues
from houqin.core.people.actions.staff import RosterLine, appoint, record_roster
from houqin.core.people.gates import lacking, relief
from houqin.core.people.models import Person, PostHolding
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.subjects.finding import subject_of_person
from houqin.flows.credentials.actions.recording import record_credential
from houqin.flows.credentials.actions.verifying import revoke_credential
from houqin.flows.credentials.models import Credential
from tests.world import TODAY, World


@pytest.fixture
def people(world: World) -> dict[str, Person]:
    load_catalogues(by=world.system)
    lines = [RosterLine("赵师傅"), RosterLine("钱师傅"), RosterLine("孙阿姨")]
    made = record_roster(world.school_a, by=world.system, lines=lines, from_on=date(2023, 9, 1))
    return {person.name: person for person in made}


def give(world: World, person: Person, *kinds: str, until: date = TODAY + timedelta(days=90)) -> Credential:
    for kind in kinds:
        row = record_credential(
            subject_of_person(person), by=world.viewer("an"), kind=kind, number=f"N{kind}", expires_on=until, from_paper=True
        )  # fmt: skip
    return row


def drive(world: World, person: Person, who: str = "gao", **more: str) -> PostHolding:
    return appoint(person, by=world.viewer(who), org=world.school_a, title="校车司机", from_on=TODAY, **more)


def test_without_the_qualification_nobody_drives_and_who_may_is_named(world: World, people: dict[str, Person]) -> None:
    give(world, people["钱师傅"], "school-bus-driver", "driving-licence", "conduct-check")
    with pytest.raises(Refused, match="钱师傅") as refused:
        drive(world, people["赵师傅"], because="只此一次")
    assert refused.value.field == "person"
    assert "孙阿姨" not in str(refused.value)
    assert not PostHolding.objects.exists()
    assert drive(world, people["钱师傅"]).person == people["钱师傅"]


def test_what_law_leaves_open_is_passed_with_a_reason_that_stays(world: World, people: dict[str, Person]) -> None:
    give(world, people["赵师傅"], "school-bus-driver")
    with pytest.raises(Refused) as refused:
        drive(world, people["赵师傅"])
    assert refused.value.field == "because"
    assert not PostHolding.objects.exists()
    drive(world, people["赵师傅"], because="原件在车管所，周五取回")
    trail = AuditEntry.objects.get(event="people.appointed")
    assert trail.detail["because"] == "原件在车管所，周五取回"
    assert trail.detail["lacking"] == ["driving-licence", "conduct-check"]


def test_who_may_not_appoint_and_a_second_call_change_nothing(world: World, people: dict[str, Person]) -> None:
    give(world, people["赵师傅"], "school-bus-driver", "driving-licence", "conduct-check")
    for who, refusal in (("wu", PermissionDenied), ("hu", NotVisible), ("chen", NotVisible)):
        with pytest.raises(refusal):
            drive(world, people["赵师傅"], who)
    drive(world, people["赵师傅"])
    with pytest.raises(Refused):
        drive(world, people["赵师傅"])
    assert PostHolding.objects.count() == 1


def test_an_ended_or_revoked_paper_is_none(world: World, people: dict[str, Person]) -> None:
    give(world, people["赵师傅"], "school-bus-driver", until=TODAY)
    row = give(world, people["钱师傅"], "school-bus-driver")
    persons = [person.pk for person in people.values()]

    def blocked(day: date) -> set[int]:
        found = lacking(persons, ["driver"], day)
        return {person for (person, _post), lacks in found.items() if any(one.blocks for one in lacks)}

    assert blocked(TODAY) == {people["孙阿姨"].pk}
    assert blocked(TODAY + timedelta(days=1)) == {people["孙阿姨"].pk, people["赵师傅"].pk}
    revoke_credential(row, by=world.viewer("gao"), reason="伪造")
    assert blocked(TODAY) == {people["孙阿姨"].pk, people["钱师傅"].pk}


def test_only_what_law_asks_blocks(world: World, people: dict[str, Person]) -> None:
    found = lacking([people["孙阿姨"].pk], ["driver", "guard", "dorm-manager", "equipment-manager", "cook"], TODAY)
    blocking = {post: {one.code for one in lacks if one.blocks} for (_person, post), lacks in found.items()}
    assert blocking == {
        "driver": {"school-bus-driver"}, "guard": set(), "dorm-manager": {"dormitory-training"},
        "equipment-manager": {"equipment-operator"}, "cook": {"health-certificate"},
    }  # fmt: skip
    assert all(one.by_law for lacks in found.values() for one in lacks if one.blocks)


def test_the_relief_is_who_may_those_with_everything_first(world: World, people: dict[str, Person]) -> None:
    give(world, people["赵师傅"], "school-bus-driver")
    give(world, people["钱师傅"], "school-bus-driver", "driving-licence", "conduct-check")
    assert [one.name for one in relief(world.school_a, "driver", TODAY)] == ["钱师傅", "赵师傅"]


def test_many_people_cost_as_many_queries_as_one(
    world: World, people: dict[str, Person], django_assert_num_queries
) -> None:
    one = [people["赵师傅"].pk]
    many = [person.pk for person in Person.objects.all()]
    with django_assert_num_queries(4):
        lacking(one, ["driver"], TODAY)
    with django_assert_num_queries(4):
        lacking(many, ["driver", "guard"], TODAY)
