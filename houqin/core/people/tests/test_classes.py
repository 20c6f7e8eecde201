"""Who teaches a class, and whose account it is."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.people.actions.accounts import link_person
from houqin.core.people.actions.classes import name_class_teacher
from houqin.core.people.models import Person
from houqin.core.scope.refusals import NotVisible, Refused
from tests.world import TODAY, World


@pytest.fixture
def person(world: World) -> Person:
    return Person.objects.create(org=world.school_a, name="林老师")


def test_a_class_gets_its_teacher_and_may_lose_it(world: World, person: Person) -> None:
    gao = world.viewer("gao")
    assert name_class_teacher(world.group, by=gao, teacher=person).teacher == person
    name_class_teacher(world.group, by=gao, teacher=person)
    assert AuditEntry.objects.filter(event="people.class_teacher_named").count() == 1
    assert name_class_teacher(world.group, by=gao, teacher=None).teacher is None


def test_an_account_is_linked_to_one_person(world: World, person: Person) -> None:
    gao = world.viewer("gao")
    link_person(world.lin, by=gao, person=person)
    world.lin.refresh_from_db()
    assert world.lin.person == person
    assert world.viewer("lin").person_id == person.pk
    link_person(world.lin, by=gao, person=person)
    assert AuditEntry.objects.filter(event="people.person_linked").count() == 1
    with pytest.raises(Refused, match="lin"):
        link_person(world.shi, by=gao, person=person)
    world.shi.refresh_from_db()
    assert world.shi.person is None


def test_who_has_left_or_works_elsewhere_is_refused(world: World, person: Person) -> None:
    gao: Any = world.viewer("gao")
    elsewhere = Person.objects.create(org=world.school_b, name="外校")
    gone = Person.objects.create(org=world.school_a, name="走了", left_on=TODAY)
    for teacher, error in ((elsewhere, NotVisible), (gone, Refused)):
        with pytest.raises(error):
            name_class_teacher(world.group, by=gao, teacher=teacher)
        with pytest.raises(error):
            link_person(world.lin, by=gao, person=teacher)
    world.group.refresh_from_db()
    assert world.group.teacher is None
    assert not AuditEntry.objects.exists()


def test_it_takes_the_right_to_record_staff(world: World, person: Person) -> None:
    for name, error in (("lin", PermissionDenied), ("an", PermissionDenied), ("hu", NotVisible)):
        with pytest.raises(error):
            name_class_teacher(world.group, by=world.viewer(name), teacher=person)
        with pytest.raises(error):
            link_person(world.lin, by=world.viewer(name), person=person)
    assert not AuditEntry.objects.exists()
